//! `/api/v1/portfolios/{id}/performance`: what a portfolio's transactions have returned.

mod read;
mod returns;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};
use web::App;

const TAG: &str = "transactions";

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read::read))
}
