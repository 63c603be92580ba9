//! `/api/v1/runs`: valuations that are computed once and kept.

mod compute;
mod create;
mod delete;
mod last;
mod list;
mod read;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::Valuation;

pub(crate) use list::TickerQuery;

const TAG: &str = "valuation";

pub(crate) fn routes() -> OpenApiRouter<Valuation> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(last::last))
        .routes(routes!(read::read, delete::delete))
}
