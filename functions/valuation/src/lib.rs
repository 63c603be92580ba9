//! Valuations of companies by discounted cash flows: runs, scenarios that are compared, and the notes of analysts.

mod inputs;
mod notes;
mod runs;
mod scenarios;
mod state;

use axum::Router;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub use state::Valuation;

/// The routes, described.
pub fn routes() -> OpenApiRouter<Valuation> {
    runs::routes().merge(scenarios::routes()).merge(notes::routes())
}

/// The routes within the layers of every function, ready to be served.
pub fn router(state: Valuation) -> Router {
    web::service(routes().split_for_parts().0, state)
}

/// The description of the routes.
pub fn openapi() -> OpenApi {
    routes().into_openapi()
}
