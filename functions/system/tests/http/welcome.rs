use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use lambda_http::request::RequestContext;
use serde_json::json;

use crate::support::{call, get, get_with, service};

#[tokio::test]
async fn health_asks_nobody() {
    let answer = get("/health").await;
    assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({"data": {"status": "ok"}})));
}

#[tokio::test]
async fn another_method_is_a_problem_that_names_the_right_one() {
    let request = Request::post("/health").body(Body::empty()).unwrap();
    let answer = call(service("http://127.0.0.1:9"), request).await;
    answer.assert_problem(StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header(header::ALLOW), "GET,HEAD");
}

#[tokio::test]
async fn welcome_links_to_what_is_served() {
    let welcome = get("/").await.json();
    for link in ["docs", "redoc", "openapi", "health"] {
        let path = welcome["data"]["links"][link].as_str().unwrap();
        assert_eq!(get(path).await.status, StatusCode::OK, "{link}");
    }
    assert_eq!(welcome["data"]["links"]["status"], "/api/v1/status");
}

#[tokio::test]
async fn browsers_get_a_page_and_programs_get_json() {
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for (accept, content_type) in [
        (browser, "text/html; charset=utf-8"),
        ("application/json, text/html", "application/json"),
        ("*/*", "application/json"),
        ("", "application/json"),
    ] {
        let answer = get_with("/", header::ACCEPT, accept).await;
        assert_eq!(answer.header(header::CONTENT_TYPE), content_type, "{accept}");
        assert_eq!(answer.header(header::VARY), "Accept");
    }
    let page = get_with("/", header::ACCEPT, browser).await.body;
    assert!(page.contains("href=\"/docs\"") && page.contains(env!("CARGO_PKG_VERSION")));
    assert!(["{base}", "{description}", "{version}"].iter().all(|hole| !page.contains(hole)));
}

#[tokio::test]
async fn links_go_through_the_stage_that_the_client_came_by() {
    for (path, docs) in [("/dev", "/dev/docs"), ("/dev/", "/dev/docs"), ("/\"><script>", "/docs")] {
        let context: RequestContext = serde_json::from_value(
            json!({"path": path, "stage": "dev", "httpMethod": "GET", "identity": {}}),
        )
        .unwrap();
        let request = Request::get("/").extension(context).body(Body::empty()).unwrap();
        let answer = call(service("http://127.0.0.1:9"), request).await;
        assert_eq!(answer.json()["data"]["links"]["docs"], docs);
    }
}
