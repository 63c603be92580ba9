//! `Idempotency-Key`: a POST that is sent again does nothing twice.

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::{Ballast, InProcess, MONTE_CARLO, Options, PASSWORD, VAR_CVAR, requests};
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::json;

/// Longer than any attempt is in progress.
const LAPSED: SignedDuration = SignedDuration::from_secs(36);

#[tokio::test]
async fn the_same_key_and_body_give_the_same_task() {
    let tenant = Ballast::start().await.tenant().await;
    let send = |key: &str| tenant.post(VAR_CVAR, &requests::small_var_cvar()).header("idempotency-key", key);
    let first = send("one").await.expect(202);
    let again = send("one").await.expect(202);
    assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), ("", "true"));
    assert_eq!((again.header("location"), &again.body), (first.header("location"), &first.body));
    let quoted = send("\"one\"").await.expect(202);
    assert_eq!(quoted.body, first.body, "the quoted form is the same key");
    assert_ne!(send("two").await.expect(202).body, first.body);
    assert_eq!(tenant.task_ids().await.len(), 2);
}

#[tokio::test]
async fn the_same_key_with_another_body_is_refused() {
    let tenant = Ballast::start().await.tenant().await;
    let mut body = requests::small_simulation();
    tenant.post(MONTE_CARLO, &body).header("idempotency-key", "k").await.expect(202);
    body["seed"] = json!(2);
    let problem = tenant.post(MONTE_CARLO, &body).header("idempotency-key", "k").await.problem(422);
    assert_eq!(problem.kind(), "idempotency-key-reused");
    assert_eq!(tenant.task_ids().await.len(), 1, "nothing changed");
}

#[tokio::test]
async fn requests_at_the_same_time_make_one_task() {
    let tenant = Ballast::start().await.tenant().await;
    let body = requests::small_var_cvar();
    let send = || async { tenant.post(VAR_CVAR, &body).header("idempotency-key", "k").await };
    let answers = join_all((0..8).map(|_| send())).await;
    for answer in answers {
        match answer.status {
            202 => {}
            409 => {
                assert_eq!(answer.header("retry-after"), "1");
                assert_eq!(answer.problem(409).kind(), "in-progress");
            }
            status => panic!("{status}: {}", answer.body),
        }
    }
    assert_eq!(tenant.task_ids().await.len(), 1);
}

#[tokio::test]
async fn a_refused_request_uses_no_key_up() {
    let tenant = Ballast::start().await.tenant().await;
    let bad = json!({"name": "", "base_currency": "USD", "holdings": []});
    tenant.post("/api/v1/portfolios", &bad).header("idempotency-key", "k").await.problem(422);
    let good = requests::stored_portfolio("Good");
    tenant.post("/api/v1/portfolios", &good).header("idempotency-key", "k").await.expect(201);
    let again = tenant.post("/api/v1/portfolios", &good).header("idempotency-key", "k").await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), again.header("etag")), ("true", "\"v1\""));
    assert_eq!(tenant.get("/api/v1/portfolios").await.data(200).as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_key_belongs_to_its_tenant_and_route_and_not_to_a_token() {
    let ballast = Ballast::start().await;
    let (tenant, other) = (ballast.tenant().await, ballast.tenant().await);
    let body = requests::small_var_cvar();
    let first = tenant.post(VAR_CVAR, &body).header("idempotency-key", "k").await.expect(202);
    let foreign = other.post(VAR_CVAR, &body).header("idempotency-key", "k").await.expect(202);
    assert_ne!(first.body, foreign.body);
    tenant.post(MONTE_CARLO, &requests::small_simulation()).header("idempotency-key", "k").await.expect(202);

    let login = json!({"email": tenant.email, "password": PASSWORD});
    let tokens = tenant.without_token().post("/api/v1/auth/login", &login).await.data(200);
    let later = tenant.with_token(tokens["access_token"].as_str().unwrap());
    let again = later.post(VAR_CVAR, &body).header("idempotency-key", "k").await.expect(202);
    assert_eq!(again.body, first.body, "a new token of the same tenant");
}

#[tokio::test]
async fn a_key_has_1_to_255_characters() {
    let tenant = Ballast::start().await.tenant().await;
    let send = |key: &str| tenant.post(VAR_CVAR, &requests::small_var_cvar()).header("idempotency-key", key);
    for key in ["\"\"", &"k".repeat(256)] {
        send(key).await.problem(400);
    }
    assert!(tenant.task_ids().await.is_empty(), "nothing changed");
    send(&"k".repeat(255)).await.expect(202);
}

/// An answer above 256 KB is not kept; to the next attempt that is the same as a function that died after its change.
#[tokio::test]
async fn what_was_carried_out_is_never_run_again_though_its_answer_is_lost() {
    let Some(ballast) = InProcess::start(Options::default().manual_clock()).await else { return };
    let tenant = ballast.tenant().await;
    let body = json!({"content": "\u{1}".repeat(50_000)});
    let send = || tenant.post("/api/v1/notes/AAPL", &body).header("idempotency-key", "k");
    send().await.expect(200);
    assert_eq!(send().await.problem(409).kind(), "in-progress");
    for _ in 0..2 {
        ballast.advance(LAPSED);
        let problem = send().await.problem(409);
        assert_eq!(problem.kind(), "answer-lost");
    }
    let other = json!({"content": "Another"});
    let reused = tenant.post("/api/v1/notes/AAPL", &other).header("idempotency-key", "k").await;
    assert_eq!(reused.problem(422).kind(), "idempotency-key-reused");
    let note = tenant.get("/api/v1/notes/AAPL").await.expect(200);
    assert_eq!(note.header("etag"), "\"v1\"");
}

#[tokio::test]
async fn an_error_of_ours_holds_the_key_until_the_attempt_is_over() {
    let Some(ballast) = InProcess::start(Options::default().manual_clock()).await else { return };
    let tenant = ballast.tenant().await;
    let empty = json!({"name": "By transactions", "base_currency": "USD", "holdings": []});
    let portfolio = tenant.post("/api/v1/portfolios", &empty).await.data(201);
    let id = portfolio["id"].as_str().unwrap();
    let name = |value| ballast.set(&tenant, "PORTFOLIO", id, "name", value);
    let path = format!("/api/v1/portfolios/{id}/transactions");
    let send = || tenant.post(&path, &requests::deposit("100.00")).header("idempotency-key", "k");
    name(AttributeValue::Bool(true)).await;
    send().await.problem(500);
    name(AttributeValue::S("Mended".to_owned())).await;
    assert_eq!(send().await.problem(409).kind(), "in-progress", "nobody knows yet what was done");
    ballast.advance(LAPSED);
    let first = send().await.expect(201);
    let again = send().await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &first.body));
    assert_eq!(tenant.get(&path).await.data(200).as_array().unwrap().len(), 1);
}
