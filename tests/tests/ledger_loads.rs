//! What feeds and exports of brokers hold: what was sent before, the newest first, and more than fits.

use e2e::{Answer, Ballast, Tenant};
use serde_json::{Value, json};

/// A portfolio without holdings; the path of its transactions.
async fn ledger(tenant: &Tenant) -> String {
    let body = json!({"name": "By a feed", "base_currency": "USD", "holdings": []});
    let portfolio = tenant.post("/api/v1/portfolios", &body).await.expect(201);
    format!("{}/transactions", portfolio.header("location"))
}

async fn load(tenant: &Tenant, path: &str, csv: String) -> Answer {
    tenant.request("POST", path).body("text/csv", csv).await
}

async fn held(tenant: &Tenant, path: &str) -> Value {
    let portfolio = path.trim_end_matches("/transactions");
    tenant.get(portfolio).await.data(200)["holdings"].take()
}

fn order(quantity: &str, reference: &str) -> Value {
    json!({
        "kind": "buy", "date": "2024-01-02", "symbol": "AAPL", "quantity": quantity, "price": "1",
        "reference": reference
    })
}

#[tokio::test]
async fn what_was_taken_out_stays_out_and_that_is_told() {
    let tenant = Ballast::start().await.tenant().await;
    let path = ledger(&tenant).await;
    let bought = tenant.post(&path, &order("5", "order-1")).await.data(201);
    let id = bought["id"].as_str().unwrap();
    let taken_out = tenant.post(&format!("{path}/{id}/corrections"), &json!({})).await.data(201);
    let again = tenant.post(&path, &order("5", "order-1")).await.data(200);
    assert_eq!((&again["id"], &again["reversed_by"]), (&bought["id"], &taken_out["reversal"]["id"]));
    let both = json!([order("5", "order-1"), order("1", "order-2")]);
    for (recorded, repeated) in [(1, 0), (0, 1)] {
        let loaded = tenant.post(&path, &both).await.data(201);
        let counts = ["recorded", "repeated", "reversed"].map(|name| loaded[name].as_u64().unwrap());
        assert_eq!(counts, [recorded, repeated, 1]);
    }
    assert_eq!(held(&tenant, &path).await, json!([{"symbol": "AAPL", "quantity": "1"}]));
}

#[tokio::test]
async fn an_amended_transaction_keeps_its_reference() {
    let tenant = Ballast::start().await.tenant().await;
    let path = ledger(&tenant).await;
    tenant.post(&path, &order("1", "order-0")).await.expect(201);
    let bought = tenant.post(&path, &order("5", "order-1")).await.data(201);
    let corrections = format!("{path}/{}/corrections", bought["id"].as_str().unwrap());
    let taken = json!({"replacement": order("6", "order-0")});
    assert_eq!(tenant.post(&corrections, &taken).await.problem(422).pointers(), ["/replacement/reference"]);
    let mut six = order("6", "order-1");
    six.as_object_mut().unwrap().remove("reference");
    let amended =
        tenant.post(&corrections, &json!({"replacement": six})).await.data(201)["replacement"].take();
    assert_eq!(amended["reference"], "order-1");
    // The feed sends the amended trade, or still the old one.
    let again = tenant.post(&path, &order("6", "order-1")).await.data(200);
    assert_eq!((&again["id"], &again["reversed_by"]), (&amended["id"], &json!(null)));
    let old = tenant.post(&path, &order("5", "order-1")).await.data(200);
    assert_eq!(old["id"], bought["id"]);
    assert!(old["reversed_by"].is_string());
    assert_eq!(tenant.post(&path, &order("7", "order-1")).await.problem(422).pointers(), ["/reference"]);
    assert_eq!(held(&tenant, &path).await, json!([{"symbol": "AAPL", "quantity": "7"}]));
    // And once more, with the reference said.
    let corrections = format!("{path}/{}/corrections", amended["id"].as_str().unwrap());
    tenant.post(&corrections, &json!({"replacement": order("7", "order-1")})).await.expect(201);
    tenant.post(&path, &order("7", "order-1")).await.data(200);
    assert_eq!(held(&tenant, &path).await, json!([{"symbol": "AAPL", "quantity": "8"}]));
}

