//! Too many requests, from one address and from many.

use std::time::Instant;

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::{Answer, Ballast, InProcess, Options, VAR_CVAR, registration, requests, unique_email};
use futures::future::{join, join_all};
use serde_json::{Value, json};

fn limits(text: &str) -> Options {
    Options::default().variable("RATE_LIMITS", text)
}

fn wrong_login() -> Value {
    json!({"email": "nobody@example.com", "password": "wrong horse battery"})
}

#[track_caller]
fn assert_limited(answer: &Answer, policy: &str) {
    let answer = answer.clone();
    assert!(answer.header("ratelimit-policy").contains(policy), "{:?}", answer.headers);
    assert!(answer.header("ratelimit").contains(";r=0;t="), "{:?}", answer.headers);
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!(wait >= 1);
    assert_eq!(answer.problem(429).kind(), "too-many-requests");
}

#[tokio::test]
async fn every_answer_tells_where_the_client_stands() {
    let tenant = Ballast::start().await.tenant().await;
    for answer in [
        tenant.get("/api/v1/portfolios").await.expect(200),
        tenant.get("/api/v1/portfolios/x").await.expect(404),
        tenant.post("/api/v1/portfolios", &requests::stored_portfolio("Mine")).await.expect(201),
    ] {
        let (policy, standing) = (answer.header("ratelimit-policy"), answer.header("ratelimit"));
        for counted in ["\"user\";q=", "\"tenant\";q="] {
            assert!(policy.contains(counted), "{policy}");
        }
        assert!(standing.contains("\"user\";r=") && standing.contains("\"tenant\";r="), "{standing}");
    }
    let stranger = tenant.without_token().get("/api/v1/portfolios").await.expect(401);
    assert!(stranger.header("ratelimit-policy").starts_with("\"address\";q="), "{:?}", stranger.headers);
}

/// The most that any window of a second may see is the quota, however many ask at once.
#[tokio::test]
async fn sixteen_clients_never_get_more_than_the_quota_in_any_window() {
    let Some(ballast) = InProcess::start(limits("user.read=40/1 tenant.read=1000000/1")).await else {
        return;
    };
    let tenant = ballast.tenant().await;
    let start = Instant::now();
    let client = async |_| {
        let mut admitted = Vec::new();
        for _ in 0..60 {
            let sent = start.elapsed().as_secs_f64();
            let answer = tenant.get("/api/v1/tasks/active").await;
            let answered = start.elapsed().as_secs_f64();
            match answer.status {
                200 => admitted.push((sent, answered)),
                429 => assert_limited(&answer, "\"user\";q=40;w=1"),
                other => panic!("{other}: {}", answer.body),
            }
        }
        admitted
    };
    let admitted: Vec<(f64, f64)> = join_all((0..16).map(client)).await.concat();
    assert!(admitted.len() >= 20, "{}", admitted.len());
    // Each was counted somewhere between its sending and its answer, so a window that surely holds all of these is one
    // that begins before the first was sent and ends after the last was answered.
    let mut most = 0;
    for (begin, _) in &admitted {
        let within = admitted.iter().filter(|(sent, answered)| sent >= begin && *answered < begin + 1.0);
        most = most.max(within.count());
    }
    assert!(most <= 40, "{most} in a second");
    let total = start.elapsed().as_secs_f64();
    assert!(admitted.len() as f64 <= 20.0 + 20.0 * total + 1.0, "{} in {total} s", admitted.len());
}

#[tokio::test]
async fn ten_thousand_logins_from_one_address() {
    let Some(ballast) = InProcess::start(limits("address.login=20/3600")).await else { return };
    let visitor = ballast.visitor();
    let login = async |_| visitor.post("/api/v1/auth/login", &wrong_login()).await;
    let answers = join_all((0..60).map(login)).await;
    let tried = answers.iter().filter(|answer| answer.status == 401).count();
    assert!((1..=20).contains(&tried), "{tried}");
    for answer in answers.iter().filter(|answer| answer.status != 401) {
        assert_limited(answer, "\"address\";q=20;w=3600");
    }
    // Who lies about the address, or shows a token, is counted all the same.
    for (name, value) in [
        ("x-forwarded-for", "198.51.100.7"),
        ("x-real-ip", "198.51.100.7"),
        ("forwarded", "for=198.51.100.7"),
    ] {
        let answer = visitor.post("/api/v1/auth/login", &wrong_login()).header(name, value).await;
        assert_limited(&answer, "\"address\"");
    }
    let other = ballast.visitor_from([127, 0, 0, 9]);
    other.post("/api/v1/auth/login", &wrong_login()).await.problem(401);
}

