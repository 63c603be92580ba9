//! Whether the process is up.

use axum::{http::header, response::IntoResponse};
use serde::Serialize;
use utoipa::ToSchema;
use web::Data;

/// The health of the process.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`: who is not up does not answer.
    #[schema(example = "ok")]
    status: &'static str,
}

/// Get the health
///
/// Tells that the API is up, without asking anything behind it.
#[utoipa::path(
    get, path = "/health", tag = "system", operation_id = "health",
    responses((status = 200, description = "It is up.", body = Data<Health>))
)]
pub async fn show() -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "no-store")], Data::new(Health { status: "ok" }))
}
