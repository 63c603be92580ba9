//! The layers around every router, from the outside in: request id, log line and problem documents → other origins →
//! timeout, panics and body limit → rate limits and authentication → idempotency → handler.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef, MatchedPath, Request},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use tower_http::{catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer};
use tracing::Instrument;

use crate::{App, Origin, auth, cors, etag, idempotency, problem, request_id};

/// Lambda's limit on a request.
const MAXIMUM_BODY: usize = 6 * 1024 * 1024;
/// A little less than API Gateway's 29 s, so that the client gets our answer and not the gateway's.
const TIMEOUT: Duration = Duration::from_secs(28);

/// What every answer tells browsers, unless the handler has told them otherwise: https only, no guessing of types, no
/// addresses for other sites, and no page of anybody's made out of our answers.
const SECURITY: [(HeaderName, &str); 5] = [
    (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

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
        .layer(from_fn_with_state(app.clone(), cors::share))
        .layer(from_fn_with_state(app, describe))
        .with_state(state)
}

async fn describe(
    axum::extract::State(app): axum::extract::State<App>,
    mut request: Request,
    next: Next,
) -> Response {
    let start = Instant::now();
    let id = request_id::of(request.headers(), &app.ids);
    let id_text: Arc<str> = id.to_str().unwrap_or_default().into();
    let origin = Origin::new(request.extensions(), Arc::clone(&id_text));
    request.extensions_mut().insert(origin);
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
        for (name, value) in SECURITY {
            headers.entry(name).or_insert(HeaderValue::from_static(value));
        }
        if instance.starts_with("/api/") && !headers.contains_key(header::CACHE_CONTROL) {
            // A copy is kept only where it can be asked for anew, by its ETag, and only by the client itself.
            let kept = method == Method::GET && headers.contains_key(header::ETAG);
            let caching = if kept { "private, no-cache" } else { "no-store" };
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
