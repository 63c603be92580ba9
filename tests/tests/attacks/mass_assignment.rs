//! Fields that are not the client's to set.

use e2e::{Ballast, registration, requests, unique_email};
use serde_json::{Value, json};

/// What attackers add, in the hope that somebody copies the body into the record.
fn extras() -> [(&'static str, Value); 14] {
    [
        ("id", json!("pfl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN")),
        ("tenant_id", json!("ten_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN")),
        ("user_id", json!("usr_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN")),
        ("created_by", json!("usr_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN")),
        ("roles", json!(["super_admin"])),
        ("role", json!("admin")),
        ("is_admin", json!(true)),
        ("permissions", json!(["platform:write"])),
        ("status", json!("active")),
        ("verified_at", json!("2026-01-01T00:00:00Z")),
        ("session_epoch", json!(0)),
        ("tier", json!("enterprise")),
        ("version", json!(7)),
        ("created_at", json!("2020-01-01T00:00:00Z")),
    ]
}

#[tokio::test]
async fn no_body_takes_a_field_that_is_ours() {
    let ballast = Ballast::start().await;
    let tenant = ballast.tenant().await;
    let portfolio = tenant.post("/api/v1/portfolios", &requests::stored_portfolio("Mine")).await.data(201);
    let path = format!("/api/v1/portfolios/{}", portfolio["id"].as_str().unwrap());
    let bodies = [
        ("POST", "/api/v1/portfolios".to_owned(), requests::stored_portfolio("More")),
        ("PUT", path.clone(), requests::stored_portfolio("Changed")),
        ("POST", e2e::MONTE_CARLO.to_owned(), requests::small_simulation()),
        ("POST", e2e::VAR_CVAR.to_owned(), requests::small_var_cvar()),
        ("POST", "/api/v1/auth/register".to_owned(), registration(&unique_email())),
        ("POST", "/api/v1/auth/login".to_owned(), json!({"email": tenant.email, "password": e2e::PASSWORD})),
        ("POST", "/api/v1/auth/refresh".to_owned(), json!({"refresh_token": tenant.refresh_token})),
        ("PUT", "/api/v1/audit/retention".to_owned(), json!({"days": 365})),
    ];
    for (method, path, body) in bodies {
        for (name, value) in extras() {
            let mut body = body.clone();
            body[name] = value;
            let problem = tenant.request(method, &path).json(&body).await.problem(422);
            assert!(
                problem.about(&format!("/{name}")).contains("unknown field"),
                "{path} {name}: {}",
                problem.detail()
            );
        }
    }
    assert_eq!(tenant.get(&path).await.data(200)["name"], "Mine");
    assert_eq!(tenant.get("/api/v1/auth/me").await.data(200)["roles"], json!(["admin"]));
    assert!(tenant.task_ids().await.is_empty());
}

#[tokio::test]
async fn a_registration_makes_an_admin_of_a_new_tenant_and_nothing_more() {
    let ballast = Ballast::start().await;
    let (tenant, other) = (ballast.tenant().await, ballast.tenant().await);
    assert_ne!(tenant.id, other.id, "the same name is another tenant");
    let me = tenant.get("/api/v1/auth/me").await.data(200);
    assert_eq!(me["roles"], json!(["admin"]));
    let permissions = me["permissions"].as_array().unwrap();
    assert!(!permissions.iter().any(|permission| permission.as_str().unwrap().starts_with("platform:")));
}

#[tokio::test]
async fn parameters_that_nobody_asked_for_are_refused() {
    let tenant = Ballast::start().await.tenant().await;
    for query in
        ["tenant_id=ten_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN", "user_id=x", "is_admin=true", "limit[]=1", "fields=*"]
    {
        for path in ["/api/v1/portfolios", "/api/v1/tasks", "/api/v1/audit"] {
            tenant.get(&format!("{path}?{query}")).await.problem(400);
        }
    }
}
