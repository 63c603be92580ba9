//! Pages for people.

use axum::{
    http::header,
    response::{Html, IntoResponse},
};

/// What a page may do: nothing that leads away from us. The documentation's scripts make styles as they go, and the search
/// of `ReDoc` runs in a worker that it makes itself.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A page with the headers that keep it to itself.
pub fn page(html: impl Into<String>) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, Html(html.into()))
}
