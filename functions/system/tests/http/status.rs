use std::time::{Duration, Instant};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde_json::json;
use tokio::net::TcpListener;

use crate::support::{Answer, call, service};

/// What stands in AWS's place, and how it is doing.
#[derive(Clone, Copy, PartialEq)]
enum Aws {
    Well,
    WithoutQueue,
    WithSlowBucket,
}

async fn answer(aws: Aws, headers: HeaderMap) -> Response {
    match headers.get("x-amz-target").map(|target| target.to_str().unwrap()) {
        Some("AmazonSQS.GetQueueAttributes") if aws == Aws::WithoutQueue => {
            (StatusCode::INTERNAL_SERVER_ERROR, "an inner secret").into_response()
        }
        Some("AmazonSQS.GetQueueAttributes" | "DynamoDB_20120810.DescribeTable") => "{}".into_response(),
        Some(target) => panic!("{target} is not for a status to call"),
        None => {
            if aws == Aws::WithSlowBucket {
                tokio::time::sleep(Duration::from_mins(1)).await;
            }
            StatusCode::OK.into_response()
        }
    }
}

async fn status_with(aws: Aws) -> Answer {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(move |headers: HeaderMap| answer(aws, headers));
    tokio::spawn(axum::serve(listener, router).into_future());
    call(service(&address), Request::get("/api/v1/status").body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn all_is_well_when_every_part_answers() {
    let answer = status_with(Aws::Well).await;
    let data = answer.json()["data"].clone();
    assert_eq!(answer.status, StatusCode::OK, "{data}");
    assert_eq!((&data["status"], &data["stage"]), (&json!("ok"), &json!("test")));
    for part in ["store", "queue", "bucket"] {
        assert_eq!(data["parts"][part]["answers"], true);
        assert!(data["parts"][part]["latency_ms"].as_f64().unwrap() >= 0.0);
    }
    let time = |field: &str| data[field].as_str().unwrap().parse::<Timestamp>().unwrap();
    assert!(time("started_at") <= time("time"));
}

#[tokio::test]
async fn a_part_that_fails_is_named_without_its_reasons() {
    let answer = status_with(Aws::WithoutQueue).await;
    let data = answer.json()["data"].clone();
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header(header::RETRY_AFTER), "5");
    assert_eq!(data["status"], "degraded");
    assert_eq!(
        (&data["parts"]["queue"]["answers"], &data["parts"]["store"]["answers"]),
        (&json!(false), &json!(true))
    );
    assert!(!answer.body.contains("secret"));
}

#[tokio::test]
async fn a_part_that_hangs_is_not_waited_for() {
    let start = Instant::now();
    let answer = status_with(Aws::WithSlowBucket).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json()["data"]["parts"]["bucket"]["answers"], false);
    assert!(start.elapsed() < Duration::from_secs(4));
}
