//! Refresh tokens, raced and replayed.

use domain::digest::sha256_hex;
use e2e::{Answer, Ballast, Client, Tables, Tenant};
use futures::future::{join, join_all};
use serde_json::json;

async fn refresh(client: &Client, token: &str) -> Answer {
    client.without_token().post("/api/v1/auth/refresh", &json!({"refresh_token": token})).await
}

fn next(answer: &Answer) -> String {
    answer.json()["data"]["refresh_token"].as_str().unwrap().to_owned()
}

/// The one of these tokens that continues the session, as its item says, and the others.
pub async fn surviving(ballast: &Tables, tenant: &Tenant, tokens: Vec<String>) -> (String, Vec<String>) {
    let session = format!("{}#{}", tenant.user_id(), tenant.session_id());
    let item = ballast.item(tenant, "SESSION", &session).await;
    let hash = item["data"].as_m().unwrap()["refresh_token_hash"].as_s().unwrap();
    let (mut one, others): (Vec<_>, Vec<_>) =
        tokens.into_iter().partition(|token| sha256_hex(token) == *hash);
    (one.pop().expect("one of them continues"), others)
}

async fn is_dead(tenant: &Tenant, tokens: &[String]) {
    tenant.get("/api/v1/portfolios").await.problem(401);
    for token in tokens {
        refresh(tenant, token).await.problem(401);
    }
}

#[tokio::test]
async fn of_fifty_concurrent_refreshes_one_chain_survives() {
    let Some(ballast) = Tables::start().await else { return };
    let tenant = ballast.tenant().await;
    let answers = join_all((0..50).map(|_| refresh(&tenant, &tenant.refresh_token))).await;
    // Who came too late to write is told to try again; nobody is taken for a thief.
    assert!(answers.iter().all(|answer| [200, 401, 409].contains(&answer.status)));
    let won: Vec<_> = answers.iter().filter(|answer| answer.status == 200).map(next).collect();
    assert!(!won.is_empty());
    tenant.get("/api/v1/portfolios").await.expect(200);
    let (survivor, displaced) = surviving(&ballast, &tenant, won).await;
    let child = next(&refresh(&tenant, &survivor).await.expect(200));
    // Every token but that one is displaced, and a displaced one ends the session.
    for token in &displaced {
        refresh(&tenant, token).await.problem(401);
    }
    let alive = refresh(&tenant, &child).await.status == 200;
    assert_eq!(alive, displaced.is_empty(), "one chain, which ends with the first of the others");
}

#[tokio::test]
async fn a_replayed_refresh_token_ends_everything_that_came_of_it() {
    let tenant = Ballast::start().await.tenant().await;
    let first = next(&refresh(&tenant, &tenant.refresh_token).await.expect(200));
    let second = next(&refresh(&tenant, &first).await.expect(200));
    // Two generations old: no lost answer explains that.
    refresh(&tenant, &tenant.refresh_token).await.problem(401);
    is_dead(&tenant, &[first, second]).await;
}

#[tokio::test]
async fn a_child_of_a_displaced_branch_is_dead() {
    let tenant = Ballast::start().await.tenant().await;
    let displaced = next(&refresh(&tenant, &tenant.refresh_token).await.expect(200));
    let present = next(&refresh(&tenant, &tenant.refresh_token).await.expect(200));
    assert_ne!(displaced, present);
    refresh(&tenant, &displaced).await.problem(401);
    is_dead(&tenant, &[present]).await;
}

#[tokio::test]
async fn a_logout_wins_every_race_against_a_refresh() {
    let ballast = Ballast::start().await;
    for _ in 0..8 {
        let tenant = ballast.tenant().await;
        let logout = async { tenant.request("POST", "/api/v1/auth/logout").await };
        let (logout, refreshed) = join(logout, refresh(&tenant, &tenant.refresh_token)).await;
        // Whoever was first: after the logout nothing goes on.
        assert!([204, 401].contains(&logout.status), "{}", logout.body);
        assert_eq!(logout.status, 204, "a refresh ends no session");
        tenant.get("/api/v1/portfolios").await.problem(401);
        if refreshed.status == 200 {
            refresh(&tenant, &next(&refreshed)).await.problem(401);
            let data = refreshed.json();
            let token = data["data"]["access_token"].as_str().unwrap();
            tenant.with_token(token).get("/api/v1/portfolios").await.problem(401);
        }
    }
}

/// Ids stand in access tokens and in the audit log: who knows them must not end a session by making up a secret.
#[tokio::test]
async fn a_token_forged_from_a_sessions_ids_ends_nothing() {
    let ballast = Ballast::start().await;
    let (tenant, other) = (ballast.tenant().await, ballast.tenant().await);
    let ids = tenant.refresh_token.splitn(4, '.').take(3).collect::<Vec<_>>().join(".");
    let (_, own_secret) = tenant.refresh_token.split_at(ids.len() + 1);
    let (_, foreign_secret) = other.refresh_token.split_at(ids.len() + 1);
    let other_letter = if own_secret[7..].starts_with('A') { "B" } else { "A" };
    let bent = format!("{}{other_letter}{}", &own_secret[..7], &own_secret[8..]);
    let made_up = "A".repeat(43);
    for secret in [foreign_secret, &bent, &made_up, &format!("{made_up}.1:{made_up}"), ""] {
        refresh(&tenant, &format!("{ids}.{secret}")).await.problem(401);
    }
    tenant.get("/api/v1/portfolios").await.expect(200);
    let stolen = tenant.get("/api/v1/audit?action=session.reuse-detected").await.data(200);
    assert_eq!(stolen, json!([]), "nobody is taken for a thief");
    refresh(&tenant, &tenant.refresh_token).await.expect(200);
}
