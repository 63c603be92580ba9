//! A tenant sees and changes what is its own.

use e2e::{Ballast, MONTE_CARLO, VAR_CVAR, data, requests};
use serde_json::json;

#[tokio::test]
async fn lists_hold_what_is_ones_own() {
    let ballast = Ballast::start().await;
    let (tenant, other) = (ballast.tenant().await, ballast.tenant().await);
    tenant.post("/api/v1/portfolios", &requests::stored_portfolio("Mine")).await.expect(201);
    let task = tenant.submit(VAR_CVAR, &requests::small_var_cvar()).await;
    tenant.ended(&task).await;
    for list in ["/api/v1/portfolios", "/api/v1/tasks", "/api/v1/tasks/active"] {
        assert_eq!(other.get(list).await.data(200), json!([]), "{list}");
    }
    assert_eq!(tenant.task_ids().await, [task]);
}

#[tokio::test]
async fn another_tenants_portfolio_and_prices_are_not_computed_with() {
    let ballast = Ballast::start().await;
    let (tenant, other) = (ballast.tenant().await, ballast.tenant().await);
    tenant.request("POST", "/api/v1/prices").body("text/csv", data::prices_csv()).await.expect(200);
    let portfolio = tenant.post("/api/v1/portfolios", &requests::stored_portfolio("Mine")).await.data(201);
    for path in [MONTE_CARLO, VAR_CVAR] {
        other.post(path, &json!({"portfolio_id": portfolio["id"]})).await.problem(404);
    }
    let own = other.post("/api/v1/portfolios", &requests::stored_portfolio("Theirs")).await.data(201);
    let problem = other.post(VAR_CVAR, &json!({"portfolio_id": own["id"]})).await.problem(422);
    assert!(problem.detail().contains("no prices are loaded for AAPL, JNJ, CVX"), "{}", problem.detail());
    assert!(other.task_ids().await.is_empty());
}

#[tokio::test]
async fn prices_of_the_same_symbol_are_kept_apart() {
    let ballast = Ballast::start().await;
    let (tenant, other) = (ballast.tenant().await, ballast.tenant().await);
    for (client, close) in [(&tenant, "1"), (&other, "2")] {
        let csv = format!("date,AAPL\n2024-01-02,{close}\n");
        client.request("POST", "/api/v1/prices").body("text/csv", csv).await.expect(200);
    }
    for (client, close) in [(&tenant, "1"), (&other, "2")] {
        assert_eq!(client.get("/api/v1/prices/AAPL").await.data(200)["closes"][0]["close"], close);
    }
}
