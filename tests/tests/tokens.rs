//! Tokens that are no good: 401 for each, whatever the route.

use e2e::{Ballast, InProcess, Options, Tenant, token};
use serde_json::{Value, json};

const ROUTES: [&str; 3] = ["/api/v1/auth/me", "/api/v1/portfolios", "/api/v1/tasks"];

async fn refused(tenant: &Tenant, what: &str, token: &str) {
    for route in ROUTES {
        let answer = tenant.with_token(token).get(route).await;
        assert_eq!(answer.status, 401, "{what} at {route}: {}", answer.body);
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        let problem = answer.problem(401);
        assert_eq!(problem.kind(), "unauthorized", "{what}");
    }
}

#[tokio::test]
async fn a_forged_token_is_refused() {
    let tenant = Ballast::start().await.tenant().await;
    let (header, claims) = token::decode(&tenant.access_token);
    let signature = tenant.access_token.rsplit('.').next().unwrap();
    let mut foreign = claims.clone();
    foreign["tid"] = json!("ten_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN");
    refused(&tenant, "another tenant", &format!("{}.{signature}", token::unsigned(&header, &foreign))).await;
    refused(&tenant, "another key", &token::sign(&header, &claims, &"x".repeat(64))).await;
    let mut unknown_key = header.clone();
    unknown_key["kid"] = json!("unknown");
    refused(&tenant, "an unknown key", &token::sign(&unknown_key, &claims, &"x".repeat(64))).await;
    for text in ["x", "a.b.c", &tenant.access_token[1..], &format!("{}x", tenant.access_token)] {
        refused(&tenant, text, text).await;
    }
}

#[tokio::test]
async fn a_token_without_a_signature_is_refused() {
    let tenant = Ballast::start().await.tenant().await;
    let (mut header, claims) = token::decode(&tenant.access_token);
    for algorithm in ["none", "None", "NONE"] {
        header["alg"] = json!(algorithm);
        let text = token::unsigned(&header, &claims);
        refused(&tenant, algorithm, &format!("{text}.")).await;
        refused(&tenant, algorithm, &text).await;
    }
    let (header, claims) = token::decode(&tenant.access_token);
    refused(&tenant, "no signature", &format!("{}.", token::unsigned(&header, &claims))).await;
}

#[tokio::test]
async fn the_public_key_is_no_shared_secret() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = ballast.tenant().await;
    let (mut header, claims) = token::decode(&tenant.access_token);
    let public = identity::SigningKey::derive(ballast.signing_secret()).unwrap().public().clone();
    assert_eq!(header["kid"], public.kid);
    header["alg"] = json!("HS256");
    refused(&tenant, "HS256", &token::sign_hs256(&header, &claims, public.x.as_bytes())).await;
}

#[tokio::test]
async fn a_token_is_good_for_its_time_its_issuer_and_its_audience() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = ballast.tenant().await;
    let now = jiff::Timestamp::now().as_second();
    let cases: [(&str, Value); 8] = [
        ("exp", json!(now - 61)),
        ("exp", Value::Null),
        ("iat", json!(now + 3600)),
        ("iss", json!("urn:ballast:prod")),
        ("aud", json!("urn:ballast:prod:api")),
        ("aud", json!(["urn:ballast:prod:api"])),
        ("sub", Value::Null),
        ("tid", json!("ten_x")),
    ];
    for (claim, value) in cases {
        let what = format!("{claim} = {value}");
        refused(&tenant, &what, &ballast.mint(&tenant, claim, value)).await;
    }
    let same = ballast.mint(&tenant, "exp", json!(now + 60));
    tenant.with_token(&same).get("/api/v1/portfolios").await.expect(200);
}

#[tokio::test]
async fn only_access_tokens_are_taken() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = ballast.tenant().await;
    let (mut header, claims) = token::decode(&tenant.access_token);
    for kind in [json!("JWT"), Value::Null] {
        header["typ"] = kind;
        refused(&tenant, "another type", &token::sign(&header, &claims, ballast.signing_secret())).await;
    }
    refused(&tenant, "a refresh token", &tenant.refresh_token).await;
}

#[tokio::test]
async fn a_token_is_sent_as_a_bearer_token() {
    let tenant = Ballast::start().await.tenant().await;
    let anonymous = tenant.without_token();
    for value in [format!("Basic {}", tenant.access_token), tenant.access_token.clone(), "Bearer".to_owned()]
    {
        anonymous.get("/api/v1/portfolios").header("authorization", &value).await.problem(401);
    }
    let lower = format!("bearer {}", tenant.access_token);
    anonymous.get("/api/v1/portfolios").header("authorization", &lower).await.expect(200);
}
