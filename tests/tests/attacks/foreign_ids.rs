//! Other people's ids, in every place that takes one. The walk over all operations has those in paths.

use e2e::{Ballast, MONTE_CARLO, Tenant, VAR_CVAR, requests};
use serde_json::json;

async fn portfolio(tenant: &Tenant) -> String {
    let stored = tenant.post("/api/v1/portfolios", &requests::stored_portfolio("Mine")).await.data(201);
    stored["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn in_bodies() {
    let ballast = Ballast::start().await;
    let (tenant, other) = (ballast.tenant().await, ballast.tenant().await);
    let id = portfolio(&tenant).await;
    for path in [MONTE_CARLO, VAR_CVAR] {
        let foreign = other.post(path, &json!({"portfolio_id": id})).await.problem(404);
        let missing =
            other.post(path, &json!({"portfolio_id": "pfl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN"})).await.problem(404);
        assert_eq!(foreign.detail(), missing.detail(), "what is another's can't be told from what is not");
    }
}

#[tokio::test]
async fn in_other_spellings() {
    let ballast = Ballast::start().await;
    let (tenant, other) = (ballast.tenant().await, ballast.tenant().await);
    let id = portfolio(&tenant).await;
    for spelling in [
        id.to_lowercase(),
        id.to_uppercase(),
        id.replace("pfl_", "tsk_"),
        format!("{id}%00"),
        format!("{id}%20"),
        format!("{id}%23"),
        format!("..%2Fportfolios%2F{id}"),
        format!("{id}%2F.."),
    ] {
        let answer = other.get(&format!("/api/v1/portfolios/{spelling}")).await;
        assert!([400, 403, 404].contains(&answer.status), "{spelling}: {}", answer.body);
    }
}

#[tokio::test]
async fn in_cursors() {
    let ballast = Ballast::start().await;
    let (tenant, other) = (ballast.tenant().await, ballast.tenant().await);
    for owner in [&tenant, &other] {
        for _ in 0..2 {
            portfolio(owner).await;
        }
    }
    for list in ["/api/v1/portfolios", "/api/v1/audit"] {
        let page = tenant.get(&format!("{list}?limit=1")).await.expect(200).json();
        let cursor = page["next_cursor"].as_str().unwrap();
        other.get(&format!("{list}?limit=1&cursor={cursor}")).await.problem(400);
        let mut bent = cursor.to_owned();
        let end = if bent.ends_with('A') { "B" } else { "A" };
        bent.replace_range(bent.len() - 1.., end);
        let answer = tenant.get(&format!("{list}?limit=1&cursor={bent}")).await;
        assert_eq!(answer.status, 400, "{list}");
    }
}

#[tokio::test]
async fn in_idempotency_keys() {
    let ballast = Ballast::start().await;
    let (tenant, other) = (ballast.tenant().await, ballast.tenant().await);
    let body = requests::stored_portfolio("Mine");
    let ask = async |who: &Tenant| {
        who.post("/api/v1/portfolios", &body).header("idempotency-key", "\"same\"").await
    };
    let (own, theirs) = (ask(&tenant).await.data(201), ask(&other).await);
    assert_eq!(theirs.header("idempotency-replayed"), "", "a key is its user's own");
    assert_ne!(own["id"], theirs.data(201)["id"]);
    assert_eq!(ask(&tenant).await.data(201)["id"], own["id"]);
}

#[tokio::test]
async fn in_etags() {
    let ballast = Ballast::start().await;
    let (tenant, other) = (ballast.tenant().await, ballast.tenant().await);
    let path = format!("/api/v1/portfolios/{}", portfolio(&tenant).await);
    // A version that fits tells nothing: 404 before 412 and 304.
    for tag in ["\"v1\"", "*"] {
        other.get(&path).header("if-none-match", tag).await.problem(404);
        other.delete(&path).header("if-match", tag).await.problem(404);
    }
    tenant.get(&path).await.expect(200);
}
