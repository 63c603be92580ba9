//! A ledger of ten thousand transactions, held against books that are kept another way: in whole numbers, and lot by lot with
//! the stretch of all units ever bought that each lot and each sale covers, where the ledger keeps queues of decimals.

use e2e::{Ballast, Tenant};
use jiff::{ToSpan, civil::date};
use serde_json::{Value, json};

const COLUMNS: &str = "kind,date,symbol,quantity,price,amount,fee,ratio";
const SYMBOLS: usize = 20;
const ENTRIES: usize = 10_000;
/// Units of quantities: eight decimals.
const ONE: i128 = 100_000_000;

#[derive(Clone)]
struct Row {
    day: i32,
    csv: String,
    effect: Effect,
}

#[derive(Clone, Copy)]
enum Effect {
    /// Symbol, quantity in units, cost in cents.
    Buy(usize, i128, i128),
    /// Symbol, quantity in units, proceeds in cents.
    Sell(usize, i128, i128),
    /// Symbol, new, old.
    Split(usize, i128, i128),
    /// Cents in or out.
    Cash(i128),
}

/// Numbers that look like chance, and are the same each time (Knuth's MMIX generator).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> i128 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i128::from((self.0 >> 33) % bound)
    }
}

fn decimal(units: i128, one: i128) -> String {
    let digits = one.ilog10() as usize;
    format!("{}{}.{:0digits$}", if units < 0 { "-" } else { "" }, units.abs() / one, units.abs() % one)
}

/// `a / b` to the nearest number, halves upwards.
fn rounded(a: i128, b: i128) -> i128 {
    (2 * a + b) / (2 * b)
}

/// A symbol trades once a day at most, so that days tell the order however the rows are mixed.
fn generate() -> Vec<Row> {
    let mut chance = Chance(42);
    let (mut held, mut splits) = ([0_i128; SYMBOLS], [0; SYMBOLS]);
    let mut rows = Vec::with_capacity(ENTRIES);
    for place in 0..ENTRIES {
        let (symbol, round) = (place % SYMBOLS, i32::try_from(place / SYMBOLS).unwrap());
        let day = round * 3 + chance.below(3) as i32;
        let on = date(2000, 1, 3) + day.days();
        let price = 1_000 + chance.below(50_000);
        let fee = chance.below(500);
        let mut row = |effect, text: String| rows.push(Row { day, csv: format!("{text}\n"), effect });
        let traded = |kind: &str, quantity: i128| {
            let (quantity, price) = (decimal(quantity, ONE), decimal(price, 1_000));
            format!("{kind},{on},S{symbol},{quantity},{price},,{},", decimal(fee, 100))
        };
        let amount = |quantity: i128| rounded(quantity * price, ONE * 10);
        match chance.below(100) {
            0..4 => {
                let cents = 1 + chance.below(1_000_000);
                row(Effect::Cash(cents), format!("deposit,{on},,,,{},,", decimal(cents, 100)));
            }
            4..6 => {
                let cents = 1 + chance.below(1_000);
                row(Effect::Cash(-cents), format!("withdrawal,{on},,,,{},,", decimal(cents, 100)));
            }
            6..10 => {
                let cents = 1 + chance.below(10_000);
                row(Effect::Cash(cents), format!("dividend,{on},S{symbol},,,{},,", decimal(cents, 100)));
            }
            10..12 => {
                let cents = 1 + chance.below(1_000);
                row(Effect::Cash(-cents), format!("fee,{on},,,,{},,", decimal(cents, 100)));
            }
            12..14 if splits[symbol] < 4 => {
                let (new, old) = [(2, 1), (3, 2), (1, 2)][chance.below(3) as usize];
                (held[symbol], splits[symbol]) = (held[symbol] * new / old, splits[symbol] + 1);
                row(Effect::Split(symbol, new, old), format!("split,{on},S{symbol},,,,,{new}:{old}"));
            }
            14..50 if held[symbol] > 2 * ONE => {
                // Now and then all of it; else to the ten thousandth of a share, so that splits stay exact.
                let quantity = match chance.below(10) {
                    0 => held[symbol],
                    _ => (10_000 + chance.below((held[symbol] / 10_000) as u64 - 10_000)) * 10_000,
                };
                held[symbol] -= quantity;
                row(Effect::Sell(symbol, quantity, amount(quantity) - fee), traded("sell", quantity));
            }
            _ => {
                let quantity = (10_000 + chance.below(3_000_000)) * 10_000;
                held[symbol] += quantity;
                row(Effect::Buy(symbol, quantity, amount(quantity) + fee), traded("buy", quantity));
            }
        }
    }
    rows
}

