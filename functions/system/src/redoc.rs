//! `ReDoc`: the description, to be read.

use axum::response::{IntoResponse, Response};
use web::{ApiError, Path};

use crate::{
    asset::{Asset, CSS, JAVASCRIPT, SVG, asset},
    page::page,
};

/// Read the API's reference
///
/// A page.
#[utoipa::path(
    get, path = "/redoc", tag = "system", operation_id = "redoc",
    responses((status = 200, description = "The page.", body = String, content_type = "text/html"))
)]
pub async fn show() -> impl IntoResponse {
    page(include_str!("../assets/pages/redoc.html"))
}

/// Get a file of the page under `/redoc`
#[utoipa::path(
    get, path = "/redoc/{file}", tag = "system", operation_id = "redoc_file",
    params(("file" = String, Path, description = "The file's name.", example = "redoc.js")),
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
        "redoc.standalone.js" => asset!(JAVASCRIPT, "redoc.standalone.js"),
        "redoc.css" => asset!(CSS, "redoc.css"),
        "redoc.js" => asset!(JAVASCRIPT, "redoc.js"),
        "icon.svg" => asset!(SVG, "icon.svg"),
        _ => return None,
    })
}
