//! `/api/v1/scenarios`: named assumptions about a company, to be compared.

mod compare;
mod create;
mod delete;
mod list;
mod replace;
mod scenario;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::Valuation;

const TAG: &str = "valuation";

pub(crate) fn routes() -> OpenApiRouter<Valuation> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(compare::compare))
        .routes(routes!(replace::replace, delete::delete))
}
