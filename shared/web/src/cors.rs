//! Which web pages may call the API from a browser (CORS).
//!
//! Tokens travel in a header that pages set themselves, never in cookies, so credentials are never allowed, and a page of
//! another origin can at most do what anybody can do.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use platform::{Env, EnvError};

use crate::{App, auth::is_preflight};

const METHODS: HeaderValue = HeaderValue::from_static("GET,POST,PUT,PATCH,DELETE");
const TAKEN: HeaderValue = HeaderValue::from_static(
    "Authorization,Content-Type,Idempotency-Key,If-Match,If-None-Match,Prefer,X-Api-Key,X-Audit-Reason,X-Request-Id",
);
const SHOWN: HeaderValue = HeaderValue::from_static(
    "ETag,Idempotency-Replayed,Location,RateLimit,RateLimit-Policy,Retry-After,X-Request-Id",
);
/// For how many seconds a browser need not ask again.
const KEPT: HeaderValue = HeaderValue::from_static("600");

/// The origins whose pages may call the API.
#[derive(Debug, Clone, Default)]
pub(crate) struct Origins(Arc<[HeaderValue]>);

impl Origins {
    /// Reads `ALLOWED_ORIGINS`, separated by spaces; none without it. A wildcard is no origin, and `null` is everybody's.
    pub(crate) fn from_env(env: &Env) -> Result<Self, EnvError> {
        let text: String = env.optional("ALLOWED_ORIGINS")?.unwrap_or_default();
        let origins = text.split_whitespace().filter(|origin| !["*", "null"].contains(origin));
        Ok(Self(origins.filter_map(|origin| origin.parse().ok()).collect()))
    }

    fn allow(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let origin = headers.get(header::ORIGIN)?;
        self.0.iter().find(|allowed| *allowed == origin).cloned()
    }
}

/// Answers what browsers ask ahead of a request, and tells them whose pages may read the answer. In a stage API Gateway
/// answers the former by itself.
pub(crate) async fn share(State(app): State<App>, request: Request, next: Next) -> Response {
    let allowed = app.origins.allow(request.headers());
    let mut response = if is_preflight(request.method(), request.headers()) {
        let mut response = StatusCode::NO_CONTENT.into_response();
        if allowed.is_some() {
            let headers = response.headers_mut();
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, TAKEN);
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, KEPT);
        }
        response
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_name(HeaderName::from_static("origin")));
    if let Some(origin) = allowed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, SHOWN);
    }
    response
}