#[tokio::test]
async fn a_token_buys_no_guesses() {
    let Some(ballast) = InProcess::start(limits("address.login=6/3600")).await else { return };
    let tenant = ballast.tenant().await;
    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(tenant.post("/api/v1/auth/login", &wrong_login()).await.status);
    }
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
}

#[tokio::test]
async fn guessed_tokens_and_keys_are_counted_by_address() {
    let Some(ballast) = InProcess::start(limits("address.read=10/3600")).await else { return };
    let tenant = ballast.tenant().await;
    let mut statuses = Vec::new();
    for number in 0..12 {
        let guess = tenant.with_token(&format!("{}{number}", tenant.access_token));
        statuses.push(guess.get("/api/v1/portfolios").await.status);
    }
    assert!(statuses.iter().filter(|status| **status == 401).count() <= 10, "{statuses:?}");
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
    // The user itself is counted by its own measure.
    tenant.get("/api/v1/portfolios").await.expect(200);
}

/// A key that can't be looked up, or whose tenant is held up, is nobody's to be counted for.
#[tokio::test]
async fn keys_that_lead_to_nobody_are_counted_by_address() {
    let Some(ballast) = InProcess::start(limits("address.read=10/3600")).await else { return };
    let tenant = ballast.tenant().await;
    let wanted = json!({"name": "Mine", "permissions": ["portfolios:read"], "expires_in_days": 30});
    let made = tenant.post("/api/v1/api-keys", &wanted).await.data(201);
    let by_key = tenant.with_token(made["key"].as_str().unwrap());
    by_key.get("/api/v1/portfolios").await.expect(200);
    let suspended = AttributeValue::S("suspended".to_owned());
    ballast.set(&tenant, "TENANT", &tenant.id, "status", suspended).await;
    let mut statuses = Vec::new();
    for _ in 0..12 {
        statuses.push(by_key.get("/api/v1/portfolios").await.status);
    }
    assert!(statuses.iter().filter(|status| **status == 403).count() <= 10, "{statuses:?}");
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
}

#[tokio::test]
async fn what_a_user_may_not_have_takes_nothing_from_the_tenant() {
    let Some(ballast) = InProcess::start(limits("user.read=8/3600 tenant.read=20/3600")).await else {
        return;
    };
    let tenant = ballast.proven_tenant().await;
    let email = unique_email();
    let invitation = json!({"email": email, "name": "Grace Hopper", "roles": ["viewer"]});
    tenant.post("/api/v1/users/invite", &invitation).await.expect(201);
    let invitation = ballast.mailed_code(&email, "invited").await;
    let body = json!({"invitation": invitation, "password": e2e::PASSWORD});
    let tokens = tenant.without_token().post("/api/v1/users/accept", &body).await.data(200);
    let colleague = tenant.with_token(tokens["access_token"].as_str().unwrap());
    for _ in 0..4 {
        tenant.get("/api/v1/portfolios").await.expect(200);
    }
    for _ in 0..20 {
        let refused = tenant.get("/api/v1/portfolios").await;
        assert_limited(&refused, "\"user\";q=8;w=3600");
        assert!(!refused.header("ratelimit").contains("tenant"), "{:?}", refused.headers);
    }
    for _ in 0..4 {
        colleague.get("/api/v1/portfolios").await.expect(200);
    }
}

#[tokio::test]
async fn reads_of_all_there_is_are_counted_as_work() {
    let Some(ballast) = InProcess::start(limits("user.compute=4/3600")).await else { return };
    let tenant = ballast.tenant().await;
    for path in ["/api/v1/audit/verify", "/api/v1/tenant/usage"] {
        tenant.get(path).await.expect(200);
    }
    assert_limited(&tenant.get("/api/v1/audit/verify").await, "\"user\";q=4;w=3600");
    tenant.get("/api/v1/audit").await.expect(200);
}

/// A stolen token, or that of somebody who had to go, is refused; and it does not keep the others out either.
#[tokio::test]
async fn the_token_of_a_session_that_is_over_uses_up_nobodys_quota() {
    let Some(ballast) = InProcess::start(limits("user.read=20/3600 tenant.read=20/3600")).await else {
        return;
    };
    let tenant = ballast.tenant().await;
    let login = json!({"email": tenant.email, "password": e2e::PASSWORD});
    let tokens = tenant.without_token().post("/api/v1/auth/login", &login).await.data(200);
    let present = tenant.with_token(tokens["access_token"].as_str().unwrap());
    tenant.post("/api/v1/auth/logout", &json!({})).await.expect(204);
    for _ in 0..15 {
        tenant.get("/api/v1/portfolios").await.problem(401);
    }
    for _ in 0..8 {
        present.get("/api/v1/portfolios").await.expect(200);
    }
}

