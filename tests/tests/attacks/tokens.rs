//! Forged, bent, borrowed and outlived access tokens.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use e2e::{Ballast, Signer, Tenant, token};
use serde_json::{Value, json};

const ROUTES: [&str; 4] = ["/api/v1/auth/me", "/api/v1/portfolios", "/api/v1/tasks", "/api/v1/audit"];

async fn refused(tenant: &Tenant, what: &str, token: &str) {
    for route in ROUTES {
        let answer = tenant.with_token(token).get(route).await;
        assert_eq!(answer.status, 401, "{what} at {route}: {}", answer.body);
        assert_eq!(answer.problem(401).kind(), "unauthorized", "{what}");
    }
}

/// The parts of a token of the tenant's own.
struct Parts {
    header: Value,
    claims: Value,
    signature: String,
}

fn parts(tenant: &Tenant) -> Parts {
    let (header, claims) = token::decode(&tenant.access_token);
    let signature = tenant.access_token.rsplit('.').next().unwrap().to_owned();
    Parts { header, claims, signature }
}

fn with(value: &Value, name: &str, change: Value) -> Value {
    let mut changed = value.clone();
    changed[name] = change;
    changed
}

#[tokio::test]
async fn alg_none_in_every_spelling() {
    let tenant = Ballast::start().await.tenant().await;
    let Parts { header, claims, signature } = parts(&tenant);
    for algorithm in ["none", "None", "NONE", "nOnE", ""] {
        let text = token::unsigned(&with(&header, "alg", json!(algorithm)), &claims);
        for token in [text.clone(), format!("{text}."), format!("{text}.{signature}")] {
            refused(&tenant, algorithm, &token).await;
        }
    }
}

#[tokio::test]
async fn algorithm_confusion() {
    let Some(ballast) = Signer::start().await else { return };
    let tenant = ballast.tenant().await;
    let Parts { header, claims, signature } = parts(&tenant);
    let keys = tenant.without_token().get("/.well-known/jwks.json").await.expect(200).json();
    let public = keys["keys"][0]["x"].as_str().unwrap();
    assert_eq!(header["kid"], keys["keys"][0]["kid"]);
    let hs256 = with(&header, "alg", json!("HS256"));
    for secret in [public.as_bytes(), &URL_SAFE_NO_PAD.decode(public).unwrap(), b""] {
        refused(&tenant, "HS256 with the public key", &token::sign_hs256(&hs256, &claims, secret)).await;
    }
    for algorithm in ["HS256", "HS512", "RS256", "PS256", "ES256", "ES384", "eddsa"] {
        let text = token::unsigned(&with(&header, "alg", json!(algorithm)), &claims);
        let resigned = token::sign_text(&text, ballast.secret());
        for token in [format!("{text}.{signature}"), resigned] {
            refused(&tenant, algorithm, &token).await;
        }
    }
}

#[tokio::test]
async fn a_signature_stripped_or_moved() {
    let tenant = Ballast::start().await.tenant().await;
    let Parts { header, claims, signature } = parts(&tenant);
    let whole = &tenant.access_token;
    let foreign = token::unsigned(&header, &with(&claims, "tid", json!("ten_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN")));
    let text = token::unsigned(&header, &claims);
    for (what, token) in [
        ("no signature", format!("{text}.")),
        ("two segments", text.clone()),
        ("four segments", format!("{whole}.{signature}")),
        ("another tenant", format!("{foreign}.{signature}")),
        ("padding", format!("{whole}==")),
        ("a character less", whole[..whole.len() - 1].to_owned()),
        ("quotes", format!("\"{whole}\"")),
        ("a comma", format!("{whole},{whole}")),
        ("spaces", whole.replace('.', ". ")),
        ("standard base64", format!("{text}.{}", signature.replace('-', "+").replace('_', "/") + "=")),
        ("ten kilobytes", format!("{whole}{}", "A".repeat(6_000))),
        ("nothing", String::new()),
    ] {
        refused(&tenant, what, &token).await;
    }
}

#[tokio::test]
async fn a_foreign_kid_is_only_looked_up_among_ours() {
    let Some(ballast) = Signer::start().await else { return };
    let tenant = ballast.tenant().await;
    let Parts { header, claims, .. } = parts(&tenant);
    for kid in [
        json!("../../../../dev/null"),
        json!("/proc/self/environ"),
        json!("' UNION SELECT 'x' --"),
        json!("https://evil.example/keys.json"),
        json!("JWKS#KEY"),
        json!("unknown"),
        json!("x".repeat(2_000)),
        json!(""),
        json!(0),
        json!(["a"]),
        Value::Null,
    ] {
        let what = format!("kid {kid:.40}");
        let header = with(&header, "kid", kid);
        refused(&tenant, &what, &token::sign(&header, &claims, ballast.secret())).await;
        // The same with a key of the attacker's own.
        refused(&tenant, &what, &token::sign(&header, &claims, &"x".repeat(64))).await;
    }
    let mut without = header.clone();
    without.as_object_mut().unwrap().remove("kid");
    refused(&tenant, "no kid", &token::sign(&without, &claims, ballast.secret())).await;
}

#[tokio::test]
async fn a_header_that_brings_its_own_key() {
    let Some(ballast) = Signer::start().await else { return };
    let tenant = ballast.tenant().await;
    let Parts { header, claims, .. } = parts(&tenant);
    for (name, value) in [
        ("jku", json!("https://evil.example/keys.json")),
        ("x5u", json!("https://evil.example/cert.pem")),
        ("jwk", json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})),
        ("x5c", json!(["MII"])),
        ("crit", json!(["exp"])),
        ("zip", json!("DEF")),
        ("b64", json!(false)),
    ] {
        // Even signed by the right key: our own tokens have no such header.
        let token = token::sign(&with(&header, name, value), &claims, ballast.secret());
        refused(&tenant, name, &token).await;
    }
}

