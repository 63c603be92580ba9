//! `/api/v1/portfolios`.

mod create;
mod delete;
mod input;
mod list;
mod read;
mod replace;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};
use web::App;

const TAG: &str = "portfolios";

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list::list, create::create)).routes(routes!(
        read::read,
        replace::replace,
        delete::delete
    ))
}
