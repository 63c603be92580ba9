//! Fields that are not the client's to set.

use e2e::{Ballast, Client, registration, requests, unique_email};
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

fn api_key() -> Value {
    json!({"name": "Report", "permissions": ["portfolios:read"]})
}

/// Every body of identity that has no id in its path.
fn of_identity(email: &str, refresh_token: &str) -> [(&'static str, &'static str, Value); 18] {
    let (challenge, next) = ("chl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN", "three sleepy otters juggle");
    let code = json!({"challenge_id": challenge, "code": "123456"});
    [
        ("POST", "/api/v1/auth/register", registration(&unique_email())),
        ("POST", "/api/v1/auth/login", json!({"email": email, "password": e2e::PASSWORD})),
        ("POST", "/api/v1/auth/login", json!({"email": email})),
        ("POST", "/api/v1/auth/verify", code.clone()),
        ("POST", "/api/v1/auth/refresh", json!({"refresh_token": refresh_token})),
        ("POST", "/api/v1/auth/reauthenticate", json!({"password": e2e::PASSWORD})),
        ("POST", "/api/v1/auth/forgot-password", json!({"email": email})),
        (
            "POST",
            "/api/v1/auth/reset-password",
            json!({"challenge_id": challenge, "code": "123456", "new_password": next}),
        ),
        (
            "POST",
            "/api/v1/auth/change-password",
            json!({"current_password": e2e::PASSWORD, "new_password": next}),
        ),
        ("POST", "/api/v1/auth/verify-email", code.clone()),
        ("POST", "/api/v1/auth/factors/totp/confirm", json!({"code": "123456"})),
        ("PUT", "/api/v1/users/profile", json!({"name": "Ada King"})),
        ("POST", "/api/v1/users/change-email", json!({"email": unique_email()})),
        ("POST", "/api/v1/users/change-email/confirm", code),
        (
            "POST",
            "/api/v1/users/invite",
            json!({"email": unique_email(), "name": "Grace Hopper", "roles": ["viewer"]}),
        ),
        ("POST", "/api/v1/users/accept", json!({"invitation": challenge, "password": next})),
        ("POST", "/api/v1/api-keys", api_key()),
        ("PUT", "/api/v1/tenant", crate::tenant_settings::settings()),
    ]
}

async fn refuses_extras(client: &Client, method: &str, path: &str, body: &Value) {
    // Some have a field of that name, which means something else there, and which other tests are about.
    for (name, value) in extras().into_iter().filter(|(name, _)| body.get(name).is_none()) {
        let mut body = body.clone();
        body[name] = value;
        let problem = client.request(method, path).json(&body).await.problem(422);
        let told = problem.about(&format!("/{name}")).contains("unknown field");
        assert!(told, "{path} {name}: {}", problem.detail());
    }
}

#[tokio::test]
async fn no_body_takes_a_field_that_is_ours() {
    let ballast = Ballast::start().await;
    let tenant = ballast.tenant().await;
    let portfolio = tenant.post("/api/v1/portfolios", &requests::stored_portfolio("Mine")).await.data(201);
    let path = format!("/api/v1/portfolios/{}", portfolio["id"].as_str().unwrap());
    let key = tenant.post("/api/v1/api-keys", &api_key()).await.data(201);
    let key = format!("/api/v1/api-keys/{}/rotate", key["id"].as_str().unwrap());
    let roles = format!("/api/v1/users/{}/roles", tenant.user_id());
    let bodies = [
        ("PUT", roles, json!({"roles": ["viewer"]})),
        ("POST", key, json!({"overlap_hours": 1})),
        ("POST", "/api/v1/portfolios".to_owned(), requests::stored_portfolio("More")),
        ("PUT", path.clone(), requests::stored_portfolio("Changed")),
        ("POST", e2e::MONTE_CARLO.to_owned(), requests::small_simulation()),
        ("POST", e2e::VAR_CVAR.to_owned(), requests::small_var_cvar()),
        ("PUT", "/api/v1/audit/retention".to_owned(), json!({"days": 365})),
    ];
    for (method, path, body) in bodies {
        refuses_extras(&tenant, method, &path, &body).await;
    }
    for (method, path, body) in of_identity(&tenant.email, &tenant.refresh_token) {
        // Somebody new for each: one user may not prove this much a minute.
        let somebody = ballast.tenant().await;
        refuses_extras(&somebody, method, path, &body).await;
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
