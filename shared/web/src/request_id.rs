//! The request's id: the client's, if it sent one that is fit for a log, or a new one.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use domain::RequestId;
use platform::IdSource;

pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub(crate) fn of(headers: &HeaderMap, ids: &IdSource) -> HeaderValue {
    let fit = |value: &&HeaderValue| {
        (1..=128).contains(&value.len()) && value.as_bytes().iter().all(u8::is_ascii_graphic)
    };
    headers.get(X_REQUEST_ID).filter(fit).cloned().unwrap_or_else(|| {
        let new = ids.id::<RequestId>().to_string();
        HeaderValue::from_str(&new).unwrap_or(HeaderValue::from_static("req_unknown"))
    })
}
