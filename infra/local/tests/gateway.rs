//! The HTTP side: which function answers, and what the gateway says itself.

use crate::fixtures::{API, idle, start};
use axum::Router;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::routing::get;
use local::Stack;
use local::delivery::DeliveryOptions;
use reqwest::{Client, Method};
use serde_json::Value;

async fn stack() -> Stack {
    let router = Router::new()
        .route(
            "/api/v1/portfolios",
            get(|| async { "list" }).post(|body: String| async move { body.len().to_string() }),
        )
        .route("/api/v1/portfolios/search", get(|| async { "search" }))
        .route(
            "/api/v1/portfolios/{id}",
            get(|Path(id): Path<String>, headers: HeaderMap| async move {
                assert_ne!(id, "panic");
                format!("{id} for {}", headers["x-forwarded-for"].to_str().unwrap())
            }),
        )
        .layer(axum::extract::DefaultBodyLimit::disable());
    start(idle().http(API, router), DeliveryOptions::default()).await
}

async fn problem(response: reqwest::Response) -> Value {
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    let status = response.status().as_u16();
    let document: Value = response.json().await.unwrap();
    assert_eq!((&document["status"], &document["request_id"]), (&status.into(), &id.into()));
    document
}

#[tokio::test]
async fn a_route_reaches_the_function_that_owns_it() {
    let stack = stack().await;
    let text = async |path: &str| {
        reqwest::get(format!("{}{path}", stack.base_url())).await.unwrap().text().await.unwrap()
    };
    assert_eq!(text("/api/v1/portfolios").await, "list");
    assert_eq!(text("/api/v1/portfolios/search").await, "search", "a literal goes before a variable");
    assert_eq!(text("/api/v1/portfolios/pf_1").await, "pf_1 for 127.0.0.1");
    let proxied = Client::new().get(format!("{}/api/v1/portfolios/x", stack.base_url()));
    let proxied = proxied.header("x-forwarded-for", "10.0.0.1").send().await.unwrap();
    assert_eq!(proxied.text().await.unwrap(), "x for 10.0.0.1, 127.0.0.1");
}

#[tokio::test]
async fn an_unknown_path_is_a_problem() {
    let stack = stack().await;
    for path in ["/", "/api/v1", "/api/v1/portfolios/", "/api/v1/portfolios/a/b"] {
        let request = Client::new().get(format!("{}{path}", stack.base_url())).header("x-request-id", "mine");
        let document = problem(request.send().await.unwrap()).await;
        assert_eq!((&document["status"], &document["instance"]), (&404.into(), &path.into()));
        assert_eq!(document["request_id"], "mine");
    }
}

#[tokio::test]
async fn another_method_is_answered_by_the_router() {
    let stack = stack().await;
    let url = format!("{}/api/v1/portfolios/pf_1", stack.base_url());
    let response = Client::new().request(Method::PATCH, url).send().await.unwrap();
    assert_eq!(response.status(), 405);
    assert_eq!(response.headers()["allow"], "GET,HEAD");
}

#[tokio::test]
async fn a_body_of_more_than_ten_megabytes_is_refused() {
    let stack = stack().await;
    let post = async |size: usize| {
        let request = Client::new().post(format!("{}/api/v1/portfolios", stack.base_url()));
        request.body(vec![b'x'; size]).send().await.unwrap()
    };
    assert_eq!(post(10 << 20).await.text().await.unwrap(), (10 << 20).to_string());
    assert_eq!(problem(post((10 << 20) + 1).await).await["status"], 413);
}

#[tokio::test]
async fn a_function_that_panics_is_a_problem_of_its_own() {
    let stack = stack().await;
    let response = reqwest::get(format!("{}/api/v1/portfolios/panic", stack.base_url())).await.unwrap();
    assert_eq!(problem(response).await["status"], 502);
    assert_eq!(reqwest::get(format!("{}/api/v1/portfolios", stack.base_url())).await.unwrap().status(), 200);
}