impl Row {
    fn cells(&self) -> Vec<&str> {
        self.csv.trim_end().split(',').collect()
    }

    /// The same as JSON.
    fn json(&self) -> Value {
        let names = COLUMNS.split(',').zip(self.cells()).filter(|(_, cell)| !cell.is_empty());
        names.map(|(name, cell)| (name.to_owned(), json!(cell))).collect::<serde_json::Map<_, _>>().into()
    }

    /// The same with other digits in a column.
    fn mistaken(&self, column: usize) -> Self {
        let mut cells = self.cells();
        let wrong = format!("1{}", cells[column]);
        cells[column] = &wrong;
        Self { csv: format!("{}\n", cells.join(",")), ..*self }
    }
}

/// What the other books say of a symbol: quantity, cost and realised gain.
#[derive(Debug, Default, PartialEq)]
struct Books {
    quantity: i128,
    cost: i128,
    realised: i128,
}

/// First in, first out without a queue. All units are told as they are after the last split; a lot covers the stretch of units
/// that were bought, a sale the stretch of units that were sold, and what they share is what the sale takes of the lot.
fn independent(rows: &[Row], symbol: usize) -> Books {
    // Factors from here to the end, as a fraction.
    let (mut new, mut old) = (1, 1);
    let mut adjusted = Vec::new();
    for row in rows.iter().rev() {
        match row.effect {
            Effect::Buy(of, quantity, money) if of == symbol => {
                adjusted.push((true, quantity * new / old, money));
            }
            Effect::Sell(of, quantity, money) if of == symbol => {
                adjusted.push((false, quantity * new / old, money));
            }
            Effect::Split(of, n, o) if of == symbol => (new, old) = (new * n, old * o),
            _ => {}
        }
    }
    adjusted.reverse();
    let stretches = |bought: bool| {
        let of_side = adjusted.iter().filter(|(side, ..)| *side == bought);
        of_side
            .scan(0, |end, (_, quantity, money)| {
                let start = *end;
                *end += quantity;
                Some((start, *end, *money))
            })
            .collect::<Vec<_>>()
    };
    let (lots, sales) = (stretches(true), stretches(false));
    let mut books = Books { realised: sales.iter().map(|(.., proceeds)| proceeds).sum(), ..Books::default() };
    for (start, end, cost) in lots {
        let (mut left, mut cost_left) = (end - start, cost);
        for (from, to, _) in &sales {
            let taken = (end.min(*to) - start.max(*from)).max(0);
            if taken > 0 {
                let part = rounded(cost_left * taken, left);
                (left, cost_left) = (left - taken, cost_left - part);
                books.realised -= part;
            }
        }
        books.quantity += left;
        books.cost += cost_left;
    }
    books
}

/// At the average cost, by running sums of whole units and cents.
fn at_average(rows: &[Row], symbol: usize) -> Books {
    let mut books = Books::default();
    for row in rows {
        match row.effect {
            Effect::Buy(of, quantity, cost) if of == symbol => {
                (books.quantity, books.cost) = (books.quantity + quantity, books.cost + cost);
            }
            Effect::Sell(of, quantity, proceeds) if of == symbol => {
                let part = rounded(books.cost * quantity, books.quantity);
                (books.quantity, books.cost) = (books.quantity - quantity, books.cost - part);
                books.realised += proceeds - part;
            }
            Effect::Split(of, new, old) if of == symbol => books.quantity = books.quantity * new / old,
            _ => {}
        }
    }
    books
}

