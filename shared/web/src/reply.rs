//! What handlers answer with.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use store::Version;
use utoipa::ToSchema;

use crate::etag;

/// 200 with `{"data": …}`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Data<T> {
    /// What was asked for.
    pub data: T,
}

impl<T> Data<T> {
    /// Wraps the answer.
    pub fn new(data: T) -> Self {
        Self { data }
    }
}

impl<T: Serialize> IntoResponse for Data<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// 201 with `Location` and `ETag`.
#[derive(Debug)]
pub struct Created<T> {
    /// Where the new resource is.
    pub location: String,
    /// Its version.
    pub version: Option<Version>,
    /// The resource.
    pub data: T,
}

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let mut response = located(StatusCode::CREATED, &self.location, Data::new(self.data));
        if let Some(version) = self.version {
            response.headers_mut().insert(header::ETAG, etag::header_value(version));
        }
        response
    }
}

/// 202 with the `Location` to ask at, and when to ask first.
#[derive(Debug)]
pub struct Accepted<T> {
    /// Where the work can be followed.
    pub location: String,
    /// What was accepted.
    pub data: T,
}

impl<T: Serialize> IntoResponse for Accepted<T> {
    fn into_response(self) -> Response {
        let mut response = located(StatusCode::ACCEPTED, &self.location, Data::new(self.data));
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        response
    }
}

/// 204: done, nothing to say.
#[derive(Debug)]
pub struct NoContent;

impl IntoResponse for NoContent {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

/// An answer that holds a secret, which is shown this once: it is not kept to be repeated.
#[derive(Debug)]
pub struct ShownOnce<R>(pub R);

/// Marks an answer that must not be kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NotKept;

impl<R: IntoResponse> IntoResponse for ShownOnce<R> {
    fn into_response(self) -> Response {
        let mut response = self.0.into_response();
        response.extensions_mut().insert(NotKept);
        response
    }
}

fn located<T: Serialize>(status: StatusCode, location: &str, data: Data<T>) -> Response {
    let mut response = (status, Json(data)).into_response();
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}
