//! The HTTP function for long work: submit, follow, fetch, cancel.

mod exports;
mod portfolio;
mod reports;
mod risk;
mod state;
mod task;

use axum::Router;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use state::Tasks;

/// The function's routes and their description.
pub fn routes() -> OpenApiRouter<Tasks> {
    OpenApiRouter::new()
        .routes(routes!(risk::monte_carlo::submit))
        .routes(routes!(risk::var_cvar::submit))
        .routes(routes!(risk::stress_test::submit))
        .routes(routes!(risk::efficient_frontier::submit))
        .routes(routes!(portfolio::optimize::submit))
        .routes(routes!(portfolio::rebalance::submit))
        .routes(routes!(portfolio::performance::submit))
        .routes(routes!(reports::portfolio::submit))
        .routes(routes!(reports::risk::submit))
        .routes(routes!(reports::valuation::submit))
        .routes(routes!(exports::submit))
        .routes(routes!(task::list::list))
        .routes(routes!(task::active::active))
        .routes(routes!(task::status::status))
        .routes(routes!(task::result::result))
        .routes(routes!(task::charts::chart))
        .routes(routes!(task::cancel::cancel))
}

/// The function's description.
pub fn openapi() -> utoipa::openapi::OpenApi {
    routes().into_openapi()
}

/// The function, ready to be served.
pub fn router(state: Tasks) -> Router {
    web::service(routes().split_for_parts().0, state)
}
