//! Second factors: set up, asked for, used once.

use e2e::{Ballast, Client, InProcess, Options, PASSWORD, Tenant};
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};
use totp_rs::{Builder, Totp};

const TOTP: &str = "/api/v1/auth/factors/totp";

/// An app that knows a user's secret.
pub struct App(Totp);

impl App {
    pub fn new(secret: &str) -> Self {
        let bits = secret.chars().fold(String::new(), |bits, digit| {
            bits + &format!("{:05b}", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(digit).unwrap())
        });
        let bytes = bits.as_bytes().chunks_exact(8);
        let secret: Vec<u8> =
            bytes.map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap()).collect();
        Self(Builder::new().with_secret(secret).build_noncompliant())
    }

    pub fn code(&self, ballast: &InProcess) -> String {
        self.0.generate(ballast.now().as_second().try_into().unwrap()).to_string()
    }
}

/// A user with an app, logged in, and its recovery codes.
async fn enrolled(ballast: &InProcess) -> (Tenant, App, Vec<String>) {
    let tenant = ballast.tenant().await;
    let offer = tenant.request("POST", TOTP).await.data(200);
    let app = App::new(offer["secret"].as_str().unwrap());
    let code = json!({"code": app.code(ballast)});
    let confirmed = tenant.post("/api/v1/auth/factors/totp/confirm", &code).await.data(200);
    let codes = confirmed["recovery_codes"].as_array().unwrap();
    (tenant, app, codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
}

async fn first_factor(client: &Client, email: &str) -> Value {
    let body = json!({"email": email, "password": PASSWORD});
    let pending = client.without_token().post("/api/v1/auth/login", &body).await.data(202);
    assert_eq!(pending["missing"], "second_factor");
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
async fn an_app_counts_once_a_first_code_confirms_it() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.tenant().await;
    let offer = tenant.request("POST", TOTP).await.data(200);
    assert!(offer["otpauth_uri"].as_str().unwrap().starts_with("otpauth://totp/Ballast:user"));
    assert!(offer["qr_svg"].as_str().unwrap().contains("<svg"));
    let login = json!({"email": tenant.email, "password": PASSWORD});
    tenant.without_token().post("/api/v1/auth/login", &login).await.expect(200);
    let wrong = json!({"code": "000000"});
    tenant.post("/api/v1/auth/factors/totp/confirm", &wrong).await.problem(401);
    let app = App::new(offer["secret"].as_str().unwrap());
    let right = json!({"code": app.code(&ballast)});
    let codes = tenant.post("/api/v1/auth/factors/totp/confirm", &right).await.data(200);
    assert_eq!(codes["recovery_codes"].as_array().unwrap().len(), 10);
    let me = tenant.get("/api/v1/auth/me").await.data(200);
    assert_eq!((&me["user"]["second_factor"], &me["session"]["assurance"]), (&json!(true), &json!("aal2")));
    tenant.request("POST", TOTP).await.problem(409);
    first_factor(&tenant, &tenant.email).await;
    ballast.mail(&tenant.email, "second factor").await;
}

#[tokio::test]
async fn a_code_of_the_app_opens_one_session() {
    let Some(ballast) = start().await else { return };
    let (tenant, app, _) = enrolled(&ballast).await;
    let used = first_factor(&tenant, &tenant.email).await;
    answer(&tenant, &used, &app.code(&ballast)).await.problem(401);
    ballast.advance(SignedDuration::from_secs(30));
    let code = app.code(&ballast);
    let tokens = answer(&tenant, &used, &code).await.data(200);
    let client = tenant.with_token(tokens["access_token"].as_str().unwrap());
    assert_eq!(client.get("/api/v1/auth/me").await.data(200)["session"]["assurance"], "aal2");
    answer(&tenant, &used, &code).await.problem(401);

    ballast.advance(SignedDuration::from_secs(60));
    let code = app.code(&ballast);
    let mut pending = Vec::new();
    for _ in 0..4 {
        pending.push(first_factor(&tenant, &tenant.email).await);
    }
    let answers = join_all(pending.iter().map(|pending| answer(&tenant, pending, &code))).await;
    let opened = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(
        opened,
        1,
        "four at once: {:?}",
        answers.iter().map(|answer| answer.status).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn a_super_admin_leaves_the_own_tenant_with_a_second_factor_only() {
    let Some(ballast) = start().await else { return };
    let without = ballast.tenant().await;
    ballast.set_roles(&without, &["super_admin"]).await;
    let look =
        |client: &Client| client.get("/api/v1/platform/tenants").header("x-audit-reason", "A look around");
    assert_eq!(look(&without).await.problem(403).kind(), "second-factor-required");
    let suspend = without.request("POST", &format!("/api/v1/platform/tenants/{}/suspend", without.id));
    let refused = suspend.header("x-audit-reason", "A look around").await.problem(403);
    assert_eq!(refused.kind(), "second-factor-required");
    without.get("/api/v1/users/list").await.expect(200);
    let (with, _, _) = enrolled(&ballast).await;
    ballast.set_roles(&with, &["super_admin"]).await;
    look(&with).await.expect(200);
}

#[tokio::test]
async fn a_recovery_code_is_good_once() {
    let Some(ballast) = start().await else { return };
    let (tenant, _, codes) = enrolled(&ballast).await;
    let pending = first_factor(&tenant, &tenant.email).await;
    answer(&tenant, &pending, &codes[0].to_lowercase()).await.expect(200);
    let pending = first_factor(&tenant, &tenant.email).await;
    answer(&tenant, &pending, &codes[0]).await.problem(401);
    assert_eq!(tenant.get("/api/v1/auth/factors").await.data(200)["recovery_codes_left"], 9);
    let made = tenant.request("POST", "/api/v1/auth/factors/recovery-codes").await.data(200);
    // A first factor from before the change is none any more.
    answer(&tenant, &pending, made["recovery_codes"][0].as_str().unwrap()).await.problem(401);
    let pending = first_factor(&tenant, &tenant.email).await;
    answer(&tenant, &pending, &codes[1]).await.problem(401);
    answer(&tenant, &pending, made["recovery_codes"][0].as_str().unwrap()).await.expect(200);
}

#[tokio::test]
async fn wrong_codes_hold_up_codes_and_nothing_else() {
    let Some(ballast) = start().await else { return };
    let (tenant, app, _) = enrolled(&ballast).await;
    ballast.advance(SignedDuration::from_secs(60));
    let mut pending = Vec::new();
    for _ in 0..3 {
        pending.push(first_factor(&tenant, &tenant.email).await);
    }
    for guess in 0..6 {
        answer(&tenant, &pending[guess % 2], "000000").await.problem(401);
    }
    answer(&tenant, &pending[2], &app.code(&ballast)).await.problem(401);
    let pending = first_factor(&tenant, &tenant.email).await;
    ballast.advance(SignedDuration::from_mins(9));
    answer(&tenant, &pending, &app.code(&ballast)).await.problem(401);
    ballast.advance(SignedDuration::from_mins(7));
    let pending = first_factor(&tenant, &tenant.email).await;
    answer(&tenant, &pending, &app.code(&ballast)).await.expect(200);
}

#[tokio::test]
async fn a_challenge_is_no_token_and_dies_with_the_password() {
    let Some(ballast) = start().await else { return };
    let (tenant, app, _) = enrolled(&ballast).await;
    let pending = first_factor(&tenant, &tenant.email).await;
    let as_token = tenant.with_token(pending["challenge_id"].as_str().unwrap());
    as_token.get("/api/v1/auth/me").await.problem(401);
    let change = json!({"current_password": PASSWORD, "new_password": "three sleepy otters juggle"});
    tenant.post("/api/v1/auth/change-password", &change).await.expect(204);
    ballast.advance(SignedDuration::from_secs(60));
    answer(&tenant, &pending, &app.code(&ballast)).await.problem(401);
}

#[tokio::test]
async fn what_matters_asks_for_both_factors_anew() {
    let Some(ballast) = start().await else { return };
    let (tenant, app, _) = enrolled(&ballast).await;
    ballast.advance(SignedDuration::from_mins(11));
    let problem = tenant.delete(TOTP).await.problem(401);
    assert_eq!(problem.kind(), "insufficient-user-authentication");
    let path = "/api/v1/auth/reauthenticate";
    tenant.post(path, &json!({"password": PASSWORD})).await.problem(401);
    tenant.post(path, &json!({"code": app.code(&ballast)})).await.problem(401);
    let both = json!({"password": PASSWORD, "code": app.code(&ballast)});
    let fresh = tenant.post(path, &both).await.data(200);
    tenant.post(path, &both).await.problem(401);
    let fresh = tenant.with_token(fresh["access_token"].as_str().unwrap());
    fresh.delete(TOTP).await.expect(204);
    let login = json!({"email": tenant.email, "password": PASSWORD});
    tenant.without_token().post("/api/v1/auth/login", &login).await.expect(200);
    fresh.delete(TOTP).await.problem(409);
}

#[tokio::test]
async fn secrets_of_factors_are_sealed_at_rest() {
    let Some(ballast) = start().await else { return };
    let (tenant, _, codes) = enrolled(&ballast).await;
    let item = format!("{:?}", ballast.item(&tenant, "FACTORS", &tenant.user_id()).await);
    assert!(item.contains("sealed_secret"));
    assert!(codes.iter().all(|code| !item.contains(code) && !item.contains(&code.replace('-', ""))));
}

#[tokio::test]
async fn without_a_factor_there_is_nothing_to_recover() {
    let tenant = Ballast::start().await.tenant().await;
    tenant.request("POST", "/api/v1/auth/factors/recovery-codes").await.problem(409);
    tenant.post("/api/v1/auth/factors/totp/confirm", &json!({"code": "123456"})).await.problem(409);
    tenant.delete(TOTP).await.problem(409);
}

#[tokio::test]
async fn a_tenant_may_ask_everyone_for_a_second_factor() {
    let Some(ballast) = start().await else { return };
    let (tenant, _, _) = enrolled(&ballast).await;
    ballast.verify(&tenant).await;
    let body = e2e::requests::with(crate::tenant_settings::settings(), "/mfa_required", json!(true));
    tenant.put("/api/v1/tenant", &body).await.expect(200);
    tenant.get("/api/v1/portfolios").await.expect(200);
    tenant.delete(TOTP).await.problem(409);
    let email = e2e::unique_email();
    let invite = json!({"email": email, "name": "Grace Hopper", "roles": ["user"]});
    tenant.post("/api/v1/users/invite", &invite).await.expect(201);
    let invitation = ballast.mailed_code(&email, "invited").await;
    let accept = json!({"invitation": invitation, "password": "three sleepy otters juggle"});
    let tokens = tenant.without_token().post("/api/v1/users/accept", &accept).await.data(200);
    let grace = tenant.with_token(tokens["access_token"].as_str().unwrap());
    assert_eq!(grace.get("/api/v1/portfolios").await.problem(403).kind(), "second-factor-required");
    let offer = grace.request("POST", TOTP).await.data(200);
    let code = json!({"code": App::new(offer["secret"].as_str().unwrap()).code(&ballast)});
    grace.post("/api/v1/auth/factors/totp/confirm", &code).await.expect(200);
    grace.get("/api/v1/portfolios").await.expect(200);
}

/// A key from before is no way past it.
#[tokio::test]
async fn a_key_of_a_user_without_a_second_factor_is_held_up_where_one_is_asked_for() {
    let Some(ballast) = start().await else { return };
    let (tenant, _, _) = enrolled(&ballast).await;
    ballast.verify(&tenant).await;
    let email = e2e::unique_email();
    let invite = json!({"email": email, "name": "Grace Hopper", "roles": ["user"]});
    tenant.post("/api/v1/users/invite", &invite).await.expect(201);
    let invitation = ballast.mailed_code(&email, "invited").await;
    let accept = json!({"invitation": invitation, "password": "three sleepy otters juggle"});
    let tokens = tenant.without_token().post("/api/v1/users/accept", &accept).await.data(200);
    let grace = tenant.with_token(tokens["access_token"].as_str().unwrap());
    let key = json!({"name": "Report", "permissions": ["portfolios:read"]});
    let key = grace.post("/api/v1/api-keys", &key).await.data(201);
    let by_key = tenant.with_token(key["key"].as_str().unwrap());
    by_key.get("/api/v1/portfolios").await.expect(200);
    let body = e2e::requests::with(crate::tenant_settings::settings(), "/mfa_required", json!(true));
    tenant.put("/api/v1/tenant", &body).await.expect(200);
    assert_eq!(by_key.get("/api/v1/portfolios").await.problem(403).kind(), "second-factor-required");
    let offer = grace.request("POST", TOTP).await.data(200);
    let code = json!({"code": App::new(offer["secret"].as_str().unwrap()).code(&ballast)});
    grace.post("/api/v1/auth/factors/totp/confirm", &code).await.expect(200);
    by_key.get("/api/v1/portfolios").await.expect(200);
}

/// Anybody can ask for codes by mail and answer them wrong: that must not hold up the app of who has the account.
#[tokio::test]
async fn strangers_hold_up_no_second_factor() {
    let Some(ballast) = start().await else { return };
    let (tenant, app, _) = enrolled(&ballast).await;
    ballast.advance(SignedDuration::from_secs(60));
    let stranger = ballast.visitor_from([127, 0, 0, 2]);
    let email = json!({"email": tenant.email});
    for _ in 0..3 {
        let asked = stranger.post("/api/v1/auth/forgot-password", &email).await.data(202);
        let guess = json!({"challenge_id": asked["challenge_id"], "code": "wrong", "new_password": "three sleepy otters juggle"});
        for _ in 0..6 {
            stranger.post("/api/v1/auth/reset-password", &guess).await.problem(401);
        }
    }
    let pending = first_factor(&tenant, &tenant.email).await;
    answer(&tenant, &pending, &app.code(&ballast)).await.expect(200);
    // Nor the way back in by mail.
    let sent = || async { (ballast.mails(&tenant.email, "new password") == 3).then_some(()) };
    e2e::eventually("the strangers' codes", sent).await;
    let asked = tenant.without_token().post("/api/v1/auth/forgot-password", &email).await.data(202);
    let sent = || async { (ballast.mails(&tenant.email, "new password") == 4).then_some(()) };
    e2e::eventually("the fourth code", sent).await;
    let code = ballast.mailed_code(&tenant.email, "new password").await;
    let reset = json!({"challenge_id": asked["challenge_id"], "code": code, "new_password": "three sleepy otters juggle"});
    tenant.without_token().post("/api/v1/auth/reset-password", &reset).await.expect(204);
}

#[tokio::test]
async fn a_recovery_code_used_many_times_at_once_is_good_once() {
    let Some(ballast) = start().await else { return };
    let (tenant, _, codes) = enrolled(&ballast).await;
    let mut pending = Vec::new();
    for _ in 0..5 {
        pending.push(first_factor(&tenant, &tenant.email).await);
    }
    let answers = join_all(pending.iter().map(|pending| answer(&tenant, pending, &codes[0]))).await;
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [200, 401].contains(status)), "{statuses:?}");
    assert_eq!(tenant.get("/api/v1/auth/factors").await.data(200)["recovery_codes_left"], 9);
}

#[tokio::test]
async fn what_happens_to_factors_is_recorded_and_told() {
    let Some(ballast) = start().await else { return };
    let (tenant, _, codes) = enrolled(&ballast).await;
    let pending = first_factor(&tenant, &tenant.email).await;
    answer(&tenant, &pending, "000000").await.problem(401);
    answer(&tenant, &pending, &codes[0]).await.expect(200);
    ballast.mail(&tenant.email, "recovery code was used").await;
    let wrong = json!({"password": PASSWORD, "code": "000000"});
    tenant.post("/api/v1/auth/reauthenticate", &wrong).await.problem(401);
    tenant
        .post("/api/v1/auth/reauthenticate", &json!({"password": PASSWORD, "code": codes[1]}))
        .await
        .expect(200);
    for (action, times) in [
        ("factor.offered", 1),
        ("factor.enrolled", 1),
        ("session.refused", 2),
        ("factor.recovery-code-used", 2),
    ] {
        let events = tenant.get(&format!("/api/v1/audit?action={action}")).await.data(200);
        assert_eq!(events.as_array().unwrap().len(), times, "{action}: {events}");
    }
}

#[tokio::test]
async fn every_change_of_a_factor_ends_the_other_sessions() {
    let Some(ballast) = start().await else { return };
    let (tenant, app, codes) = enrolled(&ballast).await;
    let mut codes = codes.into_iter();
    for (method, path) in [("POST", "/api/v1/auth/factors/recovery-codes"), ("DELETE", TOTP)] {
        let pending = first_factor(&tenant, &tenant.email).await;
        ballast.advance(SignedDuration::from_secs(60));
        let code = if method == "POST" { codes.next().unwrap() } else { app.code(&ballast) };
        let tokens = answer(&tenant, &pending, &code).await.data(200);
        let other = tenant.with_token(tokens["access_token"].as_str().unwrap());
        other.get("/api/v1/auth/me").await.expect(200);
        assert!(tenant.request(method, path).await.status < 300, "{path}");
        tenant.get("/api/v1/auth/me").await.expect(200);
        other.get("/api/v1/auth/me").await.problem(401);
    }
    let told = || async { (ballast.mails(&tenant.email, "second factor") == 3).then_some(()) };
    e2e::eventually("word of three changes", told).await;
}
