//! Staying in and getting out.

use std::future::IntoFuture;

use e2e::{Ballast, Client, InProcess, Options, Tables, Tenant, requests::with};
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn refresh(client: &Client, token: &str) -> e2e::Answer {
    client.without_token().post("/api/v1/auth/refresh", &json!({"refresh_token": token})).await
}

fn refresh_token(tokens: &Value) -> &str {
    tokens["refresh_token"].as_str().unwrap()
}

#[tokio::test]
async fn a_refresh_gives_the_next_pair_of_tokens() {
    let tenant = Ballast::start().await.tenant().await;
    let next = refresh(&tenant, &tenant.refresh_token).await.data(200);
    assert_ne!(refresh_token(&next), tenant.refresh_token);
    let client = tenant.with_token(next["access_token"].as_str().unwrap());
    assert_eq!(client.get("/api/v1/auth/me").await.data(200)["user"]["email"], tenant.email);
    refresh(&tenant, refresh_token(&next)).await.expect(200);
}

#[tokio::test]
async fn a_lost_answer_may_be_asked_for_again_for_half_a_minute() {
    let Some(ballast) = InProcess::start(Options::default().manual_clock()).await else { return };
    let tenant = ballast.tenant().await;
    let lost = refresh(&tenant, &tenant.refresh_token).await.data(200);
    ballast.advance(SignedDuration::from_secs(30));
    let next = refresh(&tenant, &tenant.refresh_token).await.data(200);
    let after = refresh(&tenant, refresh_token(&next)).await.data(200);
    refresh(&tenant, refresh_token(&after)).await.expect(200);
    // The answer that was thought lost is somebody's after all: somebody has a copy.
    refresh(&tenant, refresh_token(&lost)).await.problem(401);
    refresh(&tenant, refresh_token(&after)).await.problem(401);
    tenant.get("/api/v1/auth/me").await.problem(401);
}

#[tokio::test]
async fn a_used_refresh_token_ends_its_whole_session_once_its_grace_is_over() {
    let Some(ballast) = InProcess::start(Options::default().manual_clock()).await else { return };
    let tenant = ballast.tenant().await;
    let next = refresh(&tenant, &tenant.refresh_token).await.data(200);
    ballast.advance(SignedDuration::from_secs(20));
    let again = refresh(&tenant, &tenant.refresh_token).await.data(200);
    ballast.advance(SignedDuration::from_secs(11));
    refresh(&tenant, &tenant.refresh_token).await.problem(401);
    for dead in [&next, &again] {
        refresh(&tenant, refresh_token(dead)).await.problem(401);
    }
    tenant.get("/api/v1/auth/me").await.problem(401);
}

#[tokio::test]
async fn of_fifty_refreshes_at_once_one_chain_survives() {
    let Some(ballast) = Tables::start().await else { return };
    let tenant = ballast.tenant().await;
    let answers = join_all((0..50).map(|_| refresh(&tenant, &tenant.refresh_token))).await;
    let tokens: Vec<_> = answers
        .into_iter()
        .filter(|answer| answer.status == 200)
        .map(|answer| refresh_token(&answer.data(200)).to_owned())
        .collect();
    assert!(!tokens.is_empty());
    let me = tenant.get("/api/v1/auth/me").await.data(200);
    assert_eq!(me["session"]["current"], true, "a lost race is no theft");
    // All but one were displaced; the first of those that comes back ends the session.
    let (survivor, displaced) = crate::attacks::surviving(&ballast, &tenant, tokens).await;
    refresh(&tenant, &survivor).await.expect(200);
    tenant.get("/api/v1/auth/me").await.expect(200);
    for answer in join_all(displaced.iter().map(|token| refresh(&tenant, token))).await {
        answer.problem(401);
    }
    if !displaced.is_empty() {
        tenant.get("/api/v1/auth/me").await.problem(401);
    }
}

#[tokio::test]
async fn a_refresh_never_outlives_a_logout() {
    let ballast = Ballast::start().await;
    for _ in 0..8 {
        let tenant = ballast.tenant().await;
        let (refreshed, _) = futures::join!(
            refresh(&tenant, &tenant.refresh_token),
            tenant.request("POST", "/api/v1/auth/logout").into_future()
        );
        if refreshed.status == 200 {
            refresh(&tenant, refresh_token(&refreshed.data(200))).await.problem(401);
        }
        tenant.get("/api/v1/auth/me").await.problem(401);
    }
}