#[tokio::test]
async fn a_user_and_a_tenant_have_their_own_quotas_by_class() {
    let Some(ballast) = InProcess::start(limits("user.compute=2/3600 tenant.write=4/3600")).await else {
        return;
    };
    let tenant = ballast.tenant().await;
    tenant.post(VAR_CVAR, &requests::small_var_cvar()).await.expect(202);
    assert_limited(&tenant.post(VAR_CVAR, &requests::small_var_cvar()).await, "\"user\";q=2;w=3600");
    let body = requests::stored_portfolio("Mine");
    for _ in 0..2 {
        tenant.post("/api/v1/portfolios", &body).await.expect(201);
    }
    assert_limited(&tenant.post("/api/v1/portfolios", &body).await, "\"tenant\";q=4;w=3600");
    tenant.get("/api/v1/portfolios").await.expect(200);
    let other = ballast.tenant().await;
    other.post("/api/v1/portfolios", &body).await.expect(201);
}

#[tokio::test]
async fn registrations_in_numbers() {
    let Some(ballast) = InProcess::start(limits("address.login=4/3600")).await else { return };
    let visitor = ballast.visitor();
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(visitor.post("/api/v1/auth/register", &registration(&unique_email())).await.status);
    }
    assert_eq!(statuses, [201, 201, 429, 429]);
}

#[tokio::test]
async fn without_counting_reads_go_on_and_guesses_do_not() {
    let Some(ballast) = InProcess::start(Options::default().variable("TRANSIENT_TABLE", "nowhere")).await
    else {
        return;
    };
    let visitor = ballast.visitor();
    visitor.get("/api/v1/status").await.expect(503);
    visitor.get("/api/v1/portfolios").await.problem(401);
    visitor.get("/.well-known/jwks.json").await.expect(200);
    for path in ["/api/v1/auth/login", "/api/v1/auth/register", "/api/v1/auth/refresh"] {
        let problem = visitor.post(path, &wrong_login()).await.problem(503);
        assert_eq!(problem.kind(), "unavailable", "{path}");
    }
}

/// Every guess costs a hash, whether it may be right or not, so that time tells nothing; a hundred and twenty show what
/// ten thousand would, which take a machine of two cores minutes. What is shown: the account is locked for strangers after
/// the first few, all get the same answer, and its owner notices nothing but a mail.
#[tokio::test]
async fn guesses_spread_over_many_addresses() {
    let Some(ballast) = InProcess::start(limits("address.login=100000/60").manual_clock()).await else {
        return;
    };
    let tenant = ballast.tenant().await;
    let login = json!({"email": tenant.email, "password": e2e::PASSWORD});
    let home = ballast.visitor_from([127, 0, 1, 1]);
    home.post("/api/v1/auth/login", &login).await.expect(200);
    let guess = json!({"email": tenant.email, "password": "wrong horse battery"});
    let guessers: Vec<_> = (1..=60).map(|host| ballast.visitor_from([127, 0, 2, host])).collect();
    let flood = join_all((0..120).map(async |number: usize| {
        guessers[number % guessers.len()].post("/api/v1/auth/login", &guess).await
    }));
    let owner = async {
        for _ in 0..3 {
            home.post("/api/v1/auth/login", &login).await.expect(200);
        }
    };
    let (answers, ()) = join(flood, owner).await;
    let first = answers[0].clone().problem(401);
    for answer in answers {
        assert_eq!(answer.problem(401).detail(), first.detail());
    }
    // Who has guessed right by now is not let in from there.
    let stranger = ballast.visitor_from([127, 0, 3, 1]);
    for _ in 0..25 {
        stranger.post("/api/v1/auth/login", &guess).await.problem(401);
    }
    assert_eq!(stranger.post("/api/v1/auth/login", &login).await.problem(401).detail(), first.detail());
    home.post("/api/v1/auth/login", &login).await.expect(200);
    ballast.mail(&tenant.email, "tries to log in").await;
    assert!(ballast.mails(&tenant.email, "tries to log in") <= 4, "word, and no flood of it");
}
