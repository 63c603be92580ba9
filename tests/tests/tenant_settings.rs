//! What a tenant chooses for itself.

use e2e::{Ballast, InProcess, Options, requests::with};
use jiff::SignedDuration;
use serde_json::{Value, json};

const TENANT: &str = "/api/v1/tenant";

pub fn settings() -> Value {
    json!({
        "name": "Analytical Capital",
        "domains": [],
        "code_login": false,
        "join_by_domain": false,
        "mfa_required": false,
        "sessions": {"absolute_hours": 720, "idle_hours": 168},
        "passwords": {"minimum_characters": 12, "composition": false}
    })
}

#[tokio::test]
async fn settings_are_replaced_under_their_version() {
    let tenant = Ballast::start().await.tenant().await;
    let shown = tenant.get(TENANT).await.expect(200);
    let version = shown.header("etag").to_owned();
    assert_eq!(shown.data(200)["tier"], "standard");
    let body = with(settings(), "/name", json!("Analytical Engines"));
    let put = || tenant.put(TENANT, &body).header("if-match", &version);
    assert_eq!(put().await.data(200)["name"], "Analytical Engines");
    put().await.problem(412);
    assert_eq!(tenant.get("/api/v1/auth/me").await.data(200)["tenant"]["name"], "Analytical Engines");
}

#[tokio::test]
async fn what_can_not_be_chosen_is_named() {
    let tenant = Ballast::start().await.tenant().await;
    let cases = [
        ("/name", json!("")),
        ("/code_login", json!(true)),
        ("/join_by_domain", json!(true)),
        ("/mfa_required", json!(true)),
        ("/sessions/absolute_hours", json!(2161)),
        ("/sessions/idle_hours", json!(0)),
        ("/sessions/idle_hours", json!(721)),
        ("/passwords/minimum_characters", json!(11)),
        ("/tier", json!("enterprise")),
        ("/status", json!("active")),
    ];
    for (pointer, value) in cases {
        let problem = tenant.put(TENANT, &with(settings(), pointer, value)).await.problem(422);
        assert!(problem.pointers().contains(&pointer), "{pointer}: {:?}", problem.pointers());
    }
    let body = with(settings(), "/domains", json!(["example.com", "gmail.com"]));
    assert_eq!(tenant.put(TENANT, &body).await.problem(422).pointers(), ["/domains/0", "/domains/1"]);
}

#[tokio::test]
async fn session_lifetimes_and_password_rules_are_kept() {
    let Some(ballast) = InProcess::start(Options::default().manual_clock()).await else { return };
    let tenant = ballast.tenant().await;
    let body = with(settings(), "/sessions", json!({"absolute_hours": 3, "idle_hours": 1}));
    let body = with(body, "/passwords", json!({"minimum_characters": 15, "composition": true}));
    tenant.put(TENANT, &body).await.expect(200);
    for (password, why) in [("correct horse", "15 characters"), ("correct horse battery", "a symbol")] {
        let change = json!({"current_password": e2e::PASSWORD, "new_password": password});
        let problem = tenant.post("/api/v1/auth/change-password", &change).await.problem(422);
        assert!(problem.about("/new_password").contains(why), "{password}");
    }
    let login = json!({"email": tenant.email, "password": e2e::PASSWORD});
    let tokens = tenant.without_token().post("/api/v1/auth/login", &login).await.data(200);
    assert_eq!(tokens["refresh_expires_in"], 3 * 3600);
    ballast.advance(SignedDuration::from_hours(1));
    let refresh = json!({"refresh_token": tokens["refresh_token"]});
    tenant.without_token().post("/api/v1/auth/refresh", &refresh).await.problem(401);
}

#[tokio::test]
async fn the_platform_alone_chooses_tier_and_limits() {
    let Some(ballast) = InProcess::start(Options::default().manual_clock()).await else { return };
    let (platform, tenant) = (ballast.tenant().await, ballast.tenant().await);
    let path = format!("/api/v1/platform/tenants/{}/plan", tenant.id);
    let limits = json!([{"class": "read", "requests_per_minute": 123}]);
    let plan = json!({"tier": "enterprise", "limits": limits});
    let put = |plan: &Value| platform.put(&path, plan).header("x-audit-reason", "A new contract");
    put(&plan).await.problem(403);
    ballast.make_super_admin(&platform).await;
    platform.put(&path, &plan).await.problem(400);
    let twice =
        json!([{"class": "read", "requests_per_minute": 0}, {"class": "read", "requests_per_minute": 1}]);
    let refused = put(&with(plan.clone(), "/limits", twice)).await.problem(422);
    assert_eq!(refused.pointers(), ["/limits/0/requests_per_minute", "/limits/1/class"]);

    assert_eq!(put(&plan).await.data(200)["limits"], limits);
    let seen = tenant.get(TENANT).await.data(200);
    assert_eq!((&seen["tier"], &seen["limits"]), (&json!("enterprise"), &limits));
    // What a tenant chooses for itself leaves them alone.
    tenant.put(TENANT, &settings()).await.expect(200);
    let answer = tenant.get(TENANT).await.expect(200);
    assert!(answer.header("ratelimit-policy").contains("\"tenant\";q=123;w=60"), "{:?}", answer.headers);
    for records in [&platform, &tenant] {
        let events = records.get("/api/v1/audit?action=tenant.plan-changed").await.data(200);
        assert_eq!(events[0]["reason"], "A new contract");
    }
    ballast.advance(SignedDuration::from_mins(61));
    let refresh = json!({"refresh_token": platform.refresh_token});
    let tokens = platform.without_token().post("/api/v1/auth/refresh", &refresh).await.data(200);
    let later = platform.with_token(tokens["access_token"].as_str().unwrap());
    let refused = later.put(&path, &plan).header("x-audit-reason", "A new contract").await.problem(401);
    assert_eq!(refused.kind(), "insufficient-user-authentication");
}

#[tokio::test]
async fn usage_counts_what_there_is() {
    let tenant = Ballast::start().await.tenant().await;
    tenant.post("/api/v1/portfolios", &e2e::requests::stored_portfolio("Mine")).await.expect(201);
    let usage = tenant.get("/api/v1/tenant/usage").await.data(200);
    assert_eq!(usage, json!({"users": 1, "sessions": 1, "api_keys": 0, "portfolios": 1, "tasks": 0}));
}
