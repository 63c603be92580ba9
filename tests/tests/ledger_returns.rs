//! What a ledger has returned, when closes are old, nothing is left, or money comes late.

use e2e::{Ballast, Tenant};
use serde_json::{Value, json};

async fn kept(tenant: &Tenant, transactions: &Value) -> String {
    let body = json!({"name": "By transactions", "base_currency": "USD", "holdings": []});
    let portfolio = tenant.post("/api/v1/portfolios", &body).await.expect(201).header("location").to_owned();
    tenant.post(&format!("{portfolio}/transactions"), transactions).await.expect(201);
    portfolio
}

fn trade(kind: &str, date: &str, quantity: &str, price: &str) -> Value {
    json!({"kind": kind, "date": date, "symbol": "AAPL", "quantity": quantity, "price": price})
}

fn money(kind: &str, date: &str, amount: &str) -> Value {
    let symbol = (kind == "dividend").then_some("AAPL");
    json!({"kind": kind, "date": date, "symbol": symbol, "amount": amount})
}

async fn returns(tenant: &Tenant, portfolio: &str, query: &str) -> Value {
    tenant.get(&format!("{portfolio}/performance{query}")).await.data(200)
}

async fn load(tenant: &Tenant, closes: &str) {
    tenant
        .request("POST", "/api/v1/prices")
        .body("text/csv", format!("date,AAPL\n{closes}"))
        .await
        .expect(200);
}

fn agree(what: &str, found: &Value, expected: f64) {
    let off = (found.as_f64().unwrap_or(f64::NAN) - expected).abs();
    assert!(off < 1e-9, "{what}: {found} where {expected} was expected");
}

#[tokio::test]
async fn what_comes_after_the_last_sale_is_the_owners_and_no_return() {
    let tenant = Ballast::start().await.tenant().await;
    let trades = [trade("buy", "2024-01-02", "10", "100"), trade("sell", "2024-01-12", "10", "110")];
    let dividend = money("dividend", "2024-02-01", "24.00");
    let tax = |date| money("fee", date, "3.60");
    for (late, paid, received) in [
        (vec![], 0.0, 0.0),
        (vec![dividend.clone()], 0.0, 24.0),
        (vec![dividend.clone(), tax("2024-02-01")], 3.6, 24.0),
        (vec![dividend.clone(), tax("2024-02-02")], 3.6, 24.0),
        (vec![tax("2024-02-01")], 3.6, 0.0),
    ] {
        let all: Vec<_> = trades.iter().chain(&late).cloned().collect();
        let portfolio = kept(&tenant, &json!(all)).await;
        let found = returns(&tenant, &portfolio, "?flows=implied").await;
        agree("time", &found["time_weighted"]["cumulative"], 0.1);
        assert_eq!(found["time_weighted"]["days"], 11);
        agree("put in", &found["deposited"], 1000.0 + paid);
        agree("taken out", &found["withdrawn"], 1100.0 + received);
        assert_eq!(found["not_defined"], json!([]), "{late:?}");
        // At the rate, and at each of several, all that was paid in is worth all that was received.
        let day = if late.len() > 1 && late[1]["date"] == "2024-02-02" { 31.0 } else { 30.0 };
        let rates = found["money_weighted"]["candidates"].as_array().unwrap();
        assert!(!rates.is_empty(), "{found}");
        // The loss of all is one, where money was put in last.
        for rate in rates.iter().filter_map(Value::as_f64).filter(|rate| *rate > -0.999_999) {
            let worth = |amount: f64, days: f64| amount * (1.0 + rate).powf(-days / 365.0);
            let left = 1000.0 - worth(1100.0, 10.0) - worth(received, 30.0) + worth(paid, day);
            assert!(left.abs() < 1e-6, "{rate}: {left}");
        }
    }
}

#[tokio::test]
async fn what_comes_after_all_was_withdrawn_is_no_return() {
    let tenant = Ballast::start().await.tenant().await;
    let mut all = vec![
        money("deposit", "2024-01-02", "1000.00"),
        trade("buy", "2024-01-02", "10", "100"),
        trade("sell", "2024-01-12", "10", "110"),
        money("withdrawal", "2024-01-12", "1100.00"),
        money("dividend", "2024-02-01", "24.00"),
        money("withdrawal", "2024-02-05", "24.00"),
    ];
    let portfolio = kept(&tenant, &json!(all)).await;
    agree("late", &returns(&tenant, &portfolio, "").await["time_weighted"]["cumulative"], 0.1);
    // Who starts again, starts with what is there.
    all.truncate(5);
    all.extend([money("deposit", "2024-03-01", "76.00"), trade("buy", "2024-03-01", "1", "100")]);
    all.push(trade("sell", "2024-03-11", "1", "120"));
    let portfolio = kept(&tenant, &json!(all)).await;
    let found = returns(&tenant, &portfolio, "").await;
    agree("again", &found["time_weighted"]["cumulative"], 1.1 * 1.2 - 1.0);
    agree(
        "the end of it",
        &returns(&tenant, &portfolio, "?from=2024-02-02").await["time_weighted"]["cumulative"],
        0.2,
    );
}

#[tokio::test]
async fn money_grows_only_while_there_is_some() {
    let tenant = Ballast::start().await.tenant().await;
    load(&tenant, "2018-01-02,100\n2019-01-02,100\n2020-01-02,100\n2022-01-03,130\n2024-01-02,150\n").await;
    let all = json!([
        money("dividend", "2018-01-02", "0.01"),
        money("withdrawal", "2018-01-02", "0.01"),
        money("deposit", "2020-01-02", "1000.00"),
        trade("buy", "2020-01-02", "10", "100"),
        trade("sell", "2021-01-01", "10", "110"),
        money("withdrawal", "2021-01-01", "1100.00")
    ]);
    let portfolio = kept(&tenant, &all).await;
    for query in ["?from=2019-01-01", "?from=2020-01-01&to=2024-12-31", "?from=2019-06-01&to=2021-01-01"] {
        let found = returns(&tenant, &portfolio, query).await["money_weighted"].take();
        agree(query, &found["annual"], 0.1);
        agree(query, &found["cumulative"], 0.1);
    }
}

#[tokio::test]
async fn a_trade_tells_more_than_an_older_close() {
    let tenant = Ballast::start().await.tenant().await;
    load(&tenant, "2019-12-30,90\n2020-01-02,100\n").await;
    let portfolio = kept(&tenant, &json!([trade("buy", "2024-01-02", "5", "200")])).await;
    let found = returns(&tenant, &portfolio, "?flows=implied&to=2024-01-10").await;
    agree("no loss", &found["time_weighted"]["cumulative"], 0.0);
    agree("the trade's price", &found["values"][0]["value"], 1000.0);
    assert_eq!(found["without_closes"], json!(["AAPL"]));
    // A close of the same day, or a later one, tells more.
    load(&tenant, "2020-01-02,100\n2024-01-02,210\n2024-01-03,220\n").await;
    let found = returns(&tenant, &portfolio, "?flows=implied&to=2024-01-10").await;
    agree("the day's close", &found["values"][0]["value"], 1050.0);
    agree("the next one", &found["time_weighted"]["cumulative"], 0.1);
    assert_eq!(found["without_closes"], json!([]));
}
