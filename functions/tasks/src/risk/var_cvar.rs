//! VaR and CVaR from history.

use axum::extract::State;
use domain::{
    PortfolioId, Validation,
    permission::TasksWrite,
    risk::{RiskInput, VarCvar},
    task::TaskKind,
};
use jiff::civil::Date;
use serde::Deserialize;
use store::Scope;
use utoipa::ToSchema;
use web::{Accepted, ApiError, Data, Json, auth::Tenant};

use super::{
    levels,
    portfolio::{PortfolioChoice, PortfolioData},
};
use crate::{
    state::{Tasks, within},
    task::view::Submitted,
};

const MAXIMUM_HORIZONS: usize = 20;
const MAXIMUM_HORIZON: u32 = 2520;

/// Whose VaR and CVaR to compute, and where.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VarCvarRequest {
    /// The portfolio in numbers; or give `portfolio_id`.
    portfolio_data: Option<PortfolioData>,
    /// A stored portfolio, whose returns come from the stored prices; or give `portfolio_data`.
    portfolio_id: Option<PortfolioId>,
    /// The first day of the stored prices to use.
    from: Option<Date>,
    /// The last day of the stored prices to use.
    to: Option<Date>,
    /// Where VaR and CVaR are told, each between 0 and 1; 0.95 and 0.99 when not given.
    #[schema(example = json!([0.95, 0.99]))]
    confidence_levels: Option<Vec<f64>>,
    /// For how many trading days, each 1–2,520; one day when not given.
    #[schema(example = json!([1, 10]))]
    horizons: Option<Vec<u32>>,
}

impl VarCvarRequest {
    async fn parse(self, store: &Scope) -> Result<VarCvar, ApiError> {
        let mut validation = Validation::new();
        let confidence_levels = levels::parse(self.confidence_levels, &mut validation);
        let horizons = self.horizons.unwrap_or_else(|| vec![1]);
        validation.require(
            (1..=MAXIMUM_HORIZONS).contains(&horizons.len()),
            "/horizons",
            format!("must have 1 to {MAXIMUM_HORIZONS} horizons, but has {}", horizons.len()),
        );
        for (index, horizon) in horizons.iter().enumerate() {
            validation.check(&format!("/horizons/{index}"), within(*horizon, 1, MAXIMUM_HORIZON));
        }
        validation.finish(Some(()))?;
        let choice = PortfolioChoice {
            data: self.portfolio_data,
            id: self.portfolio_id,
            from: self.from,
            to: self.to,
        };
        Ok(VarCvar { portfolio: choice.resolve(store).await?.history, confidence_levels, horizons })
    }
}

/// Compute VaR and CVaR
///
/// Historical, parametric normal and Cornish-Fisher, as fractions of the portfolio's value; losses are positive.
#[utoipa::path(
    post,
    path = "/api/v1/tasks/risk/var-cvar",
    operation_id = "submit_var_cvar",
    tag = "risk",
    request_body = VarCvarRequest,
    responses(
        (status = 202, description = "Accepted; follow it at `Location`.", body = Data<Submitted>,
         headers(("Location" = String, description = "Where its status is."), ("Retry-After" = u32, description = "When to ask first, in seconds."))),
        (status = 404, description = "The tenant has no such portfolio."),
    ),
    security(("bearer" = ["tasks:write"]))
)]
pub(crate) async fn submit(
    tenant: Tenant<TasksWrite>,
    State(tasks): State<Tasks>,
    Json(request): Json<VarCvarRequest>,
) -> Result<Accepted<Submitted>, ApiError> {
    let input = request.parse(&tenant.store()).await?;
    tasks.submit(&tenant, TaskKind::VarCvar, RiskInput::VarCvar(input)).await
}
