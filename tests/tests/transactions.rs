//! Transactions: recorded once and for good, together or not at all, and never more sold than is held.

use std::fmt::Write;

use e2e::{Ballast, InProcess, MONTE_CARLO, Options, Tenant, data, requests};
use futures::future::join_all;
use jiff::{civil::Date, tz::TimeZone};
use serde_json::{Value, json};

const PORTFOLIOS: &str = "/api/v1/portfolios";

/// A portfolio without holdings; the path of it.
async fn empty(tenant: &Tenant) -> String {
    let body = json!({"name": "By transactions", "base_currency": "USD", "holdings": []});
    tenant.post(PORTFOLIOS, &body).await.expect(201).header("location").to_owned()
}

fn trade(kind: &str, date: &str, quantity: &str, price: &str) -> Value {
    json!({"kind": kind, "date": date, "symbol": "AAPL", "quantity": quantity, "price": price})
}

async fn load(tenant: &Tenant, portfolio: &str, csv: &str) -> e2e::Answer {
    tenant.request("POST", &format!("{portfolio}/transactions")).body("text/csv", csv.to_owned()).await
}

/// Each transaction of the list, by pages of `limit`, the newest first.
async fn all(tenant: &Tenant, portfolio: &str, limit: usize, query: &str) -> Vec<Value> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("{portfolio}/transactions?limit={limit}{query}{cursor}");
        let page = tenant.get(&path).await.expect(200).json();
        found.extend(page["data"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

#[tokio::test]
async fn a_transaction_is_read_back_and_makes_the_holdings() {
    let tenant = Ballast::start().await.tenant().await;
    let portfolio = empty(&tenant).await;
    let path = format!("{portfolio}/transactions");
    let buy = json!({
        "kind": "buy", "date": "2024-01-02", "symbol": "aapl", "quantity": "3", "price": "33.335", "fee": 1,
        "currency": "USD", "reference": " broker-1 ", "note": "=HYPERLINK(\"http://x\")"
    });
    let created = tenant.post(&path, &buy).await.expect(201);
    let location = created.header("location").to_owned();
    let created = created.data(201);
    assert_eq!(location, format!("{path}/{}", created["id"].as_str().unwrap()));
    assert_eq!((&created["symbol"], &created["amount"]), (&json!("AAPL"), &json!("100.01")));
    assert_eq!((&created["fee"], &created["reference"]), (&json!("1.00"), &json!("broker-1")));
    assert_eq!(created["note"], "=HYPERLINK(\"http://x\")", "stored as given");
    assert_eq!(tenant.get(&location).await.data(200), created);
    let kept = tenant.get(&portfolio).await.data(200);
    assert_eq!(kept["kept_by"], "transactions");
    assert_eq!(kept["holdings"], json!([{"symbol": "AAPL", "quantity": "3"}]));
    assert_eq!(
        tenant.post(&path, &buy).await.data(200),
        created,
        "the same reference is the same transaction"
    );
    let other = requests::with(buy, "/quantity", json!("4"));
    assert_eq!(tenant.post(&path, &other).await.problem(422).pointers(), ["/reference"]);
}

#[tokio::test]
async fn the_books_follow_to_the_cent() {
    let tenant = Ballast::start().await.tenant().await;
    let portfolio = empty(&tenant).await;
    let csv = "kind,date,symbol,quantity,price,amount,fee,ratio,note\n\
        deposit,2024-01-01,,,,1000.00,,,\n\
        buy,2024-01-02,AAPL,10,50,,1.00,,\n\
        buy,2024-01-03,AAPL,5,60,,,,\n\
        split,2024-01-04,AAPL,,,,,2:1,\n\
        sell,2024-01-05,AAPL,21,33.3333,,2.00,,\"a, b\"\n\
        dividend,2024-01-06,AAPL,,,4.50,,,\n\
        fee,2024-01-07,,,,10,,,\n\
        withdrawal,2024-01-08,,,,100,,,\n";
    let loaded = load(&tenant, &portfolio, csv).await.data(201);
    assert_eq!((&loaded["recorded"], &loaded["repeated"]), (&json!(8), &json!(0)));
    let prices = "date,close\n2024-01-04,35\n2024-01-09,40.005\n";
    tenant.request("PUT", "/api/v1/prices/AAPL").body("text/csv", prices).await.expect(201);

    let books = tenant.get(&format!("{portfolio}/positions")).await.data(200);
    let position = &books["positions"][0];
    assert_eq!(books["cash"], "791.50", "{books}");
    assert_eq!((&books["realised"], &position["quantity"]), (&json!("167.00"), &json!("9")));
    assert_eq!((&position["cost"], &position["average_cost"]), (&json!("270.00"), &json!("30")));
    assert_eq!((&position["market_value"], &position["unrealised"]), (&json!("360.05"), &json!("90.05")));
    let average = tenant.get(&format!("{portfolio}/positions?cost_method=average")).await.data(200);
    assert_eq!((&average["realised"], &average["cost"]), (&json!("137.30"), &json!("240.30")));
    let earlier = tenant.get(&format!("{portfolio}/positions?as_of=2024-01-04")).await.data(200);
    assert_eq!((&earlier["cash"], &earlier["positions"][0]["quantity"]), (&json!("199.00"), &json!("30")));
    assert_eq!(earlier["market_value"], "1050.00");
    tenant.get(&format!("{portfolio}/positions?cost_method=lifo")).await.problem(400);

    let performance = tenant.get(&format!("{portfolio}/performance?to=2024-01-09")).await.data(200);
    // 1000 put in, 791.50 + 100 + 9 × 33.3333 before the withdrawal, as they were sold last, 791.50 + 9 × 40.005 at the end.
    let left = 9.0 * 33.3333;
    let (before, after, end) = (791.5 + 100.0 + left, 791.5 + left, 791.5 + 360.045);
    let wanted = before / 1000.0 * end / after - 1.0;
    let found = performance["time_weighted"]["cumulative"].as_f64().unwrap();
    assert!((found - wanted).abs() < 1e-12, "{found} {wanted}");
    assert_eq!(performance["money_weighted"]["outcome"], "unique");
    assert_eq!(
        (performance["deposited"].as_f64(), performance["withdrawn"].as_f64()),
        (Some(1000.0), Some(100.0))
    );
    let values = performance["values"].as_array().unwrap();
    let last = values[8]["value"].as_f64().unwrap();
    assert!(values.len() == 9 && (last - end).abs() < 1e-9, "{last} {end}");
    tenant.get(&format!("{portfolio}/performance?from=2024-02-01&to=2024-01-01")).await.problem(422);
}

#[tokio::test]
async fn risk_is_computed_from_what_the_transactions_hold() {
    let tenant = Ballast::start().await.tenant().await;
    tenant.request("POST", "/api/v1/prices").body("text/csv", data::prices_csv()).await.expect(200);
    let portfolio = empty(&tenant).await;
    tenant
        .post(&format!("{portfolio}/transactions"), &trade("buy", "2022-01-03", "100", "182.01"))
        .await
        .expect(201);
    let id = portfolio.rsplit('/').next().unwrap();
    let body = json!({"portfolio_id": id, "num_simulations": 1000, "time_horizon": 5, "seed": 1});
    assert_eq!(tenant.compute(MONTE_CARLO, &body).await["provenance"]["assets"], json!(["AAPL"]));
}

#[tokio::test]
async fn bad_transactions_are_named_and_nothing_is_recorded() {
    let tenant = Ballast::start().await.tenant().await;
    let portfolio = empty(&tenant).await;
    let path = format!("{portfolio}/transactions");
    tenant.post(&path, &trade("buy", "2024-01-02", "10", "1")).await.expect(201);
    let good = trade("buy", "2024-01-02", "1", "1");
    let with = |pointer: &str, value: Value| requests::with(good.clone(), pointer, value);
    let day_after_tomorrow = jiff::Zoned::now().date().saturating_add(jiff::ToSpan::days(2)).to_string();
    let cases = [
        (with("/kind", json!("short")), "/kind"),
        (with("/kind", json!("reversal")), "/kind"),
        (with("/date", json!(day_after_tomorrow)), "/date"),
        (with("/date", json!("2024-02-30")), "/date"),
        (with("/date", json!("1815-12-10")), "/date"),
        (with("/symbol", json!("AAPL US")), "/symbol"),
        (with("/symbol", json!("=cmd|' /C calc'!A0")), "/symbol"),
        (with("/symbol", json!("../../x")), "/symbol"),
        (with("/symbol", json!("A\u{202e}B")), "/symbol"),
        (with("/quantity", json!("0")), "/quantity"),
        (with("/quantity", json!("-1")), "/quantity"),
        (with("/quantity", json!("0.000000001")), "/quantity"),
        (with("/quantity", json!("1000000000000")), "/quantity"),
        (with("/quantity", json!("NaN")), "/quantity"),
        (with("/price", json!("1e400")), "/price"),
        (with("/price", json!(0)), "/price"),
        (with("/fee", json!("0.001")), "/fee"),
        (with("/currency", json!("EUR")), "/currency"),
        (with("/reference", json!("")), "/reference"),
        (with("/note", json!("x".repeat(501))), "/note"),
        (with("/amount", json!("1")), "/amount"),
        (with("/colour", json!("red")), "/colour"),
        (json!({"kind": "deposit", "date": "2024-01-02", "amount": "0.005"}), "/amount"),
        (json!({"kind": "split", "date": "2024-01-02", "symbol": "AAPL", "ratio": "1:1"}), "/ratio"),
        (trade("sell", "2024-01-02", "12", "1"), "/quantity"),
        (trade("sell", "2024-01-01", "1", "1"), "/quantity"),
    ];
    for (body, pointer) in &cases {
        assert_eq!(tenant.post(&path, body).await.problem(422).pointers(), [*pointer], "{body}");
        let second = json!([good, body]);
        assert_eq!(
            tenant.post(&path, &second).await.problem(422).pointers(),
            [format!("/1{pointer}")],
            "{body}"
        );
    }
    tenant.post(&path, &json!([])).await.problem(422);
    tenant.post(&path, &json!("x")).await.problem(422);
    for (csv, pointer, detail) in [
        ("kind,date\nbuy,2024-01-02\n", "/rows/0/symbol", "line 2: is needed"),
        (
            "kind,date,amount\ndeposit,2024-01-02,1\n\ndeposit,2024-01-02,-1\n",
            "/rows/1/amount",
            "line 4: must be above",
        ),
        (
            "kind,date,symbol,quantity,price\nsell,2024-01-02,AAPL,11,1\n",
            "/rows/0/quantity",
            "line 2: sells 11 AAPL",
        ),
        ("kind,date\n", "/rows", "at least one"),
        ("kind\n", "/header", "must have kind and date"),
    ] {
        let problem = load(&tenant, &portfolio, csv).await.problem(422);
        assert!(
            problem.about(pointer).contains(detail),
            "{csv}: {:?} {}",
            problem.pointers(),
            problem.detail()
        );
    }
    assert_eq!(all(&tenant, &portfolio, 50, "").await.len(), 1, "nothing was recorded");
}

#[tokio::test]
async fn a_late_entry_counts_from_its_own_day_and_leaves_enough_for_later_ones() {
    let tenant = Ballast::start().await.tenant().await;
    let portfolio = empty(&tenant).await;
    let path = format!("{portfolio}/transactions");
    let rows = json!([trade("buy", "2024-01-02", "10", "10"), trade("sell", "2024-03-01", "10", "15")]);
    tenant.post(&path, &rows).await.expect(201);
    let problem = tenant.post(&path, &trade("sell", "2024-02-01", "1", "12")).await.problem(422);
    assert!(
        problem.detail().contains("sells 10 AAPL, but only 9 are held on 2024-03-01"),
        "{}",
        problem.detail()
    );
    tenant.post(&path, &trade("buy", "2024-01-31", "1", "11")).await.expect(201);
    tenant.post(&path, &trade("sell", "2024-02-01", "1", "12")).await.expect(201);
    let books = tenant.get(&format!("{portfolio}/positions")).await.data(200);
    // First in, first out by date: 1 of the first lot, then 9 of it and the second.
    assert_eq!((&books["realised"], &books["cost"]), (&json!("51.00"), &json!("0.00")));
    assert_eq!(tenant.get(&portfolio).await.data(200)["holdings"], json!([]));
}

#[tokio::test]
async fn a_correction_is_a_new_entry_and_the_old_one_stays() {
    let tenant = Ballast::start().await.tenant().await;
    let portfolio = empty(&tenant).await;
    let path = format!("{portfolio}/transactions");
    let bought = tenant.post(&path, &trade("buy", "2024-01-02", "10", "10")).await.data(201);
    tenant.post(&path, &trade("sell", "2024-01-02", "8", "11")).await.expect(201);
    let id = bought["id"].as_str().unwrap();
    let corrections = format!("{path}/{id}/corrections");
    let problem = tenant.post(&corrections, &json!({"note": "never happened"})).await.problem(422);
    assert!(problem.detail().contains("sells 8 AAPL, but only 0 are held"), "{}", problem.detail());
    let too_few = json!({"replacement": trade("buy", "2024-01-02", "7", "10")});
    tenant.post(&corrections, &too_few).await.problem(422);
    let bad = json!({"replacement": trade("buy", "2024-01-02", "0", "10"), "note": ""});
    assert_eq!(
        tenant.post(&corrections, &bad).await.problem(422).pointers(),
        ["/replacement/quantity", "/note"]
    );

    // Recorded after the sale, it still counts before it, in the place of what it replaces.
    let nine =
        json!({"replacement": trade("buy", "2024-01-02", "9", "10.5"), "note": "the broker's mistake"});
    let corrected = tenant.post(&corrections, &nine).await.data(201);
    assert_eq!(
        (&corrected["reversal"]["kind"], &corrected["reversal"]["corrects"]),
        (&json!("reversal"), &json!(id))
    );
    assert_eq!(corrected["replacement"]["corrects"], id);
    let old = tenant.get(&format!("{path}/{id}")).await.data(200);
    assert_eq!((&old["quantity"], &old["reversed_by"]), (&json!("10"), &corrected["reversal"]["id"]));
    let books = tenant.get(&format!("{portfolio}/positions")).await.data(200);
    assert_eq!((&books["positions"][0]["quantity"], &books["realised"]), (&json!("1"), &json!("4.00")));

    tenant.post(&corrections, &nine).await.problem(409);
    let reversal = corrected["reversal"]["id"].as_str().unwrap();
    tenant.post(&format!("{path}/{reversal}/corrections"), &json!({})).await.problem(409);
    let kinds: Vec<_> =
        all(&tenant, &portfolio, 1, "").await.iter().map(|entry| entry["kind"].clone()).collect();
    assert_eq!(kinds, ["buy", "reversal", "sell", "buy"]);
}

#[tokio::test]
async fn of_two_who_sell_the_same_shares_one_is_refused() {
    let tenant = Ballast::start().await.tenant().await;
    let portfolio = empty(&tenant).await;
    let path = format!("{portfolio}/transactions");
    tenant.post(&path, &trade("buy", "2024-01-02", "30", "10")).await.expect(201);
    let sell = trade("sell", "2024-01-03", "10", "11");
    let statuses = join_all((0..6).map(|_| async { tenant.post(&path, &sell).await.status })).await;
    let count = |status: u16| statuses.iter().filter(|found| **found == status).count();
    assert_eq!((count(201), count(422) + count(409)), (3, 3), "{statuses:?}");
    assert_eq!(tenant.get(&portfolio).await.data(200)["holdings"], json!([]));
    assert_eq!(all(&tenant, &portfolio, 2, "").await.len(), 4);
}

#[tokio::test]
async fn a_portfolio_is_kept_by_holdings_or_by_transactions() {
    let tenant = Ballast::start().await.tenant().await;
    let given = tenant.post(PORTFOLIOS, &requests::stored_portfolio("Given")).await.expect(201);
    let given = given.header("location").to_owned();
    assert_eq!(tenant.get(&given).await.data(200)["kept_by"], "holdings");
    tenant.post(&format!("{given}/transactions"), &requests::deposit("1.00")).await.problem(409);
    tenant.get(&format!("{given}/positions")).await.problem(409);
    tenant.get(&format!("{given}/performance")).await.problem(409);
    assert!(all(&tenant, &given, 50, "").await.is_empty());

    let kept = empty(&tenant).await;
    tenant.post(&format!("{kept}/transactions"), &trade("buy", "2024-01-02", "10", "1")).await.expect(201);
    let body = |name: &str, currency: &str, quantity: &str| json!({"name": name, "base_currency": currency, "holdings": [{"symbol": "AAPL", "quantity": quantity}]});
    assert_eq!(tenant.put(&kept, &body("New", "USD", "10.0")).await.data(200)["name"], "New");
    assert_eq!(
        tenant.put(&kept, &body("New", "EUR", "10")).await.problem(422).pointers(),
        ["/base_currency"]
    );
    assert_eq!(tenant.put(&kept, &body("New", "USD", "11")).await.problem(422).pointers(), ["/holdings"]);
    assert_eq!(all(&tenant, &kept, 50, "").await.len(), 1);

    tenant.delete(&kept).await.expect(204);
    for part in ["transactions", "positions", "performance"] {
        tenant.get(&format!("{kept}/{part}")).await.problem(404);
    }
    tenant.post(&format!("{kept}/transactions"), &requests::deposit("1.00")).await.problem(404);
}

#[tokio::test]
async fn a_feed_with_references_is_recorded_once() {
    let tenant = Ballast::start().await.tenant().await;
    let portfolio = empty(&tenant).await;
    let path = format!("{portfolio}/transactions");
    let named = |place: usize, quantity: &str| {
        let mut buy = trade("buy", "2024-01-02", quantity, "1");
        buy["reference"] = json!(format!("order-{place}"));
        buy
    };
    let many: Vec<Value> = (0..300).map(|place| named(place, "1")).collect();
    tenant.post(&path, &json!(many)).await.expect(201);
    // One by one after them: those that are known, wherever they are, and new ones.
    for place in [0, 127, 128, 299] {
        assert_eq!(
            tenant.post(&path, &named(place, "1")).await.data(200)["reference"],
            format!("order-{place}")
        );
        assert_eq!(tenant.post(&path, &named(place, "2")).await.problem(422).pointers(), ["/reference"]);
    }
    tenant.post(&path, &named(300, "1")).await.expect(201);
    let again = tenant.post(&path, &json!([named(300, "1"), named(301, "1"), named(5, "1")])).await.data(201);
    assert_eq!((&again["recorded"], &again["repeated"]), (&json!(1), &json!(2)));
    let again = tenant.post(&path, &json!(many)).await.data(201);
    assert_eq!((&again["recorded"], &again["repeated"]), (&json!(0), &json!(300)));
    // One that comes late is told from those that are known, too.
    let mut late = named(7, "1");
    late["date"] = json!("2024-01-01");
    assert_eq!(tenant.post(&path, &late).await.problem(422).pointers(), ["/reference"]);
    assert_eq!(tenant.get(&portfolio).await.data(200)["holdings"][0]["quantity"], "302");
}

#[tokio::test]
async fn trades_alone_have_returns_when_their_flows_are_implied() {
    let tenant = Ballast::start().await.tenant().await;
    let portfolio = empty(&tenant).await;
    let trades = json!([
        trade("buy", "2024-01-02", "10", "100"),
        trade("sell", "2024-01-03", "10", "110"),
        trade("buy", "2024-02-01", "5", "200"),
        trade("sell", "2024-02-02", "5", "180")
    ]);
    tenant.post(&format!("{portfolio}/transactions"), &trades).await.expect(201);
    let performance =
        async |query: &str| tenant.get(&format!("{portfolio}/performance{query}")).await.data(200);
    let recorded = performance("").await;
    assert_eq!((&recorded["time_weighted"], &recorded["flows"]), (&json!(null), &json!("recorded")));
    let implied = performance("?flows=implied").await;
    assert_eq!(implied["not_defined"], json!([]), "{implied}");
    // Nothing is held in between, and that counts as no time.
    let found = &implied["time_weighted"];
    assert!((found["cumulative"].as_f64().unwrap() - (1.1 * 0.9 - 1.0)).abs() < 1e-12, "{found}");
    assert_eq!((&implied["deposited"], &implied["withdrawn"]), (&json!(2000.0), &json!(2000.0)));
    tenant.get(&format!("{portfolio}/performance?flows=none")).await.problem(400);
}

#[tokio::test]
async fn positions_are_of_today() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = ballast.tenant().await;
    let portfolio = empty(&tenant).await;
    let before = ballast.now().to_zoned(TimeZone::UTC).date();
    let books = tenant.get(&format!("{portfolio}/positions")).await.data(200);
    let after = ballast.now().to_zoned(TimeZone::UTC).date();
    let of: Date = books["as_of"].as_str().unwrap().parse().unwrap();
    assert!((before..=after).contains(&of), "{of}");
}

#[tokio::test]
async fn lists_are_filtered_and_come_in_pages() {
    let ballast = Ballast::start().await;
    let (tenant, other) = (ballast.tenant().await, ballast.tenant().await);
    let portfolio = empty(&tenant).await;
    let mut csv = "kind,date,symbol,quantity,price\n".to_owned();
    for place in 0..2_300 {
        let (symbol, day) = (if place % 3 == 0 { "AAPL" } else { "MSFT" }, 1 + place % 28);
        writeln!(csv, "buy,2024-02-{day:02},{symbol},{},1", place + 1).unwrap();
    }
    load(&tenant, &portfolio, &csv).await.expect(201);
    let quantities = |found: &[Value]| -> Vec<u32> {
        found.iter().map(|entry| entry["quantity"].as_str().unwrap().parse().unwrap()).collect()
    };
    let filter = "&symbol=aapl&from=2024-02-10&to=2024-02-11&kind=buy";
    let wanted = (0..2_300).rev().filter(|place| place % 3 == 0 && [9, 10].contains(&(place % 28)));
    let wanted: Vec<u32> = wanted.map(|place| place + 1).collect();
    for limit in [128, 200] {
        let found = all(&tenant, &portfolio, limit, "").await;
        assert_eq!(quantities(&found), (1..=2_300).rev().collect::<Vec<_>>());
    }
    for limit in [7, 53, 200] {
        assert_eq!(quantities(&all(&tenant, &portfolio, limit, filter).await), wanted, "{limit}");
    }
    assert!(all(&tenant, &portfolio, 7, "&kind=sell").await.is_empty());

    let page = tenant.get(&format!("{portfolio}/transactions?limit=1")).await.expect(200).json();
    let cursor = page["next_cursor"].as_str().unwrap();
    for query in [
        "kind=short",
        "symbol=A%20B",
        "from=x",
        "limit=201",
        "cursor=x",
        &format!("kind=buy&cursor={cursor}"),
    ] {
        tenant.get(&format!("{portfolio}/transactions?{query}")).await.problem(400);
    }
    let foreign = empty(&other).await;
    let id = page["data"][0]["id"].as_str().unwrap();
    other.get(&format!("{foreign}/transactions/{id}")).await.problem(404);
    other.get(&format!("{portfolio}/transactions/{id}")).await.problem(404);
    tenant.get(&format!("{portfolio}/transactions/{}", id.replace("txn_", "tsk_"))).await.problem(404);
}
