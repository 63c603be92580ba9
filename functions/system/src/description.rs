//! The API's description.

use axum::{http::header, response::IntoResponse};

use crate::asset::etag;

/// All functions' operations in one; `make openapi` writes it.
const DOCUMENT: &str = include_str!("../openapi.json");

/// Get this description
///
/// OpenAPI 3.1.
#[utoipa::path(
    get, path = "/openapi.json", tag = "system", operation_id = "openapi",
    responses(
        (status = 200, description = "The description.", body = Object, content_type = "application/json",
            headers(("ETag" = String, description = "Changes with the description."))),
        (status = 304, description = "The description that `If-None-Match` names is current.")
    )
)]
pub async fn show() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::ETAG, etag(DOCUMENT.as_bytes())),
    ];
    (headers, DOCUMENT)
}
