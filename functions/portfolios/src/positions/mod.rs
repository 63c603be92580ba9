//! `/api/v1/portfolios/{id}/positions`: what follows from a portfolio's transactions.

mod closes;
mod read;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};
use web::App;

pub(crate) use closes::series_of;

const TAG: &str = "transactions";

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read::read))
}
