//! Too many failures: guesses are refused, and owners are not.

use e2e::{InProcess, Options, PASSWORD, Tenant, unique_email};
use jiff::SignedDuration;
use serde_json::json;

async fn start() -> Option<InProcess> {
    let options = Options::default().manual_clock().variable("LOGIN_FAILURES_PER_ADDRESS", 1_000_000);
    InProcess::start(options.variable("RATE_LIMITS", "address.login=100000/60")).await
}

async fn login(client: &e2e::Client, email: &str, password: &str) -> e2e::Answer {
    client.post("/api/v1/auth/login", &json!({"email": email, "password": password})).await
}

async fn fail(client: &e2e::Client, tenant: &Tenant, times: u32) {
    for _ in 0..times {
        login(client, &tenant.email, "wrong horse battery").await.problem(401);
    }
}

#[tokio::test]
async fn a_guesser_has_to_wait_longer_and_longer() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.tenant().await;
    let guesser = ballast.visitor_from([127, 0, 0, 2]);
    fail(&guesser, &tenant, 5).await;
    login(&guesser, &tenant.email, PASSWORD).await.expect(200);
    fail(&guesser, &tenant, 6).await;
    let held = login(&guesser, &tenant.email, PASSWORD).await.problem(401);
    let unknown = login(&guesser, &unique_email(), PASSWORD).await.problem(401);
    assert_eq!(held.detail(), unknown.detail());
    ballast.advance(SignedDuration::from_secs(1));
    fail(&guesser, &tenant, 1).await;
    ballast.advance(SignedDuration::from_secs(1));
    login(&guesser, &tenant.email, PASSWORD).await.problem(401);
    ballast.advance(SignedDuration::from_secs(1));
    login(&guesser, &tenant.email, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn nobody_locks_an_owner_out_from_elsewhere() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.tenant().await;
    let home = ballast.visitor_from([127, 0, 0, 3]);
    login(&home, &tenant.email, PASSWORD).await.expect(200);
    for address in 10..17 {
        fail(&ballast.visitor_from([127, 0, 0, address]), &tenant, 3).await;
    }
    // The account is locked for strangers, whatever they know.
    login(&ballast.visitor_from([127, 0, 0, 99]), &tenant.email, PASSWORD).await.problem(401);
    login(&home, &tenant.email, PASSWORD).await.expect(200);
    let word = ballast.mail(&tenant.email, "tries to log in").await;
    assert!(word.text.contains("forgot-password"));
}

#[tokio::test]
async fn a_new_password_by_mail_lifts_the_lock() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.tenant().await;
    for address in 10..17 {
        fail(&ballast.visitor_from([127, 0, 0, address]), &tenant, 3).await;
    }
    let stranger = ballast.visitor_from([127, 0, 0, 99]);
    login(&stranger, &tenant.email, PASSWORD).await.problem(401);
    let asked =
        stranger.post("/api/v1/auth/forgot-password", &json!({"email": tenant.email})).await.data(202);
    let code = ballast.mailed_code(&tenant.email, "new password").await;
    let reset = json!({"challenge_id": asked["challenge_id"], "code": code, "new_password": "three sleepy otters juggle"});
    stranger.post("/api/v1/auth/reset-password", &reset).await.expect(204);
    let elsewhere = ballast.visitor_from([127, 0, 0, 98]);
    login(&elsewhere, &tenant.email, "three sleepy otters juggle").await.expect(200);
}

#[tokio::test]
async fn unknown_addresses_are_counted_as_known_ones_are() {
    let Some(ballast) = start().await else { return };
    let (tenant, nobody) = (ballast.tenant().await, unique_email());
    let visitor = ballast.visitor_from([127, 0, 0, 4]);
    let mut answers = Vec::new();
    for email in [&tenant.email, &nobody] {
        let mut seen = Vec::new();
        for _ in 0..8 {
            let answer = login(&visitor, email, "wrong horse battery").await;
            let body = answer.json();
            seen.push((answer.status, body["detail"].clone(), body["type"].clone()));
        }
        answers.push(seen);
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn guesses_at_the_same_time_are_all_counted() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.tenant().await;
    let guesser = ballast.visitor_from([127, 0, 0, 5]);
    let wrong = (0..30).map(|_| login(&guesser, &tenant.email, "wrong horse battery"));
    for answer in futures::future::join_all(wrong).await {
        answer.problem(401);
    }
    login(&guesser, &tenant.email, PASSWORD).await.problem(401);
}

#[tokio::test]
async fn a_refresh_forgets_no_failure() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.tenant().await;
    let visitor = ballast.visitor_from([127, 0, 0, 6]);
    fail(&visitor, &tenant, 6).await;
    let body = json!({"refresh_token": tenant.refresh_token});
    visitor.post("/api/v1/auth/refresh", &body).await.expect(200);
    login(&visitor, &tenant.email, PASSWORD).await.problem(401);
}

#[tokio::test]
async fn one_address_that_tries_many_accounts_is_held_up() {
    let options = Options::default().manual_clock().variable("LOGIN_FAILURES_PER_ADDRESS", 5);
    let options = options.variable("RATE_LIMITS", "address.login=100000/60");
    let Some(ballast) = InProcess::start(options).await else { return };
    let tenant = ballast.tenant().await;
    let sprayer = ballast.visitor_from([127, 0, 0, 7]);
    for _ in 0..6 {
        login(&sprayer, &unique_email(), PASSWORD).await.problem(401);
    }
    login(&sprayer, &tenant.email, PASSWORD).await.problem(401);
    login(&ballast.visitor_from([127, 0, 0, 8]), &tenant.email, PASSWORD).await.expect(200);
    ballast.advance(SignedDuration::from_mins(16));
    login(&sprayer, &tenant.email, PASSWORD).await.expect(200);
}
