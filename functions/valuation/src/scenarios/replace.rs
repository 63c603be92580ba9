//! Another state of a scenario.

use domain::{ScenarioId, audit::Action, permission::ValuationWrite};
use web::{
    ApiError, Data, Json, Path,
    auth::Tenant,
    etag::{IfMatch, Unseen, Versioned},
};

use super::scenario::{Scenario, ScenarioRequest, ScenarioView};

/// Replace a scenario
///
/// Replaces name and inputs as a whole. `If-Match` is required, so that nobody overwrites a colleague's change unseen.
#[utoipa::path(
    put,
    path = "/api/v1/scenarios/{id}",
    operation_id = "replace_scenario",
    tag = super::TAG,
    security(("bearer" = ["valuation:write"])),
    params(
        ("id" = ScenarioId, Path, description = "The scenario's id."),
        ("If-Match" = String, Header, description = "The `etag` of the version to replace.")
    ),
    request_body(content = ScenarioRequest, example = json!({
        "name": "Bull", "inputs": {"ticker": "AAPL", "revenue": "1000", "growth_y1": 0.12, "ebit_margin": 0.2,
            "tax_rate": 0.25, "wacc": 0.085, "terminal_growth": 0.025, "shares": "120"}
    })),
    responses(
        (
            status = 200,
            description = "The scenario as it is now.",
            body = Data<ScenarioView>,
            headers(("ETag" = String, description = "Its new version."))
        ),
        (status = 412, description = "It was changed since; nothing was done."),
        (status = 428, description = "`If-Match` is missing; nothing was done.")
    )
)]
pub(crate) async fn replace(
    tenant: Tenant<ValuationWrite>,
    Path(id): Path<ScenarioId>,
    seen: IfMatch,
    Json(body): Json<ScenarioRequest>,
) -> Result<Versioned<ScenarioView>, ApiError> {
    let (audited, scenario) = (tenant.audited(Action::ScenarioChanged)?, body.parse(id)?);
    let change = |_: Scenario| Ok(scenario.clone());
    Ok(Versioned::view(seen.replace(&audited, &id, Unseen::Refused, change).await?))
}
