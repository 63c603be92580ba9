//! New scenarios.

use axum::extract::State;
use domain::{Invalid, Validation, audit::Action, permission::ValuationWrite};
use futures::future::try_join_all;
use serde::Deserialize;
use store::{Audited, StoreError};
use utoipa::ToSchema;
use web::{ApiError, Created, Data, Json, auth::Tenant};

use super::scenario::{Scenario, ScenarioRequest, ScenarioView};
use crate::Valuation;

/// The most scenarios of one call; they are kept together or not at all.
const MAXIMUM_SCENARIOS: usize = 25;

/// Scenarios to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ScenariosRequest {
    /// Of one company or several.
    #[schema(min_items = 1, max_items = 25)]
    scenarios: Vec<ScenarioRequest>,
}

impl ScenariosRequest {
    fn parse(self, valuation: &Valuation) -> Result<Vec<Scenario>, Invalid> {
        let count = self.scenarios.len();
        if !(1..=MAXIMUM_SCENARIOS).contains(&count) {
            let reason = format!("must have 1 to {MAXIMUM_SCENARIOS} scenarios, but has {count}");
            return Err(Invalid::field("/scenarios", reason));
        }
        let mut validation = Validation::new();
        let mut all = Vec::with_capacity(count);
        for (index, scenario) in self.scenarios.into_iter().enumerate() {
            all.extend(validation.nest(&format!("/scenarios/{index}"), scenario.parse(valuation.id())));
        }
        validation.finish(Some(all))
    }
}

/// Keep scenarios
///
/// Several in one call: all are kept, or none. Their inputs are checked like those of a run, with the same names and units.
#[utoipa::path(
    post,
    path = "/api/v1/scenarios",
    operation_id = "create_scenarios",
    tag = super::TAG,
    security(("bearer" = ["valuation:write"])),
    request_body(content = ScenariosRequest, example = json!({"scenarios": [
        {"name": "Base", "inputs": {"ticker": "AAPL", "revenue": "1000", "growth_y1": 0.08, "ebit_margin": 0.18,
            "tax_rate": 0.25, "wacc": 0.09, "terminal_growth": 0.025, "shares": "120"}},
        {"name": "Bear", "inputs": {"ticker": "AAPL", "revenue": "1000", "growth_y1": 0.03, "ebit_margin": 0.15,
            "tax_rate": 0.25, "wacc": 0.1, "terminal_growth": 0.02, "shares": "120"}}
    ]})),
    responses((
        status = 201,
        description = "The scenarios are kept, in the order of the request.",
        body = Data<Vec<ScenarioView>>,
        headers(("Location" = String, description = "Where scenarios are listed."))
    ))
)]
pub(crate) async fn create(
    State(valuation): State<Valuation>,
    tenant: Tenant<ValuationWrite>,
    Json(body): Json<ScenariosRequest>,
) -> Result<Created<Vec<ScenarioView>>, ApiError> {
    let data = keep(&tenant.audited(Action::ScenariosCreated)?, &body.parse(&valuation)?).await?;
    Ok(Created { location: "/api/v1/scenarios".to_owned(), version: None, data })
}

async fn keep(audited: &Audited, scenarios: &[Scenario]) -> Result<Vec<ScenarioView>, StoreError> {
    let scope = audited.scope();
    let writes = scenarios.iter().map(|scenario| scope.write_new(scenario));
    let writes = writes.collect::<Result<_, _>>()?;
    audited.clone().changed_all(&[], scenarios).transact(writes).await?;
    let kept = try_join_all(scenarios.iter().map(|scenario| scope.get::<Scenario>(&scenario.id))).await?;
    Ok(kept.into_iter().map(ScenarioView::from).collect())
}
