//! Whether what the API stands on answers.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use aws_sdk_sqs::error::DisplayErrorContext;
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;
use web::Data;

use crate::System;

/// How long a part may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// How the API is doing.
#[derive(Serialize, ToSchema)]
pub struct SystemStatus {
    /// `ok` when every part answers.
    status: OverallStatus,
    /// The version of the API that answered.
    #[schema(example = "0.1.0")]
    version: &'static str,
    /// The stage that answered.
    #[schema(example = "prod")]
    stage: String,
    /// When the process that answered was started.
    started_at: Timestamp,
    /// When it answered.
    time: Timestamp,
    /// The parts.
    parts: StatusParts,
}

#[derive(Clone, Copy, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum OverallStatus {
    Ok,
    Degraded,
}

/// What the API stands on.
#[derive(Serialize, ToSchema)]
struct StatusParts {
    /// The tables.
    store: StatusPart,
    /// The queues.
    queue: StatusPart,
    /// The bucket.
    bucket: StatusPart,
}

/// One of the parts.
#[derive(Serialize, ToSchema)]
struct StatusPart {
    /// Whether it answered within two seconds.
    answers: bool,
    /// How long it took, in milliseconds.
    #[schema(example = 4.2)]
    latency_ms: f64,
}

/// Get the status
///
/// Tells whether the store, the queues and the bucket answer. The answer has the same form with 200 and with 503: `parts`
/// tells which one does not answer.
#[utoipa::path(
    get, path = "/api/v1/status", tag = "system", operation_id = "status",
    responses(
        (status = 200, description = "Every part answers.", body = Data<SystemStatus>),
        (status = 503, description = "A part does not answer.", body = Data<SystemStatus>,
            headers(("Retry-After" = u32, description = "Seconds until it is worth asking again.")))
    )
)]
pub async fn show(State(system): State<System>) -> SystemStatus {
    let store = system.app.store();
    let (store, queue, bucket) = tokio::join!(
        check("store", store.check_tables()),
        check("queue", system.queues.check()),
        check("bucket", system.bucket.check()),
    );
    let all = store.answers && queue.answers && bucket.answers;
    SystemStatus {
        status: if all { OverallStatus::Ok } else { OverallStatus::Degraded },
        version: env!("CARGO_PKG_VERSION"),
        stage: system.stage,
        started_at: system.started_at,
        time: system.app.clock.now(),
        parts: StatusParts { store, queue, bucket },
    }
}

async fn check<E: Error>(part: &str, answer: impl Future<Output = Result<(), E>>) -> StatusPart {
    let start = Instant::now();
    let answer = timeout(PATIENCE, answer).await;
    let milliseconds = start.elapsed().as_secs_f64() * 1e3;
    match &answer {
        Ok(Ok(())) => {}
        Ok(Err(error)) => {
            tracing::warn!(part, error = %DisplayErrorContext(error), milliseconds, "does not answer");
        }
        Err(_) => tracing::warn!(part, milliseconds, "does not answer in time"),
    }
    StatusPart { answers: matches!(answer, Ok(Ok(()))), latency_ms: (milliseconds * 10.0).round() / 10.0 }
}

/// Marks the answer whose status code is yet to be set.
#[derive(Clone, Copy)]
struct Degraded;

impl IntoResponse for SystemStatus {
    fn into_response(self) -> Response {
        let overall = self.status;
        let mut response = ([(header::CACHE_CONTROL, "no-store")], Data::new(self)).into_response();
        if overall == OverallStatus::Degraded {
            response.extensions_mut().insert(Degraded);
        }
        response
    }
}

/// Sets the code of a degraded status, outside of the layers that would put a problem document in the place of its body.
pub async fn code(mut response: Response) -> Response {
    if response.extensions_mut().remove::<Degraded>().is_some() {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}
