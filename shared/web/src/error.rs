//! The one error that leaves the API.

use std::{error::Error, sync::Arc};

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{FieldError, Invalid};
use store::{PayloadError, StoreError};

/// An error with an outside, which the client sees, and an inside, which only the log does.
///
/// It has no `Display`, so that nobody can print the inside by accident.
#[derive(Debug, Clone)]
pub struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) detail: String,
    pub(crate) errors: Vec<FieldError>,
    pub(crate) retry_after: Option<u32>,
    headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) source: Option<Arc<dyn Error + Send + Sync>>,
}

impl ApiError {
    /// An error of this status; `code` names its kind for programs, `detail` tells people what happened.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
            headers: Vec::new(),
            source: None,
        }
    }

    /// 400: the request can't be read.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", detail)
    }

    /// 401: no valid token.
    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
    }

    /// 403: a valid token that permits too little.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// 401: valid, but the login is too long ago, or too weak, for what is asked (RFC 9470).
    pub(crate) fn stale_login(assurance: &str, maximum_age: i64) -> Self {
        let challenge = format!(
            "Bearer error=\"insufficient_user_authentication\", acr_values=\"{assurance}\", max_age=\"{maximum_age}\""
        );
        let detail =
            format!("This needs a login of level {assurance} within the last {maximum_age} seconds.");
        let challenge = HeaderValue::try_from(challenge).unwrap_or(HeaderValue::from_static("Bearer"));
        Self::new(StatusCode::UNAUTHORIZED, "insufficient-user-authentication", detail)
            .with_headers(vec![(header::WWW_AUTHENTICATE, challenge)])
    }

    /// 503: what must be counted can't be.
    pub(crate) fn uncounted(source: StoreError) -> Self {
        let detail = "The request can't be counted at the moment, and must be.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail).retry_after(5).caused_by(source)
    }

    /// 404: not there, or not this tenant's.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "There is nothing here under this address.")
    }

    /// 409: the resource's state does not allow it.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", detail)
    }

    /// 409: the same request is being carried out.
    pub(crate) fn in_progress() -> Self {
        let detail = "A request with this Idempotency-Key is in progress.";
        Self::new(StatusCode::CONFLICT, "in-progress", detail).retry_after(1)
    }

    /// 500: our fault.
    pub fn internal(source: impl Error + Send + Sync + 'static) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong on our side.")
            .caused_by(source)
    }

    /// Tells the client when to try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Whether it says that a credential is no good.
    pub(crate) fn is_unauthorized(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED
    }

    /// Adds headers to the answer.
    #[must_use]
    pub(crate) fn with_headers(mut self, headers: Vec<(HeaderName, HeaderValue)>) -> Self {
        self.headers.extend(headers);
        self
    }

    /// Names the fields at fault.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }

    fn caused_by(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }
}

impl From<Invalid> for ApiError {
    fn from(Invalid(errors): Invalid) -> Self {
        let detail = match errors.as_slice() {
            [only] => format!("{}: {}", only.pointer, only.detail),
            _ => format!("{} fields can't be taken as they are.", errors.len()),
        };
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-input", detail).with_errors(errors)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::not_found(),
            StoreError::AlreadyExists => Self::conflict("It exists already."),
            StoreError::VersionMismatch(current) => Self::new(
                StatusCode::PRECONDITION_FAILED,
                "version-mismatch",
                format!("It was changed in the meantime and is at version v{current} now."),
            ),
            StoreError::Contended => Self::conflict("It is being changed by somebody else.").retry_after(1),
            StoreError::ClaimLost => Self::in_progress(),
            StoreError::TooLarge => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The data is too large.")
            }
            error @ StoreError::Corrupt(_) => Self::internal(error),
            error @ StoreError::Unavailable(_) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "The store does not answer at the moment.",
            )
            .retry_after(5)
            .caused_by(error),
        }
    }
}

impl From<PayloadError> for ApiError {
    fn from(error: PayloadError) -> Self {
        match error {
            PayloadError::Gone => {
                Self::new(StatusCode::GONE, "gone", "The data was kept for its time and is gone.")
            }
            PayloadError::Store(error) => error.into(),
        }
    }
}

impl IntoResponse for ApiError {
    /// The bare answer; the outermost layer, which knows the request, writes the problem document.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        for (name, value) in &self.headers {
            headers.insert(name.clone(), value.clone());
        }
        response.extensions_mut().insert(self);
        response
    }
}
