//! VaR and CVaR from history.

mod parts;
mod variants;

use axum::extract::State;
use domain::{
    Validation,
    permission::TasksWrite,
    risk::{HorizonScaling, RiskInput, VarCvar, VarCvarVariant, VolatilityFilter},
    task::TaskKind,
};
use parts::{BacktestRequest, DecompositionRequest};
use quant::estimate::garch::MINIMUM_OBSERVATIONS;
use serde::Deserialize;
use store::Scope;
use utoipa::ToSchema;
use variants::{FurtherMethod, Parameters, VolatilityModel};
use web::{Accepted, ApiError, Data, Json, auth::Tenant};

use super::{levels, portfolio::PortfolioChoice, request::AboutPortfolio};
use crate::{
    state::{Tasks, invalid, require_portfolio, within},
    task::view::Submitted,
};

const MAXIMUM_HORIZONS: usize = 20;
const MAXIMUM_HORIZON: u32 = 2520;

/// Whose VaR and CVaR to compute, and where.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "portfolio_id": "pfl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN", "confidence_levels": [0.95, 0.99], "horizons": [1, 10],
    "methods": ["filtered_historical", "student_t"], "decomposition": {"confidence_level": 0.99},
    "backtest": {"confidence_level": 0.99, "window": 250}
}))]
pub struct VarCvarRequest {
    /// Where VaR and CVaR are told, each between 0 and 1; 0.95 and 0.99 when not given.
    #[schema(example = json!([0.95, 0.99]))]
    confidence_levels: Option<Vec<f64>>,
    /// For how many trading days, each 1–2,520; one day when not given.
    #[schema(example = json!([1, 10]))]
    horizons: Option<Vec<u32>>,
    /// Methods beside `historical`, `parametric_normal` and `cornish_fisher`, which are always told.
    #[serde(default)]
    #[schema(example = json!(["filtered_historical", "student_t"]))]
    methods: Vec<FurtherMethod>,
    /// The decay factor of `ewma` and of `filtered_historical`'s volatilities; 0.94 when not given.
    #[schema(example = 0.94)]
    ewma_lambda: Option<f64>,
    /// The decay factor of `weighted_historical`; 0.98 when not given.
    #[schema(example = 0.98)]
    age_lambda: Option<f64>,
    /// Those of `student_t`, above 2; fitted to the history's kurtosis when not given.
    #[schema(example = 5.0)]
    degrees_of_freedom: Option<f64>,
    /// The volatilities of `filtered_historical`; `ewma` when not given.
    #[serde(default)]
    volatility_model: VolatilityModel,
    /// How figures of one day become those of a horizon; `by_method` when not given.
    #[serde(default)]
    horizon_scaling: HorizonScaling,
    /// Tells the risk by asset: marginal, component and incremental.
    decomposition: Option<DecompositionRequest>,
    /// Tests value at risk against the past.
    backtest: Option<BacktestRequest>,
    /// Tells other measures of risk too: deviations, drawdowns, entropic value at risk.
    #[serde(default)]
    risk_measures: bool,
}

type Request = AboutPortfolio<VarCvarRequest>;

impl VarCvarRequest {
    async fn parse(self, choice: PortfolioChoice, store: &Scope) -> Result<VarCvar, ApiError> {
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
        let parameters = Parameters {
            ewma_lambda: self.ewma_lambda,
            age_lambda: self.age_lambda,
            degrees_of_freedom: self.degrees_of_freedom,
            volatility_model: self.volatility_model,
        };
        let variants = variants::parse(&self.methods, &parameters, &mut validation);
        let decomposition = self.decomposition.map(|part| part.parse(&mut validation));
        let backtest = self.backtest.map(|part| part.parse(&mut validation));
        validation.finish(Some(()))?;
        let portfolio = choice.resolve(store).await?;
        let days = portfolio.history.returns.len();
        if backtest.is_some_and(|backtest| backtest.window >= days) {
            let detail = format!("must be less than the {days} days of the history");
            return Err(invalid("/backtest/window", &detail));
        }
        if variants.contains(&VarCvarVariant::FilteredHistorical(VolatilityFilter::Garch))
            && days < MINIMUM_OBSERVATIONS
        {
            let detail =
                format!("garch needs at least {MINIMUM_OBSERVATIONS} days of history, but there are {days}");
            return Err(invalid("/volatility_model", &detail));
        }
        Ok(VarCvar {
            portfolio: portfolio.history,
            dates: portfolio.days.into_iter().skip(1).collect(),
            confidence_levels,
            horizons,
            variants,
            horizon_scaling: self.horizon_scaling,
            decomposition,
            backtest,
            risk_measures: self.risk_measures,
        })
    }
}

/// Compute VaR and CVaR
///
/// Historical, parametric normal and Cornish-Fisher, as fractions of the portfolio's value; losses are positive. On request
/// by further methods, by asset (components add up to the total), and tested against the past (Kupiec, Christoffersen,
/// Basel's traffic light).
#[utoipa::path(
    post,
    path = "/api/v1/tasks/risk/var-cvar",
    operation_id = "submit_var_cvar",
    tag = "risk",
    request_body = Request,
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
    Json(AboutPortfolio { choice, asked }): Json<Request>,
) -> Result<Accepted<Submitted>, ApiError> {
    require_portfolio(&tenant, choice.id)?;
    let input = asked.parse(choice, &tenant.store()).await?;
    tasks.submit(&tenant, TaskKind::VarCvar, RiskInput::VarCvar(input)).await
}
