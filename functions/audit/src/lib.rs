//! Who did what in a tenant, and whether that is still what was written.

mod export;
mod filter;
mod list;
mod retention;
mod state;
mod verify;
mod view;

use axum::Router;
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use state::Audit;

const TAG: &str = "audit";

/// The routes, described.
pub fn routes() -> OpenApiRouter<Audit> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(verify::verify))
        .routes(routes!(retention::show))
        .routes(routes!(retention::change))
}

/// The routes within the layers of every function, ready to be served.
pub fn router(audit: Audit) -> Router {
    web::service(routes().split_for_parts().0, audit)
}

/// The description of the routes.
pub fn openapi() -> OpenApi {
    routes().into_openapi()
}