#[tokio::test]
async fn a_name_that_stands_there_twice() {
    let Some(ballast) = Signer::start().await else { return };
    let tenant = ballast.tenant().await;
    let Parts { header, claims, .. } = parts(&tenant);
    let twice = |value: &Value, name: &str, second: &str| {
        let text = value.to_string();
        URL_SAFE_NO_PAD.encode(format!("{},\"{name}\":\"{second}\"}}", &text[..text.len() - 1]))
    };
    let plain = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    for (what, text) in [
        ("alg", format!("{}.{}", twice(&header, "alg", "none"), plain(&claims))),
        ("kid", format!("{}.{}", twice(&header, "kid", "other"), plain(&claims))),
        ("tid", format!("{}.{}", plain(&header), twice(&claims, "tid", "ten_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN"))),
        ("sub", format!("{}.{}", plain(&header), twice(&claims, "sub", "usr_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN"))),
    ] {
        refused(&tenant, what, &token::sign_text(&text, ballast.secret())).await;
    }
}

#[tokio::test]
async fn times_that_are_no_times() {
    let Some(ballast) = Signer::start().await else { return };
    let tenant = ballast.tenant().await;
    let now = jiff::Timestamp::now().as_second();
    for claim in ["exp", "nbf", "iat"] {
        for value in [
            json!((now + 600).to_string()),
            json!(1e308),
            json!("NaN"),
            json!(""),
            json!([now + 600]),
            json!({"$gt": 0}),
            json!(true),
            Value::Null,
        ] {
            let what = format!("{claim} = {value}");
            refused(&tenant, &what, &ballast.mint(&tenant, claim, value)).await;
        }
    }
    for (what, claim, value) in [
        ("expired", "exp", now - 61),
        ("negative", "exp", -1),
        ("the least", "exp", i64::MIN),
        ("not yet valid", "nbf", now + 120),
        ("made in the future", "iat", now + 120),
        ("made at the end of time", "iat", i64::MAX),
    ] {
        refused(&tenant, what, &ballast.mint(&tenant, claim, json!(value))).await;
    }
    for (claim, value) in [("exp", now - 50), ("nbf", now + 50), ("iat", now + 50)] {
        let token = ballast.mint(&tenant, claim, json!(value));
        tenant.with_token(&token).get("/api/v1/portfolios").await.expect(200);
    }
}

#[tokio::test]
async fn a_token_for_somebody_else() {
    let Some(ballast) = Signer::start().await else { return };
    let (tenant, other) = (ballast.tenant().await, ballast.tenant().await);
    for (claim, value) in [
        ("iss", json!("urn:ballast:prod")),
        ("iss", json!(["urn:ballast:dev"])),
        ("aud", json!("urn:ballast:prod:api")),
        ("aud", json!([])),
        ("aud", json!(["urn:ballast:prod:api"])),
        ("aud", Value::Null),
        ("tid", json!(other.id)),
        ("sub", json!(other.user_id())),
        ("sid", json!(other.session_id())),
        ("sub", json!("usr_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN")),
        ("roles", json!(["super_admin"])),
        ("acr", json!("aal9")),
    ] {
        let what = format!("{claim} = {value}");
        refused(&tenant, &what, &ballast.mint(&tenant, claim, value)).await;
    }
}

#[tokio::test]
async fn tokens_of_another_kind() {
    let Some(ballast) = Signer::start().await else { return };
    let tenant = ballast.tenant().await;
    let Parts { header, claims, .. } = parts(&tenant);
    for kind in [json!("JWT"), json!("id+jwt"), json!("application/at+jwt"), json!("AT+JWT"), Value::Null] {
        let what = format!("typ {kind}");
        let token = token::sign(&with(&header, "typ", kind), &claims, ballast.secret());
        refused(&tenant, &what, &token).await;
    }
    refused(&tenant, "a refresh token", &tenant.refresh_token).await;
    let refresh = json!({"refresh_token": tenant.access_token});
    tenant.without_token().post("/api/v1/auth/refresh", &refresh).await.problem(401);
}

#[tokio::test]
async fn a_developers_key_is_none_of_ours() {
    let tenant = Ballast::start().await.tenant().await;
    let Parts { header, claims, .. } = parts(&tenant);
    // The right kid, the right claims, a key that every developer can make.
    refused(&tenant, "a developer's key", &token::sign(&header, &claims, &"0".repeat(64))).await;
}

#[tokio::test]
async fn two_credentials_are_none() {
    let tenant = Ballast::start().await.tenant().await;
    let bearer = format!("Bearer {}", tenant.access_token);
    let twice = tenant.get("/api/v1/portfolios").header("authorization", &bearer);
    twice.await.problem(401);
    tenant.get("/api/v1/portfolios").header("x-api-key", "blst_dev_x_y").await.problem(401);
}

#[tokio::test]
async fn a_token_is_sent_as_a_bearer_token() {
    let tenant = Ballast::start().await.tenant().await;
    let anonymous = tenant.without_token();
    for value in [format!("Basic {}", tenant.access_token), tenant.access_token.clone(), "Bearer".to_owned()]
    {
        let answer = anonymous.get("/api/v1/portfolios").header("authorization", &value).await;
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        answer.problem(401);
    }
    let lower = format!("bearer {}", tenant.access_token);
    anonymous.get("/api/v1/portfolios").header("authorization", &lower).await.expect(200);
}
