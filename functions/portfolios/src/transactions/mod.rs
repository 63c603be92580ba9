//! `/api/v1/portfolios/{id}/transactions`: a portfolio's ledger.

mod batch;
mod correct;
mod input;
mod ledger;
mod list;
mod read;
mod record;
mod table;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};
use web::App;

pub(crate) use ledger::read as read_ledger;

const TAG: &str = "transactions";

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list, record::record))
        .routes(routes!(read::read))
        .routes(routes!(correct::correct))
}