#[tokio::test]
async fn a_session_ends_idle_and_in_the_end() {
    let Some(ballast) = InProcess::start(Options::default().manual_clock()).await else { return };
    let (idle, used) = (ballast.tenant().await, ballast.tenant().await);
    let mut token = used.refresh_token.clone();
    // Thirty days but for a moment, seven at most in between.
    for days in [6, 6, 6, 6, 5] {
        ballast.advance(SignedDuration::from_hours(24 * days));
        token = refresh_token(&refresh(&used, &token).await.data(200)).to_owned();
    }
    refresh(&idle, &idle.refresh_token).await.problem(401);
    ballast.advance(SignedDuration::from_hours(24));
    refresh(&used, &token).await.problem(401);
}

#[tokio::test]
async fn logging_out_everywhere_ends_every_session_at_once() {
    let ballast = Ballast::start().await;
    let tenant = ballast.tenant().await;
    let other = login(&tenant).await;
    let client = tenant.with_token(other["access_token"].as_str().unwrap());
    let sessions = client.get("/api/v1/auth/sessions").await.data(200);
    let current: Vec<_> = sessions.as_array().unwrap().iter().map(|session| &session["current"]).collect();
    assert_eq!(current, [false, true]);
    client.request("POST", "/api/v1/auth/logout-all").await.expect(204);
    for dead in [&tenant.client, &client] {
        dead.get("/api/v1/auth/me").await.problem(401);
    }
    refresh(&tenant, &tenant.refresh_token).await.problem(401);
    refresh(&tenant, refresh_token(&other)).await.problem(401);
    login(&tenant).await;
}

#[tokio::test]
async fn one_session_ends_another_of_its_user_and_nobody_elses() {
    let ballast = Ballast::start().await;
    let (tenant, stranger) = (ballast.tenant().await, ballast.tenant().await);
    let other = login(&tenant).await;
    let path = format!("/api/v1/auth/sessions/{}", tenant.session_id());
    stranger.delete(&path).await.problem(404);
    tenant.get("/api/v1/auth/me").await.expect(200);
    let client = tenant.with_token(other["access_token"].as_str().unwrap());
    client.delete(&path).await.expect(204);
    tenant.get("/api/v1/auth/me").await.problem(401);
    assert_eq!(client.get("/api/v1/auth/sessions").await.data(200).as_array().unwrap().len(), 1);
}

async fn login(tenant: &Tenant) -> Value {
    let login = json!({"email": tenant.email, "password": e2e::PASSWORD});
    tenant.without_token().post("/api/v1/auth/login", &login).await.data(200)
}

#[tokio::test]
async fn a_refresh_token_that_was_made_up_is_refused() {
    let tenant = Ballast::start().await.tenant().await;
    let (ids, secret) = tenant.refresh_token.rsplit_once('.').unwrap();
    let unknown = format!("{0}.{0}.{0}.{secret}", "01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN");
    for token in ["", "x", ids, unknown.as_str(), tenant.access_token.as_str()] {
        refresh(&tenant, token).await.problem(401);
    }
    refresh(&tenant, &tenant.refresh_token).await.expect(200);
}

#[tokio::test]
async fn a_logout_ends_the_session_and_no_other() {
    let tenant = Ballast::start().await.tenant().await;
    let login = json!({"email": tenant.email, "password": e2e::PASSWORD});
    let other = tenant.without_token().post("/api/v1/auth/login", &login).await.data(200);
    tenant.request("POST", "/api/v1/auth/logout").await.expect(204);
    refresh(&tenant, &tenant.refresh_token).await.problem(401);
    tenant.get("/api/v1/auth/me").await.problem(401);
    refresh(&tenant, refresh_token(&other)).await.expect(200);
}

#[tokio::test]
async fn a_shorter_lifetime_reaches_sessions_that_are_open() {
    let Some(ballast) = InProcess::start(Options::default().manual_clock()).await else { return };
    let tenant = ballast.tenant().await;
    let limits = json!({"absolute_hours": 2, "idle_hours": 2});
    let body = with(crate::tenant_settings::settings(), "/sessions", limits);
    tenant.put("/api/v1/tenant", &body).await.expect(200);
    ballast.advance(SignedDuration::from_mins(119));
    let next = refresh(&tenant, &tenant.refresh_token).await.data(200);
    assert_eq!(next["refresh_expires_in"], 60);
    ballast.advance(SignedDuration::from_mins(1));
    refresh(&tenant, refresh_token(&next)).await.problem(401);
    login(&tenant).await;
}
