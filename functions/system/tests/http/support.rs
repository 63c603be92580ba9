use std::collections::BTreeMap;

use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig};
use aws_sdk_sqs::config::{Credentials, SharedCredentialsProvider};
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, HeaderName, Request, StatusCode, header},
};
use http_body_util::BodyExt;
use platform::{Clock, Context, Env};
use serde_json::Value;
use system::System;
use tower::ServiceExt;

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: HeaderName) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn assert_problem(&self, status: StatusCode) {
        assert_eq!((self.status, self.header(header::CONTENT_TYPE)), (status, "application/problem+json"));
        assert_eq!(self.json()["status"], status.as_u16());
    }
}

/// The service, with AWS at this address.
pub fn service(aws: &str) -> Router {
    let variables = [
        ("STATE_TABLE", "state"),
        ("TRANSIENT_TABLE", "transient"),
        ("DATA_BUCKET", "data"),
        ("TOKEN_ISSUER", "issuer"),
        ("TOKEN_AUDIENCE", "audience"),
        ("CURSOR_SECRET", "secret"),
        ("STAGE", "test"),
        ("RISK_CALCULATIONS_QUEUE_URL", &format!("{aws}/000000000000/risk-calculations")),
        ("PORTFOLIO_OPERATIONS_QUEUE_URL", &format!("{aws}/000000000000/portfolio-operations")),
        ("REPORT_GENERATION_QUEUE_URL", &format!("{aws}/000000000000/report-generation")),
    ];
    let variables: BTreeMap<_, _> =
        variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let credentials = Credentials::new("key", "secret", None, None, "test");
    let aws = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("eu-central-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .retry_config(RetryConfig::disabled())
        .endpoint_url(aws)
        .build();
    let context = Context::new(Env::from(variables), aws, Clock::system());
    system::router(System::new(&context).unwrap())
}

pub async fn call(service: Router, request: Request<Body>) -> Answer {
    let response = service.oneshot(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let body = response.into_body().collect().await.unwrap().to_bytes();
    Answer { status, headers, body: String::from_utf8(body.to_vec()).unwrap() }
}

/// What the service answers without anything behind it.
pub async fn get(path: &str) -> Answer {
    get_with(path, header::ACCEPT, "*/*").await
}

pub async fn get_with(path: &str, name: HeaderName, value: &str) -> Answer {
    let request = Request::get(path).header(name, value).body(Body::empty()).unwrap();
    call(service("http://127.0.0.1:9"), request).await
}
