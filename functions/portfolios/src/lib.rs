//! Portfolios, and the daily closes that they are valued with.

mod portfolios;
mod prices;

use axum::Router;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use web::App;

/// The routes, described.
pub fn routes() -> OpenApiRouter<App> {
    portfolios::routes().merge(prices::routes())
}

/// The routes within the layers of every function, ready to be served.
pub fn router(app: App) -> Router {
    web::service(routes().split_for_parts().0, app)
}

/// The description of the routes.
pub fn openapi() -> OpenApi {
    routes().into_openapi()
}
