//! Staying in and getting out.

use e2e::{Ballast, Client};
use futures::future::join_all;
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
async fn a_refresh_token_used_twice_ends_its_whole_session() {
    let tenant = Ballast::start().await.tenant().await;
    let next = refresh(&tenant, &tenant.refresh_token).await.data(200);
    refresh(&tenant, &tenant.refresh_token).await.problem(401);
    refresh(&tenant, refresh_token(&next)).await.problem(401);
    tenant.get("/api/v1/auth/me").await.problem(401);
}

#[tokio::test]
async fn of_several_refreshes_at_once_one_wins_and_the_session_ends() {
    let tenant = Ballast::start().await.tenant().await;
    let answers = join_all((0..8).map(|_| refresh(&tenant, &tenant.refresh_token))).await;
    let won: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(won.len(), 1);
    assert!(answers.iter().all(|answer| [200, 401].contains(&answer.status)));
    refresh(&tenant, refresh_token(&won[0].clone().data(200))).await.problem(401);
}

#[tokio::test]
async fn a_refresh_token_that_was_made_up_is_refused() {
    let tenant = Ballast::start().await.tenant().await;
    let (session, secret) = tenant.refresh_token.split_once('.').unwrap();
    let unknown = format!("ses_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN.{secret}");
    for token in ["", "x", session, unknown.as_str(), tenant.access_token.as_str()] {
        refresh(&tenant, token).await.problem(401);
    }
    refresh(&tenant, &tenant.refresh_token).await.expect(200);
}

#[tokio::test]
async fn a_logout_ends_the_session_and_no_other() {
    let tenant = Ballast::start().await.tenant().await;
    let login = json!({"email": tenant.email, "password": e2e::PASSWORD});
    let other = tenant.without_token().post("/api/v1/auth/login", &login).await.data(200);
    for _ in 0..2 {
        tenant.request("POST", "/api/v1/auth/logout").await.expect(204);
    }
    refresh(&tenant, &tenant.refresh_token).await.problem(401);
    tenant.get("/api/v1/auth/me").await.problem(401);
    refresh(&tenant, refresh_token(&other)).await.expect(200);
}
