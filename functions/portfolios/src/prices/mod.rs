//! `/api/v1/prices`: daily closes, loaded whole or not at all.

mod input;
mod load;
mod merge;
mod read;
mod replace;
mod table;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};
use web::App;

const TAG: &str = "prices";

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(load::load)).routes(routes!(read::read, replace::replace))
}
