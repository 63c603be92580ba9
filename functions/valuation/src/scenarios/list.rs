//! A tenant's scenarios.

use domain::permission::ValuationRead;
use web::{ApiError, Query, auth::Tenant, page::Paged};

use super::scenario::{Scenario, ScenarioView};
use crate::runs::TickerQuery;

/// List the scenarios
///
/// The newest first, in pages.
#[utoipa::path(
    get,
    path = "/api/v1/scenarios",
    operation_id = "list_scenarios",
    tag = super::TAG,
    security(("bearer" = ["valuation:read"])),
    params(TickerQuery),
    responses(
        (status = 200, description = "One page of scenarios.", body = Paged<ScenarioView>),
        (status = 400, description = "The limit is out of range, the ticker is none, or the cursor is not one of this list.")
    )
)]
pub(crate) async fn list(
    tenant: Tenant<ValuationRead>,
    Query(query): Query<TickerQuery>,
) -> Result<Paged<ScenarioView>, ApiError> {
    let (page, ticker) = query.split();
    tenant.list_group::<Scenario, _>(page, ticker).await
}
