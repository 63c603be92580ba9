//! Swagger UI: the description, to be tried out.

use axum::response::{IntoResponse, Response};
use web::{ApiError, Path};

use crate::{
    asset::{Asset, CSS, JAVASCRIPT, SVG, asset},
    page::page,
};

/// Try the API out
///
/// A page that sends requests, with a token if one is entered under *Authorize*.
#[utoipa::path(
    get, path = "/docs", tag = "system", operation_id = "docs",
    responses((status = 200, description = "The page.", body = String, content_type = "text/html"))
)]
pub async fn show() -> impl IntoResponse {
    page(include_str!("../assets/pages/docs.html"))
}

/// Get a file of the page under `/docs`
#[utoipa::path(
    get, path = "/docs/{file}", tag = "system", operation_id = "docs_file",
    params(("file" = String, Path, description = "The file's name.", example = "docs.js")),
    responses(
        (status = 200, description = "The file.", content(
            (String = "text/css"), (String = "text/javascript"), (String = "image/svg+xml")
        )),
        (status = 304, description = "The file that `If-None-Match` names is current.")
    )
)]
pub async fn file(Path(name): Path<String>) -> Result<Response, ApiError> {
    find(&name).ok_or_else(ApiError::not_found)?.answer()
}

fn find(name: &str) -> Option<Asset> {
    Some(match name {
        "swagger-ui.css" => asset!(CSS, "swagger-ui.css"),
        "swagger-ui-bundle.js" => asset!(JAVASCRIPT, "swagger-ui-bundle.js"),
        "docs.js" => asset!(JAVASCRIPT, "docs.js"),
        "icon.svg" => asset!(SVG, "icon.svg"),
        _ => return None,
    })
}
