//! Requests that can't be read: refused before anything is done.

use e2e::{Ballast, MONTE_CARLO, Tenant, VAR_CVAR, requests};
use serde_json::json;

/// The operations that take a body, for a tenant.
const TAKERS: [(&str, &str); 6] = [
    ("POST", MONTE_CARLO),
    ("POST", VAR_CVAR),
    ("POST", "/api/v1/portfolios"),
    ("PUT", "/api/v1/portfolios/pfl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN"),
    ("POST", "/api/v1/prices"),
    ("PUT", "/api/v1/prices/AAPL"),
];
const OPEN: [&str; 3] = ["/api/v1/auth/register", "/api/v1/auth/login", "/api/v1/auth/refresh"];

async fn nothing_changed(tenant: &Tenant) {
    assert!(tenant.task_ids().await.is_empty());
    assert_eq!(tenant.get("/api/v1/portfolios").await.data(200), json!([]));
    tenant.get("/api/v1/prices/AAPL").await.problem(404);
}

#[tokio::test]
async fn empty_bodies_and_broken_json_are_bad_requests() {
    let tenant = Ballast::start().await.tenant().await;
    let takers = TAKERS.into_iter().chain(OPEN.map(|path| ("POST", path)));
    for (method, path) in takers {
        for body in ["", "{", "{\"", "nonsense", "NaN", "\u{feff}{}"] {
            tenant.request(method, path).body("application/json", body).await.problem(400);
        }
        // What comes after a document that could do.
        let after = tenant.request(method, path).body("application/json", "{} {}").await;
        assert!([400, 422].contains(&after.status), "{path}: {}", after.body);
        tenant.request(method, path).body("application/json", "null").await.problem(422);
        tenant.request(method, path).body("application/json", "[]").await.problem(422);
    }
    nothing_changed(&tenant).await;
}

#[tokio::test]
async fn another_content_type_is_not_taken() {
    let tenant = Ballast::start().await.tenant().await;
    let body = requests::small_simulation().to_string();
    for (method, path) in TAKERS.into_iter().chain(OPEN.map(|path| ("POST", path))) {
        for content_type in ["text/plain", "application/xml", "application/x-www-form-urlencoded", "json"] {
            let problem = tenant.request(method, path).body(content_type, body.clone()).await.problem(415);
            assert!(problem.detail().contains("application/json"), "{path}: {}", problem.detail());
        }
    }
    for path in [MONTE_CARLO, "/api/v1/portfolios"] {
        tenant.request("POST", path).body("text/csv", "date,A\n").await.problem(415);
    }
    nothing_changed(&tenant).await;
    tenant.request("POST", MONTE_CARLO).body("application/json; charset=utf-8", body).await.expect(202);
}

#[tokio::test]
async fn a_body_of_7_megabytes_is_too_large() {
    let ballast = Ballast::start().await;
    let tenant = ballast.tenant().await;
    let padding = " ".repeat(7 << 20);
    let body = format!("{}{padding}", requests::small_simulation());
    tenant.request("POST", MONTE_CARLO).body("application/json", body).await.problem(413);
    let portfolio = format!("{}{padding}", requests::stored_portfolio("Large"));
    tenant.request("POST", "/api/v1/portfolios").body("application/json", portfolio).await.problem(413);
    let rows = "2024-01-02,1\n".repeat((7 << 20) / 13);
    tenant
        .request("POST", "/api/v1/prices")
        .body("text/csv", format!("date,AAPL\n{rows}"))
        .await
        .problem(413);
    let keyed = tenant.request("POST", MONTE_CARLO).header("idempotency-key", "k");
    keyed.body("application/json", padding).await.problem(413);
    nothing_changed(&tenant).await;
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let tenant = Ballast::start().await.tenant().await;
    for id in
        ["tsk_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN", "pfl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN", "tsk_", "1", "%00", "tsk_ä"]
    {
        for path in [format!("/api/v1/tasks/{id}/status"), format!("/api/v1/tasks/{id}/result")] {
            tenant.get(&path).await.expect(404);
        }
        tenant.delete(&format!("/api/v1/tasks/{id}")).await.expect(404);
        tenant.get(&format!("/api/v1/portfolios/{id}")).await.expect(404);
        tenant.delete(&format!("/api/v1/portfolios/{id}")).await.expect(404);
        tenant.put(&format!("/api/v1/portfolios/{id}"), &requests::stored_portfolio("X")).await.expect(404);
    }
    tenant.get("/api/v1/tasks/tsk_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN/status").await.problem(404);
    tenant.get("/api/v1/portfolios/pfl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN").await.problem(404);
    tenant.get("/api/v1/prices/no%20symbol").await.problem(404);
}
