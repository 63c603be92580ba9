//! Portfolios with their transactions, and the daily closes that they are valued with.

mod days;
mod market_data;
mod performance;
mod portfolios;
mod positions;
mod prices;
mod rows;
mod transactions;

use axum::Router;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use web::App;

/// The routes, described.
pub fn routes() -> OpenApiRouter<App> {
    portfolios::routes()
        .merge(transactions::routes())
        .merge(positions::routes())
        .merge(performance::routes())
        .merge(prices::routes())
        .merge(market_data::routes())
}

/// The routes within the layers of every function, ready to be served.
pub fn router(app: App) -> Router {
    web::service(routes().split_for_parts().0, app)
}

/// The description of the routes.
pub fn openapi() -> OpenApi {
    routes().into_openapi()
}
