//! The layers around every router, from the outside in: request id, log line and problem documents → timeout, panics and
//! body limit → authentication → idempotency → handler.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef, MatchedPath, Request},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use tower_http::{catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer};
use tracing::Instrument;

use crate::{App, auth, etag, idempotency, problem, request_id};

/// Lambda's limit on a request.
const MAXIMUM_BODY: usize = 6 * 1024 * 1024;
/// A little less than API Gateway's 29 s, so that the client gets our answer and not the gateway's.
const TIMEOUT: Duration = Duration::from_secs(28);

/// The router with all layers around it, ready to be served.
pub fn service<S>(router: Router<S>, state: S) -> Router
where
    S: Clone + Send + Sync + 'static,
    App: FromRef<S>,
{
    let app = App::from_ref(&state);
    router
        .layer(from_fn(etag::not_modified))
        .layer(from_fn_with_state(app.clone(), idempotency::replay))
        .layer(from_fn_with_state(app.clone(), auth::authenticate))
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(MAXIMUM_BODY))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIMEOUT))
        .layer(from_fn_with_state(app, describe))
        .with_state(state)
}

async fn describe(
    axum::extract::State(app): axum::extract::State<App>,
    request: Request,
    next: Next,
) -> Response {
    let start = Instant::now();
    let id = request_id::of(request.headers(), &app.ids);
    let id_text: Arc<str> = id.to_str().unwrap_or_default().into();
    let method = request.method().clone();
    let instance = request.uri().path().to_owned();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let span = tracing::info_span!(
        "request",
        request_id = &*id_text,
        method = method.as_str(),
        route,
        tenant = tracing::field::Empty,
        user = tracing::field::Empty
    );
    async move {
        let response = next.run(request).await;
        let mut response = problem::complete(response, &instance, &id_text);
        let headers = response.headers_mut();
        headers.insert(request_id::X_REQUEST_ID, id);
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if instance.starts_with("/api/") && !headers.contains_key(header::CACHE_CONTROL) {
            // A tenant's data stays out of shared caches, and a cached copy is asked for anew by its ETag.
            let caching = if method == Method::GET { "private, no-cache" } else { "no-store" };
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        }
        let milliseconds = start.elapsed().as_secs_f64() * 1e3;
        tracing::info!(status = response.status().as_u16(), milliseconds, "answered");
        response
    }
    .instrument(span)
    .await
}

fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let message =
        panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    tracing::error!(panic = message.unwrap_or("of an unknown kind"), "a handler panicked");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
