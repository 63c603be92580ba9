//! `/api/v1/market-data`: how the upkeep of the tenant's prices goes. Maintenance does it.

mod enrol;
mod report;

use utoipa_axum::{router::OpenApiRouter, routes};
use web::App;

pub(crate) use enrol::enrol;

const TAG: &str = "prices";

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(report::report))
}
