//! Problem documents (RFC 9457): the form in which every error leaves.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::FieldError;
use platform::telemetry::chain;
use serde::Serialize;

use crate::{
    ApiError,
    limit::{RATE_LIMIT, RATE_LIMIT_POLICY},
};

/// What went wrong (RFC 9457).
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// The kind of problem, as a URI that stays the same.
    #[schema(example = "urn:ballast:problem:invalid-input")]
    pub r#type: String,
    /// The kind of problem in words.
    #[schema(example = "Unprocessable Entity")]
    pub title: String,
    /// The HTTP status.
    #[schema(example = 422)]
    pub status: u16,
    /// What happened this time.
    #[schema(example = "/weights: must sum to 1, but sum to 0.9")]
    pub detail: String,
    /// The path that was asked for.
    #[schema(example = "/api/v1/tasks/risk/monte-carlo")]
    pub instance: String,
    /// The request's id; name it when you ask us for help.
    pub request_id: String,
    /// The fields at fault, if any are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// Gives an error response its problem document, and logs what the client must not see.
pub(crate) fn complete(mut response: Response, instance: &str, request_id: &str) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let error = response.extensions_mut().remove::<ApiError>().unwrap_or_else(|| by_status(status));
    if let Some(source) = &error.source {
        tracing::error!(error = chain(source.as_ref()), status = status.as_u16(), "request failed");
    }
    let problem = Problem {
        r#type: format!("urn:ballast:problem:{}", error.code),
        title: error.status.canonical_reason().unwrap_or("Error").to_owned(),
        status: error.status.as_u16(),
        detail: error.detail,
        instance: instance.to_owned(),
        request_id: request_id.to_owned(),
        errors: error.errors,
    };
    let mut document = (error.status, Json(problem)).into_response();
    let headers = document.headers_mut();
    for name in [header::ALLOW, header::RETRY_AFTER, header::WWW_AUTHENTICATE, RATE_LIMIT, RATE_LIMIT_POLICY]
    {
        if let Some(value) = response.headers_mut().remove(&name) {
            headers.insert(name, value);
        }
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    document
}

/// The error that a layer below answered with a bare status.
fn by_status(status: StatusCode) -> ApiError {
    match status {
        StatusCode::NOT_FOUND => ApiError::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => {
            ApiError::new(status, "method-not-allowed", "This address does not take this method; see Allow.")
        }
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::new(status, "too-large", "The body is larger than 6 MB."),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => {
            ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", "The answer took too long.")
                .retry_after(5)
        }
        status if status.is_server_error() => {
            ApiError::new(status, "internal", "Something went wrong on our side.")
        }
        status => ApiError::new(status, "bad-request", "The request can't be answered."),
    }
}
