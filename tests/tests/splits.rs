//! Splits: closes stay as they were on their day, and no split is a gain or a loss.

use e2e::{Ballast, PERFORMANCE_ANALYSIS, REBALANCE, STRESS_TEST, Tenant, VAR_CVAR};
use serde_json::{Value, json};

/// Closes of SPLIT, and of the same share in its last units as ADJ. It splits 2:1 on the ninth day, which has a close.
fn closes() -> String {
    let days = (2..=17).map(|day| {
        let adjusted = 50.0 + f64::from(day * 7 % 5) - f64::from(day) / 10.0;
        let raw = if day < 10 { 2.0 * adjusted } else { adjusted };
        format!("2024-01-{day:02},{raw},{adjusted}\n")
    });
    format!("date,SPLIT,ADJ\n{}", days.collect::<String>())
}

async fn portfolio(tenant: &Tenant, holdings: Value) -> String {
    let body = json!({"name": "Split", "base_currency": "USD", "holdings": holdings});
    tenant.post("/api/v1/portfolios", &body).await.expect(201).header("location").to_owned()
}

/// Buys ten, records a split with a wrong ratio, and corrects it.
async fn ledger(tenant: &Tenant) -> String {
    let portfolio = portfolio(tenant, json!([])).await;
    let path = format!("{portfolio}/transactions");
    let split =
        |ratio: &str| json!({"kind": "split", "date": "2024-01-10", "symbol": "SPLIT", "ratio": ratio});
    let buy =
        json!({"kind": "buy", "date": "2024-01-02", "symbol": "SPLIT", "quantity": "10", "price": "100"});
    tenant
        .post(&path, &json!([{"kind": "deposit", "date": "2024-01-02", "amount": "2000"}, buy]))
        .await
        .expect(201);
    let wrong = tenant.post(&path, &split("3:1")).await.data(201);
    let correction = format!("{path}/{}/corrections", wrong["id"].as_str().unwrap());
    tenant.post(&correction, &json!({"replacement": split("2:1")})).await.expect(201);
    portfolio
}

fn id(portfolio: &str) -> &str {
    portfolio.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn risk_sees_no_loss_on_the_day_of_a_split() {
    let tenant = Ballast::start().await.tenant().await;
    tenant.request("POST", "/api/v1/prices").body("text/csv", closes()).await.expect(200);
    let split = ledger(&tenant).await;
    let adjusted = portfolio(&tenant, json!([{"symbol": "ADJ", "quantity": "20"}])).await;
    let results = async |task: &str, more: Value| {
        let mut found = Vec::new();
        for portfolio in [&split, &adjusted] {
            let mut body = more.clone();
            body["portfolio_id"] = json!(id(portfolio));
            found.push(tenant.compute(task, &body).await);
        }
        <[Value; 2]>::try_from(found).unwrap()
    };

    let [of_split, of_adjusted] = results(VAR_CVAR, json!({"confidence_levels": [0.9]})).await;
    assert_eq!(of_split["methods"], of_adjusted["methods"]);
    let worst = of_split["methods"]["historical"][0]["conditional_value_at_risk"].as_f64().unwrap();
    assert!(worst > 0.0 && worst < 0.1, "{worst}");

    let [of_split, of_adjusted] = results(STRESS_TEST, json!({"reverse_stress": [0.1]})).await;
    assert_eq!(of_split["notional"], of_adjusted["notional"]);
    let [of_split, of_adjusted] = results(PERFORMANCE_ANALYSIS, json!({"to": "2024-01-12"})).await;
    assert_eq!(of_split["figures"], of_adjusted["figures"]);

    // Before the split's day, what is held now was twice as much as was held then, at half the price.
    let price = async |portfolio: &str, symbol: &str| {
        let body = json!({"portfolio_id": id(portfolio), "to": "2024-01-09", "cash": "1000",
            "target_weights": {symbol: 1.0}, "settings": {"allocation": "exact"}});
        tenant.compute(REBALANCE, &body).await["trades"][0]["price"].clone()
    };
    assert_eq!(price(&split, "SPLIT").await, price(&adjusted, "ADJ").await);
}

#[tokio::test]
async fn a_split_from_before_the_first_purchase_is_recorded_too() {
    let tenant = Ballast::start().await.tenant().await;
    tenant.request("POST", "/api/v1/prices").body("text/csv", closes()).await.expect(200);
    let adjusted = portfolio(&tenant, json!([{"symbol": "ADJ", "quantity": "20"}])).await;
    let late = portfolio(&tenant, json!([])).await;
    let rows = json!([
        {"kind": "split", "date": "2024-01-10", "symbol": "SPLIT", "ratio": "2:1"},
        {"kind": "buy", "date": "2024-01-15", "symbol": "SPLIT", "quantity": "20", "price": "50"}
    ]);
    tenant.post(&format!("{late}/transactions"), &rows).await.expect(201);
    let methods = async |portfolio: &str| {
        let body = json!({"portfolio_id": id(portfolio), "confidence_levels": [0.9]});
        tenant.compute(VAR_CVAR, &body).await["methods"].take()
    };
    assert_eq!(methods(&late).await, methods(&adjusted).await);
}

#[tokio::test]
async fn positions_are_worth_the_same_until_the_next_close() {
    let tenant = Ballast::start().await.tenant().await;
    let prices = "date,close\n2024-01-09,90\n2024-01-11,46\n";
    tenant.request("PUT", "/api/v1/prices/SPLIT").body("text/csv", prices).await.expect(201);
    let portfolio = ledger(&tenant).await;
    for (day, quantity, close, value) in
        [("09", "10", "90", "900.00"), ("10", "20", "45", "900.00"), ("11", "20", "46", "920.00")]
    {
        let books = tenant.get(&format!("{portfolio}/positions?as_of=2024-01-{day}")).await.data(200);
        let position = &books["positions"][0];
        assert_eq!((&position["quantity"], &position["close"]), (&json!(quantity), &json!(close)), "{day}");
        assert_eq!(books["market_value"], value, "{day}");
    }
    let performance = tenant.get(&format!("{portfolio}/performance")).await.data(200);
    let worth =
        |row: &Value| (row["date"].as_str().unwrap()[8..].to_owned(), row["value"].as_f64().unwrap() as i64);
    let values: Vec<_> = performance["values"].as_array().unwrap().iter().map(worth).collect();
    let wanted = [("02", 2000), ("09", 1900), ("10", 1900), ("11", 1920)];
    assert_eq!(values, wanted.map(|(day, value)| (day.to_owned(), value)));
}
