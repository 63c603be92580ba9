//! `/api/v1/notes/{ticker}`: what analysts note about a company, with every version kept.

mod read;
mod versions;
mod view;
mod write;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::Valuation;

const TAG: &str = "valuation";

pub(crate) fn routes() -> OpenApiRouter<Valuation> {
    OpenApiRouter::new().routes(routes!(read::read, write::write)).routes(routes!(versions::versions))
}
