//! A tenant's runs.

use domain::{permission::ValuationRead, symbol::Symbol, valuation::Run};
use serde::Deserialize;
use utoipa::IntoParams;
use web::{
    ApiError, Query,
    auth::Tenant,
    page::{PageQuery, Paged},
};

use super::view::RunSummary;

/// Which runs or scenarios, and which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct TickerQuery {
    /// Only those of this company.
    ticker: Option<Symbol>,
    /// At most this many entries.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

impl TickerQuery {
    /// The page, and the group of the company.
    pub(crate) fn split(self) -> (PageQuery, Option<String>) {
        let ticker = self.ticker.map(|ticker| ticker.to_string());
        (PageQuery { limit: self.limit, cursor: self.cursor }, ticker)
    }
}

/// List the runs
///
/// The newest first, in pages, without the steps of their valuations.
#[utoipa::path(
    get,
    path = "/api/v1/runs",
    operation_id = "list_runs",
    tag = super::TAG,
    security(("bearer" = ["valuation:read"])),
    params(TickerQuery),
    responses(
        (status = 200, description = "One page of runs.", body = Paged<RunSummary>),
        (status = 400, description = "The limit is out of range, the ticker is none, or the cursor is not one of this list.")
    )
)]
pub(crate) async fn list(
    tenant: Tenant<ValuationRead>,
    Query(query): Query<TickerQuery>,
) -> Result<Paged<RunSummary>, ApiError> {
    let (page, ticker) = query.split();
    tenant.list_group::<Run, _>(page, ticker).await
}