fn units(value: &Value, one: i128) -> i128 {
    let text = value.as_str().unwrap();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let places = one.ilog10() as usize;
    sign * (whole.parse::<i128>().unwrap() * one + format!("{fraction:0<places$}").parse::<i128>().unwrap())
}

async fn record<'a>(tenant: &Tenant, loads: impl Iterator<Item = &'a [Row]>) -> String {
    let body = json!({"name": "Ten thousand", "base_currency": "USD", "holdings": []});
    let portfolio = tenant.post("/api/v1/portfolios", &body).await.expect(201).header("location").to_owned();
    for rows in loads {
        let mut csv = format!("{COLUMNS}\n");
        csv.extend(rows.iter().map(|row| row.csv.as_str()));
        let path = format!("{portfolio}/transactions");
        let loaded = tenant.request("POST", &path).body("text/csv", csv).await.data(201);
        assert_eq!(loaded["recorded"], rows.len());
    }
    portfolio
}

/// The last close of a symbol, in cents.
fn close(symbol: usize) -> i128 {
    1_000 + 777 * symbol as i128
}

fn check(books: &Value, rows: &[Row], independent: fn(&[Row], usize) -> Books) {
    let (mut held, mut cost, mut market_value) = (0_usize, 0, 0);
    for symbol in 0..SYMBOLS {
        let name = format!("S{symbol}");
        let position = books["positions"]
            .as_array()
            .unwrap()
            .iter()
            .find(|position| position["symbol"] == name)
            .unwrap();
        let found = Books {
            quantity: units(&position["quantity"], ONE),
            cost: units(&position["cost"], 100),
            realised: units(&position["realised"], 100),
        };
        assert_eq!(found, independent(rows, symbol), "{name}");
        let worth = rounded(found.quantity * close(symbol), ONE);
        if found.quantity > 0 {
            assert_eq!(units(&position["market_value"], 100), worth, "{name}");
            assert_eq!(units(&position["unrealised"], 100), worth - found.cost, "{name}");
        }
        (cost, market_value) = (cost + found.cost, market_value + worth);
        held += usize::from(found.quantity > 0);
    }
    assert!(held > SYMBOLS / 2);
    let cash: i128 = rows
        .iter()
        .map(|row| match row.effect {
            Effect::Buy(_, _, cost) => -cost,
            Effect::Sell(_, _, proceeds) => proceeds,
            Effect::Cash(cents) => cents,
            Effect::Split(..) => 0,
        })
        .sum();
    assert_eq!(units(&books["cash"], 100), cash);
    assert_eq!(units(&books["market_value"], 100), market_value);
    assert_eq!(units(&books["unrealised"], 100), market_value - cost);
}

fn adds_up(books: &Value) {
    let cents = |name: &str| units(&books[name], 100);
    assert_eq!(
        cents("cash") + cents("cost"),
        cents("deposits") - cents("withdrawals") + cents("dividends") - cents("fees") + cents("realised")
    );
}