#[tokio::test]
async fn a_load_that_begins_with_the_newest_is_recorded_from_its_end() {
    let tenant = Ballast::start().await.tenant().await;
    // On the fourth, the shares split before more were bought.
    let rows = [
        "sell,2024-01-05,AAPL,3,1,\n",
        "buy,2024-01-04,AAPL,10,1,\n",
        "split,2024-01-04,AAPL,,,2:1\n",
        "buy,2024-01-02,AAPL,1,1,\n",
    ];
    let header = "kind,date,symbol,quantity,price,ratio\n";
    let newest_first = ledger(&tenant).await;
    load(&tenant, &newest_first, format!("{header}{}", rows.concat())).await.expect(201);
    assert_eq!(held(&tenant, &newest_first).await[0]["quantity"], "9");
    let oldest_first = ledger(&tenant).await;
    let reversed: String = rows.into_iter().rev().collect();
    load(&tenant, &oldest_first, format!("{header}{reversed}")).await.expect(201);
    let kinds = async |path: &str| {
        let list = tenant.get(path).await.data(200);
        list.as_array().unwrap().iter().map(|entry| entry["kind"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&newest_first).await, kinds(&oldest_first).await);
    // A row is named where it stands.
    let too_many = format!(
        "{header}sell,2024-02-02,AAPL,1,1,\nsell,2024-02-01,AAPL,10,1,\nbuy,2024-01-31,AAPL,0.5,1,\n"
    );
    let problem = load(&tenant, &newest_first, too_many).await.problem(422);
    assert_eq!(problem.pointers(), ["/rows/1/quantity"]);
    assert!(problem.detail().contains("line 3"), "{}", problem.detail());
}

#[tokio::test]
async fn a_date_is_a_day_and_nothing_else() {
    let tenant = Ballast::start().await.tenant().await;
    let path = ledger(&tenant).await;
    for date in ["2024-01-02T23:30-05:00", "2024-01-02T00:00:00Z", "2024-01-02 ", "20240102", "+002024-01-02"]
    {
        let deposit = json!({"kind": "deposit", "date": date, "amount": "1"});
        assert_eq!(tenant.post(&path, &deposit).await.problem(422).pointers(), ["/date"], "{date}");
        let close = json!({"series": [{"symbol": "A", "closes": [{"date": date, "close": "1"}]}]});
        let refused = tenant.post("/api/v1/prices", &close).await.problem(422);
        assert_eq!(refused.pointers(), ["/series/0/closes/0/date"], "{date}");
        // A cell may have blanks around it.
        if date.trim() == date {
            let csv = format!("kind,date,amount\ndeposit,{date},1\n");
            let problem = load(&tenant, &path, csv).await.problem(422);
            assert!(problem.about("/rows/0").contains("YYYY-MM-DD"), "{date}");
            let problem = load(&tenant, "/api/v1/prices", format!("date,A\n{date},1\n")).await.problem(422);
            assert!(problem.about("/rows/0").contains("YYYY-MM-DD"), "{date}");
        }
    }
}

#[tokio::test]
async fn more_than_one_transaction_of_the_store_holds_is_refused_with_what_to_do() {
    let tenant = Ballast::start().await.tenant().await;
    let path = ledger(&tenant).await;
    let row = format!("deposit,2024-01-02,1.00,{}\n", "x".repeat(500));
    let csv = |rows: usize| format!("kind,date,amount,note\n{}", row.repeat(rows));
    let problem = load(&tenant, &path, csv(9_000)).await.problem(413);
    assert!(problem.detail().contains("load fewer at a time"), "{}", problem.detail());
    assert_eq!(tenant.get(&path).await.data(200), json!([]), "nothing was recorded");
    assert_eq!(load(&tenant, &path, csv(4_500)).await.data(201)["recorded"], 4_500);
}

#[tokio::test]
async fn what_is_worthless_can_be_sold() {
    let tenant = Ballast::start().await.tenant().await;
    let path = ledger(&tenant).await;
    let trade = |kind: &str, date: &str, symbol: &str, quantity: &str, price: &str| {
        json!({
            "kind": kind, "date": date, "symbol": symbol, "quantity": quantity, "price": price
        })
    };
    let bought = json!([
        trade("buy", "2024-01-02", "DUST", "1.00000001", "20"),
        trade("buy", "2024-01-02", "LOST", "10", "5")
    ]);
    tenant.post(&path, &bought).await.expect(201);
    for (wrong, pointer) in [
        (trade("buy", "2024-01-03", "DUST", "0.00000001", "20"), ""),
        (trade("buy", "2024-01-03", "LOST", "1", "0"), "/price"),
        (trade("sell", "2024-01-03", "LOST", "1", "-1"), "/price"),
        (trade("sell", "2024-01-03", "LOST", "0", "0"), "/quantity"),
    ] {
        assert_eq!(tenant.post(&path, &wrong).await.problem(422).pointers(), [pointer], "{wrong}");
    }
    let sold = json!([
        trade("sell", "2024-01-03", "DUST", "1", "20"),
        trade("sell", "2024-01-04", "DUST", "0.00000001", "20"),
        trade("sell", "2024-01-05", "LOST", "10", "0")
    ]);
    tenant.post(&path, &sold).await.expect(201);
    assert_eq!(held(&tenant, &path).await, json!([]));
    let portfolio = path.trim_end_matches("/transactions");
    let books = tenant.get(&format!("{portfolio}/positions")).await.data(200);
    assert_eq!(
        (&books["realised"], &books["cost"], &books["cash"]),
        (&json!("-50.00"), &json!("0.00"), &json!("-50.00"))
    );
    let performance = tenant.get(&format!("{portfolio}/performance?flows=implied")).await.data(200);
    assert_eq!(performance["time_weighted"]["cumulative"], -1.0, "{performance}");
}
