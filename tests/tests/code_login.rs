//! Logging in with a code by mail.

use e2e::{Client, InProcess, Options, Tenant, requests::with, unique_email};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::tenant_settings::settings;

/// A domain of this test alone.
fn domain(email: &str) -> String {
    format!("{}.example", email.split('@').next().unwrap())
}

/// A tenant whose users log in by mail, and its admin's address.
async fn tenant_with_codes(ballast: &InProcess, join_by_domain: bool) -> (Tenant, String) {
    let mut tenant = ballast.tenant().await;
    let domain = domain(&tenant.email);
    // The admin's address becomes one of the domain, and is proven by that.
    let email = format!("admin@{domain}");
    let asked = tenant.post("/api/v1/users/change-email", &json!({"email": email})).await.data(202);
    let code = ballast.mailed_code(&email, "Confirm").await;
    let confirm = json!({"challenge_id": asked["challenge_id"], "code": code});
    tenant.post("/api/v1/users/change-email/confirm", &confirm).await.expect(204);
    let body = with(settings(), "/domains", json!([domain]));
    let body = with(with(body, "/code_login", json!(true)), "/join_by_domain", json!(join_by_domain));
    tenant.put("/api/v1/tenant", &body).await.expect(200);
    tenant.email = email;
    (tenant, domain)
}

async fn ask(client: &Client, email: &str) -> Value {
    let pending = client.without_token().post("/api/v1/auth/login", &json!({"email": email})).await.data(202);
    assert_eq!(pending["missing"], "email_code");
    pending
}

async fn answer(client: &Client, pending: &Value, code: &str) -> e2e::Answer {
    let body = json!({"challenge_id": pending["challenge_id"], "code": code});
    client.without_token().post("/api/v1/auth/verify", &body).await
}

async fn start() -> Option<InProcess> {
    InProcess::start(Options::default().manual_clock()).await
}

#[tokio::test]
async fn a_code_by_mail_opens_one_session() {
    let Some(ballast) = start().await else { return };
    let (tenant, _) = tenant_with_codes(&ballast, false).await;
    let pending = ask(&tenant, &tenant.email.to_uppercase()).await;
    let code = ballast.mailed_code(&tenant.email, "log in").await;
    let tokens = answer(&tenant, &pending, &code).await.data(200);
    let client = tenant.with_token(tokens["access_token"].as_str().unwrap());
    assert_eq!(client.get("/api/v1/auth/me").await.data(200)["user"]["email"], tenant.email);
    answer(&tenant, &pending, &code).await.problem(401);
}

#[tokio::test]
async fn a_code_is_good_where_it_was_asked_for() {
    let Some(ballast) = start().await else { return };
    let (tenant, _) = tenant_with_codes(&ballast, false).await;
    let mine = ask(&tenant, &tenant.email).await;
    let code = ballast.mailed_code(&tenant.email, "log in").await;
    let others = ask(&tenant, &unique_email()).await;
    answer(&tenant, &others, &code).await.problem(401);
    let reset = json!({"challenge_id": mine["challenge_id"], "code": code, "new_password": "three sleepy otters juggle"});
    tenant.without_token().post("/api/v1/auth/reset-password", &reset).await.problem(401);
    ballast.advance(SignedDuration::from_mins(10));
    answer(&tenant, &mine, &code).await.problem(401);
}

#[tokio::test]
async fn nobody_learns_who_may_use_codes() {
    let Some(ballast) = start().await else { return };
    let (tenant, domain) = tenant_with_codes(&ballast, false).await;
    let without = ballast.tenant().await;
    let elsewhere = [without.email.clone(), unique_email(), format!("nobody@{domain}")];
    let known = ask(&tenant, &tenant.email).await;
    for email in &elsewhere {
        let pending = ask(&tenant, email).await;
        assert_eq!(pending["expires_in"], known["expires_in"]);
        assert_eq!(pending.as_object().unwrap().len(), known.as_object().unwrap().len());
        answer(&tenant, &pending, "000000").await.problem(401);
    }
    ballast.mail(&tenant.email, "log in").await;
    let mails = ballast.stack().mails().all();
    assert!(mails.iter().all(|mail| !(mail.subject.contains("log in") && elsewhere.contains(&mail.to))));
}