/// Records trades, splits and deposits of the first month wrongly, as larger than they were, and corrects them: every other one
/// wrongly at first, so that the correction is corrected.
async fn record_and_correct(tenant: &Tenant, rows: &[Row]) -> String {
    let month = rows.iter().take_while(|row| row.cells()[1] < "2000-02-01").count();
    let (mut mistaken, mut wrong) = (rows.to_vec(), Vec::new());
    for (place, row) in rows.iter().enumerate().take(month) {
        let column = match row.effect {
            Effect::Buy(..) if place % 3 == 0 => 3,
            Effect::Sell(..) if place % 3 == 0 => 4,
            Effect::Split(..) => 7,
            Effect::Cash(_) if row.csv.starts_with("deposit") => 5,
            _ => continue,
        };
        mistaken[place] = row.mistaken(column);
        wrong.push((place, column));
    }
    let count = |column| wrong.iter().filter(|(_, of)| *of == column).count();
    assert!([3, 4, 5, 7].map(count).into_iter().all(|count| count > 0) && wrong.len() > 40);
    let portfolio = record(tenant, mistaken.chunks(ENTRIES / 2)).await;
    let list = format!("{portfolio}/transactions?to=2000-01-31&limit=200");
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    while ids.len() < month {
        let page = tenant.get(&format!("{list}{cursor}")).await.expect(200).json();
        ids.extend(
            page["data"].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap().to_owned()),
        );
        cursor = page["next_cursor"].as_str().map(|next| format!("&cursor={next}")).unwrap_or_default();
    }
    // The newest come first.
    ids.reverse();
    for (turn, (place, column)) in wrong.into_iter().enumerate() {
        let (mut id, first) = (json!(ids[place]), mistaken[place].mistaken(column));
        let corrections = [&first, &rows[place]];
        for row in &corrections[turn % 2..] {
            let path = format!("{portfolio}/transactions/{}/corrections", id.as_str().unwrap());
            let corrected = tenant.post(&path, &json!({"replacement": row.json()})).await.data(201);
            id = corrected["replacement"]["id"].clone();
        }
    }
    portfolio
}

#[tokio::test]
async fn ten_thousand_transactions_give_what_other_books_say() {
    let tenant = Ballast::start().await.tenant().await;
    let rows = generate();
    let mut in_order = rows.clone();
    in_order.sort_by_key(|row| row.day);
    let mut mixed = rows.clone();
    let mut chance = Chance(7);
    (1..mixed.len()).rev().for_each(|place| mixed.swap(place, chance.below(place as u64 + 1) as usize));

    // All at once in any order, and a quarter at a time by date.
    let at_once = record(&tenant, std::iter::once(mixed.as_slice())).await;
    let by_parts = record(&tenant, in_order.chunks(ENTRIES / 4)).await;
    let corrected = record_and_correct(&tenant, &in_order).await;
    let row = |cell: fn(usize) -> String| (0..SYMBOLS).map(cell).collect::<Vec<_>>().join(",");
    let (symbols, closes) = (row(|symbol| format!("S{symbol}")), row(|symbol| decimal(close(symbol), 100)));
    let closes = format!("date,{symbols}\n2024-01-02,{closes}\n");
    tenant.request("POST", "/api/v1/prices").body("text/csv", closes).await.expect(200);
    for portfolio in [&at_once, &by_parts, &corrected] {
        let books = tenant.get(&format!("{portfolio}/positions")).await.data(200);
        check(&books, &in_order, independent);
        adds_up(&books);
        let books = tenant.get(&format!("{portfolio}/positions?cost_method=average")).await.data(200);
        check(&books, &in_order, at_average);
        adds_up(&books);
        let holdings = tenant.get(portfolio).await.data(200)["holdings"].take();
        for holding in holdings.as_array().unwrap() {
            let symbol = holding["symbol"].as_str().unwrap()[1..].parse().unwrap();
            assert_eq!(units(&holding["quantity"], ONE), independent(&in_order, symbol).quantity);
        }
    }

    // One more, today and long ago, and a page from the middle.
    let path = format!("{at_once}/transactions");
    for day in ["2024-06-03", "2000-01-01"] {
        let buy = json!({"kind": "buy", "date": day, "symbol": "LATE", "quantity": "1", "price": "1"});
        tenant.post(&path, &buy).await.expect(201);
    }
    let page = tenant.get(&format!("{path}?limit=200")).await.expect(200).json();
    assert_eq!(page["data"][1]["date"], "2024-06-03");
    let books = tenant.get(&format!("{at_once}/positions")).await.data(200);
    assert_eq!(books["positions"][0]["quantity"], "2");
}
