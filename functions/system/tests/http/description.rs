use axum::http::{StatusCode, header};

use crate::support::{get, get_with};

#[tokio::test]
async fn the_description_is_served_with_a_tag() {
    let answer = get("/openapi.json").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header(header::CONTENT_TYPE), "application/json");
    assert_eq!(answer.json()["openapi"], "3.1.0");
    let again = get_with("/openapi.json", header::IF_NONE_MATCH, answer.header(header::ETAG)).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}

#[test]
fn every_route_is_described() {
    let api = serde_json::to_value(system::openapi()).unwrap();
    let mut paths: Vec<_> = api["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    paths.sort_unstable();
    let expected = [
        "/",
        "/api/v1/status",
        "/docs",
        "/docs/{file}",
        "/health",
        "/openapi.json",
        "/redoc",
        "/redoc/{file}",
    ];
    assert_eq!(paths, expected);
    assert_eq!(api["servers"][0]["url"], ".");
}