#[tokio::test]
async fn a_proven_mailbox_of_the_domain_joins_where_the_tenant_says_so() {
    let Some(ballast) = start().await else { return };
    let (tenant, domain) = tenant_with_codes(&ballast, true).await;
    let email = format!("grace@{domain}");
    let pending = ask(&tenant, &email).await;
    assert!(
        tenant.get(&format!("/api/v1/users/list?email={email}")).await.json()["data"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    answer(&tenant, &pending, "wrong").await.problem(401);
    let code = ballast.mailed_code(&email, "log in").await;
    let tokens = answer(&tenant, &pending, &code).await.data(200);
    let client = tenant.with_token(tokens["access_token"].as_str().unwrap());
    let me = client.get("/api/v1/auth/me").await.data(200);
    assert_eq!((&me["tenant"]["id"], &me["roles"]), (&json!(tenant.id), &json!(["viewer"])));
    for other in
        [format!("grace@sub.{domain}"), format!("grace@evil-{domain}"), format!("grace@{domain}.evil.com")]
    {
        let pending = ask(&tenant, &other).await;
        answer(&tenant, &pending, &code).await.problem(401);
    }
}

#[tokio::test]
async fn who_joins_is_asked_for_again_when_the_code_comes_back() {
    let Some(ballast) = start().await else { return };
    let (tenant, domain) = tenant_with_codes(&ballast, true).await;
    let email = format!("grace@{domain}");
    let pending = ask(&tenant, &email).await;
    let code = ballast.mailed_code(&email, "log in").await;
    let closed = with(settings(), "/domains", json!([domain]));
    tenant.put("/api/v1/tenant", &with(closed, "/code_login", json!(true))).await.expect(200);
    answer(&tenant, &pending, &code).await.problem(401);
    let users = tenant.get("/api/v1/users/list").await.json();
    assert_eq!(users["data"].as_array().unwrap().len(), 1);
}

/// What lies in a mailbox that was given up opens nothing.
#[tokio::test]
async fn a_code_is_good_for_the_address_that_it_went_to() {
    let Some(ballast) = start().await else { return };
    let (tenant, domain) = tenant_with_codes(&ballast, false).await;
    let pending = ask(&tenant, &tenant.email).await;
    let old = ballast.mailed_code(&tenant.email, "log in").await;
    let next = format!("next@{domain}");
    let asked = tenant.post("/api/v1/users/change-email", &json!({"email": next})).await.data(202);
    let code = ballast.mailed_code(&next, "Confirm").await;
    let confirm = json!({"challenge_id": asked["challenge_id"], "code": code});
    tenant.post("/api/v1/users/change-email/confirm", &confirm).await.expect(204);
    answer(&tenant, &pending, &old).await.problem(401);
    let pending = ask(&tenant, &next).await;
    let code = ballast.mailed_code(&next, "log in").await;
    answer(&tenant, &pending, &code).await.expect(200);
}

#[tokio::test]
async fn a_domain_is_one_tenants() {
    let Some(ballast) = start().await else { return };
    let (first, domain) = tenant_with_codes(&ballast, false).await;
    let second = ballast.tenant().await;
    let email = format!("rival@{domain}");
    let asked = second.post("/api/v1/users/change-email", &json!({"email": email})).await.data(202);
    let code = ballast.mailed_code(&email, "Confirm").await;
    let confirm = json!({"challenge_id": asked["challenge_id"], "code": code});
    second.post("/api/v1/users/change-email/confirm", &confirm).await.expect(204);
    let body = with(settings(), "/domains", json!([domain]));
    second.put("/api/v1/tenant", &body).await.problem(409);
    first.put("/api/v1/tenant", &settings()).await.expect(200);
    second.put("/api/v1/tenant", &body).await.expect(200);
}
