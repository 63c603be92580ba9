//! A ledger of ten thousand transactions, held against books that are kept another way: in whole numbers, and lot by lot with
//! the stretch of all units ever bought that each lot and each sale covers, where the ledger keeps queues of decimals.

use e2e::{Ballast, Tenant};
use jiff::{ToSpan, civil::date};
use serde_json::{Value, json};

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
                let (new, old) = if chance.below(2) == 0 { (2, 1) } else { (3, 2) };
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
        let mut csv = "kind,date,symbol,quantity,price,amount,fee,ratio\n".to_owned();
        csv.extend(rows.iter().map(|row| row.csv.as_str()));
        let path = format!("{portfolio}/transactions");
        let loaded = tenant.request("POST", &path).body("text/csv", csv).await.data(201);
        assert_eq!(loaded["recorded"], rows.len());
    }
    portfolio
}

fn check(books: &Value, rows: &[Row]) {
    let mut held = 0_usize;
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
}

fn adds_up(books: &Value) {
    let cents = |name: &str| units(&books[name], 100);
    assert_eq!(
        cents("cash") + cents("cost"),
        cents("deposits") - cents("withdrawals") + cents("dividends") - cents("fees") + cents("realised")
    );
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
    for portfolio in [&at_once, &by_parts] {
        let books = tenant.get(&format!("{portfolio}/positions")).await.data(200);
        check(&books, &in_order);
        adds_up(&books);
        adds_up(&tenant.get(&format!("{portfolio}/positions?cost_method=average")).await.data(200));
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
