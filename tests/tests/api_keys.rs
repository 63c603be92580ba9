//! API keys: made, used, rotated, revoked.

use e2e::{Ballast, Client, InProcess, Options, Request, Tenant, requests::with};
use jiff::SignedDuration;
use serde_json::{Value, json};

const KEYS: &str = "/api/v1/api-keys";

fn wanted() -> Value {
    json!({"name": "Nightly report", "permissions": ["portfolios:read", "tasks:read"], "expires_in_days": 30})
}

async fn create(tenant: &Tenant) -> (String, String) {
    let made = tenant.post(KEYS, &wanted()).await.data(201);
    (made["id"].as_str().unwrap().to_owned(), made["key"].as_str().unwrap().to_owned())
}

fn by_key(client: &Client, key: &str, path: &str) -> Request {
    client.without_token().get(path).header("x-api-key", key)
}

#[tokio::test]
async fn a_key_does_what_it_was_made_for() {
    let tenant = Ballast::start().await.tenant().await;
    let made = tenant.post(KEYS, &wanted()).await.expect(201);
    let path = made.header("location").to_owned();
    let made = made.data(201);
    let key = made["key"].as_str().unwrap();
    assert!(key.starts_with("blst_") && key.ends_with(made["hint"].as_str().unwrap()));
    by_key(&tenant, key, "/api/v1/portfolios").await.expect(200);
    tenant.with_token(key).get("/api/v1/tasks").await.expect(200);
    for beyond in ["/api/v1/users/list", "/api/v1/auth/me", KEYS, "/api/v1/prices/AAPL"] {
        by_key(&tenant, key, beyond).await.problem(403);
    }
    let shown = tenant.get(&path).await.expect(200);
    assert!(!shown.body.contains(key) && !shown.body.contains("secret"));
    let shown = shown.data(200);
    assert!(shown["last_used_at"].is_string());
    let list = tenant.get(KEYS).await.expect(200).json();
    assert_eq!(list["data"], json!([shown]));
}

#[tokio::test]
async fn what_a_key_may_not_have_is_named() {
    let tenant = Ballast::start().await.tenant().await;
    let cases = [
        ("/permissions", json!([])),
        ("/permissions/0", json!(["account:write"])),
        ("/permissions/1", json!(["tasks:read", "platform:write"])),
        ("/permissions/0", json!(["everything"])),
        ("/expires_in_days", json!(366)),
        ("/name", json!("")),
        ("/user_id", json!("usr_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN")),
    ];
    for (pointer, value) in cases {
        let field = if pointer.starts_with("/permissions") { "/permissions" } else { pointer };
        let body = with(wanted(), field, value);
        assert_eq!(tenant.post(KEYS, &body).await.problem(422).pointers(), [pointer], "{body}");
    }
}

#[tokio::test]
async fn a_typing_error_and_a_revoked_key_get_nowhere() {
    let tenant = Ballast::start().await.tenant().await;
    let (id, key) = create(&tenant).await;
    let mut typo = key.clone();
    let last = if typo.pop() == Some('0') { '1' } else { '0' };
    typo.push(last);
    by_key(&tenant, &typo, "/api/v1/portfolios").await.problem(401);
    tenant.delete(&format!("{KEYS}/{id}")).await.expect(204);
    by_key(&tenant, &key, "/api/v1/portfolios").await.problem(401);
    tenant.delete(&format!("{KEYS}/{id}")).await.problem(404);
}

#[tokio::test]
async fn a_rotated_secret_is_taken_as_long_as_it_was_asked_for() {
    let Some(ballast) = InProcess::start(Options::default().manual_clock()).await else { return };
    let tenant = ballast.tenant().await;
    let (id, old) = create(&tenant).await;
    let rotate = format!("{KEYS}/{id}/rotate");
    assert_eq!(
        tenant.post(&rotate, &json!({"overlap_hours": 169})).await.problem(422).pointers(),
        ["/overlap_hours"]
    );
    let rotated = tenant.post(&rotate, &json!({"overlap_hours": 1})).await.data(200);
    let new = rotated["key"].as_str().unwrap();
    for key in [&old, new] {
        by_key(&tenant, key, "/api/v1/portfolios").await.expect(200);
    }
    ballast.advance(SignedDuration::from_hours(1));
    by_key(&tenant, &old, "/api/v1/portfolios").await.problem(401);
    by_key(&tenant, new, "/api/v1/portfolios").await.expect(200);
    ballast.advance(SignedDuration::from_hours(24 * 30));
    by_key(&tenant, new, "/api/v1/portfolios").await.problem(401);
}

/// A key outlives sessions and passwords: its user learns of it, in words of ours.
#[tokio::test]
async fn word_of_a_new_secret_is_mailed_but_not_without_end() {
    let Some(ballast) = InProcess::start(Options::default().manual_clock()).await else { return };
    let tenant = ballast.tenant().await;
    let made = tenant.post(KEYS, &with(wanted(), "/name", json!("Win a prize now"))).await.data(201);
    let mail = ballast.mail(&tenant.email, "API key").await;
    assert!(
        mail.text.contains(made["hint"].as_str().unwrap()) && !mail.text.contains("prize"),
        "{}",
        mail.text
    );
    let rotate = format!("{KEYS}/{}/rotate", made["id"].as_str().unwrap());
    let rotated = tenant.post(&rotate, &json!({"overlap_hours": 0})).await.data(200);
    let told = || async {
        let hint = rotated["hint"].as_str().unwrap();
        let mails = ballast.stack().mails().all();
        mails.iter().any(|mail| mail.to == tenant.email && mail.text.contains(hint)).then_some(())
    };
    e2e::eventually("word of the new secret", told).await;
    for _ in 0..10 {
        create(&tenant).await;
    }
    ballast.drained(e2e::Queue::MAILS).await;
    let mails = ballast.mails(&tenant.email, "API key");
    assert!((5..=6).contains(&mails), "{mails}");
}

#[tokio::test]
async fn a_key_is_made_after_a_fresh_login_only() {
    let Some(ballast) = InProcess::start(Options::default().manual_clock()).await else { return };
    let tenant = ballast.tenant().await;
    ballast.advance(SignedDuration::from_mins(11));
    let problem = tenant.post(KEYS, &wanted()).await.problem(401);
    assert_eq!(problem.kind(), "insufficient-user-authentication");
}

#[tokio::test]
async fn only_a_keys_hash_is_kept() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = ballast.tenant().await;
    let (id, key) = create(&tenant).await;
    let item = format!("{:?}", ballast.item(&tenant, "APIKEY", &id).await);
    let secret = key.rsplit('_').next().unwrap();
    assert!(!item.contains(&secret[..52]));
}

#[tokio::test]
async fn a_new_keys_secret_is_not_kept_to_be_repeated() {
    let tenant = Ballast::start().await.tenant().await;
    let make = || tenant.post(KEYS, &wanted()).header("idempotency-key", "\"once\"");
    let (one, other) = (make().await.data(201), make().await.data(201));
    assert_ne!(one["key"], other["key"]);
}
