//! Efficient frontiers.

use std::error::Error;

use axum::extract::State;
use computations::{Kept, frontier::Input};
use domain::{PortfolioId, Validation, permission::TasksWrite, task::TaskKind};
use jiff::civil::Date;
use quant::optimise::{FrontierProblem, Method, Objective, Problem, RiskMeasure};
use serde::Deserialize;
use store::Scope;
use utoipa::ToSchema;
use web::{Accepted, ApiError, Data, Json, auth::Tenant};

use super::levels;
use crate::{
    portfolio::{
        assets::AssetsData,
        choice::AssetsChoice,
        constraints::ConstraintsInput,
        estimates::{CovarianceInput, ExpectedReturnsInput},
        names::Names,
    },
    state::{self, Tasks, require_portfolio, within},
    task::view::Submitted,
};

const MAXIMUM_POINTS: usize = 200;
/// Of points times assets: what a result of a few megabytes holds.
const MAXIMUM_WEIGHTS: usize = 50_000;
/// Of days times assets times points, for the measures that look at each day.
const MAXIMUM_WORK: usize = 10_000_000;

/// Which assets to combine, and which risk to weigh against return.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "portfolio_id": "pfl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN", "points": 20, "risk_free_rate": 0.02,
    "constraints": {"max_weight_per_asset": 0.6}
}))]
pub struct EfficientFrontierRequest {
    /// The assets in numbers; or give `portfolio_id`.
    assets_data: Option<AssetsData>,
    /// A stored portfolio, whose assets' returns come from the stored prices and which is marked beside the frontier; or
    /// give `assets_data`. It takes `portfolios:read` as well.
    portfolio_id: Option<PortfolioId>,
    /// The first day of the stored prices to use.
    #[schema(example = "2018-01-02")]
    from: Option<Date>,
    /// The last day of the stored prices to use.
    #[schema(example = "2022-12-28")]
    to: Option<Date>,
    /// The number of portfolios from the least risk to the largest return, 2–200; 20 when not given.
    #[schema(minimum = 2, maximum = 200, default = 20, example = 20)]
    points: Option<usize>,
    /// The measure of risk; `variance` when not given.
    #[serde(default)]
    risk_measure: FrontierRisk,
    /// The confidence level of CVaR and CDaR, between 0 and 1; 0.95 when not given.
    #[schema(example = 0.95)]
    confidence_level: Option<f64>,
    /// The daily return that `semivariance` counts shortfalls below; 0 when not given.
    #[schema(example = 0.0)]
    benchmark_return: Option<f64>,
    /// How expected returns are found; the compounded mean of the history when not given.
    #[serde(default)]
    expected_returns: ExpectedReturnsInput,
    /// How the covariance is found; the sample covariance when not given.
    #[serde(default)]
    covariance: CovarianceInput,
    /// What the weights must meet; each within 0 to 1 when not given.
    #[serde(default)]
    constraints: ConstraintsInput,
    /// The annual rate without risk, as a fraction, for the tangency portfolio; 0 when not given.
    #[schema(example = 0.02)]
    risk_free_rate: Option<f64>,
    /// How many returns make a year; 252, for trading days, when not given.
    #[schema(example = 252)]
    periods_per_year: Option<f64>,
}

/// The measure of risk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FrontierRisk {
    /// The annual volatility.
    #[default]
    Variance,
    /// The annual deviation below a benchmark.
    Semivariance,
    /// The conditional value at risk of a day.
    Cvar,
    /// The conditional drawdown at risk.
    Cdar,
}

impl EfficientFrontierRequest {
    async fn parse(self, store: &Scope) -> Result<Input, ApiError> {
        let mut validation = Validation::new();
        let points = self.points.unwrap_or(20);
        validation.check("/points", within(points, 2, MAXIMUM_POINTS));
        let measure = self.measure(&mut validation);
        let rate = within(self.risk_free_rate.unwrap_or(0.0), -1.0, 10.0);
        let risk_free_rate = validation.check("/risk_free_rate", rate);
        let year = within(self.periods_per_year.unwrap_or(252.0), 1.0, 1e6);
        let periods_per_year = validation.check("/periods_per_year", year);
        let (risk_free_rate, periods_per_year) = validation.finish(risk_free_rate.zip(periods_per_year))?;

        let choice =
            AssetsChoice { data: self.assets_data, id: self.portfolio_id, from: self.from, to: self.to };
        let assets = choice.resolve(store).await?;
        let (names, returns) = (Names::new(&assets.names), assets.history.returns.clone());
        let mut validation = Validation::new();
        check_size(points, measure, (returns.periods(), returns.assets()), &mut validation);
        let expected_returns =
            validation.nest("/expected_returns", self.expected_returns.parse(&names, returns.periods()));
        let covariance = validation.nest("/covariance", self.covariance.parse(names.len()));
        let constraints =
            validation.nest("/constraints", self.constraints.parse(&names, assets.current.clone()));
        let estimates = expected_returns.zip(covariance).zip(constraints);
        let ((expected_returns, covariance), constraints) = validation.finish(estimates)?;
        let problem = Problem {
            returns: Some(returns),
            expected_returns,
            covariance,
            method: Method::MeanVariance { objective: Objective::MinimumRisk },
            constraints,
            risk_free_rate,
            periods_per_year,
        };
        Ok(Input {
            incomplete_days: assets.history.incomplete_days(),
            assets: assets.names,
            problem: FrontierProblem { problem, measure, points, current: assets.current },
        })
    }

    fn measure(&self, validation: &mut Validation) -> RiskMeasure {
        let tail = matches!(self.risk_measure, FrontierRisk::Cvar | FrontierRisk::Cdar);
        let shortfall = self.risk_measure == FrontierRisk::Semivariance;
        let (level, benchmark) = (self.confidence_level, self.benchmark_return);
        validation.require(tail || level.is_none(), "/confidence_level", "goes with cvar and cdar");
        validation.require(shortfall || benchmark.is_none(), "/benchmark_return", "goes with semivariance");
        let confidence_level = level.unwrap_or(0.95);
        levels::check(confidence_level, "/confidence_level", validation);
        let benchmark = benchmark.unwrap_or(0.0);
        validation.check("/benchmark_return", within(benchmark, -1.0, 1.0));
        match self.risk_measure {
            FrontierRisk::Variance => RiskMeasure::Variance,
            FrontierRisk::Semivariance => RiskMeasure::Semivariance { benchmark },
            FrontierRisk::Cvar => RiskMeasure::Cvar { confidence_level },
            FrontierRisk::Cdar => RiskMeasure::Cdar { confidence_level },
        }
    }
}

/// A frontier that would take too long, or be too large to be fetched, is refused.
fn check_size(
    points: usize,
    measure: RiskMeasure,
    (days, assets): (usize, usize),
    validation: &mut Validation,
) {
    let detail =
        format!("times the {assets} assets must be at most {MAXIMUM_WEIGHTS}, but is {}", points * assets);
    validation.require(points * assets <= MAXIMUM_WEIGHTS, "/points", detail);
    let work = points * assets * days;
    let detail = format!(
        "times {assets} assets and {days} days must be at most {MAXIMUM_WORK} for this risk, but is {work}"
    );
    validation.require(measure == RiskMeasure::Variance || work <= MAXIMUM_WORK, "/points", detail);
}

impl state::Input for Input {
    fn to_bytes(&self) -> Result<Vec<u8>, impl Error + Send + Sync + 'static> {
        Kept::to_bytes(self)
    }
}

/// Trace an efficient frontier
///
/// Portfolios of the least risk for each return, from the least risk of all to the largest return that the constraints
/// allow, with the portfolios of least risk and of the largest excess return a unit of risk (tangency) marked. An
/// infeasible problem is a `SUCCESS` whose `outcome` names the constraints that conflict.
#[utoipa::path(
    post,
    path = "/api/v1/tasks/risk/efficient-frontier",
    operation_id = "submit_efficient_frontier",
    tag = "risk",
    request_body = EfficientFrontierRequest,
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
    Json(request): Json<EfficientFrontierRequest>,
) -> Result<Accepted<Submitted>, ApiError> {
    require_portfolio(&tenant, request.portfolio_id)?;
    let input = request.parse(&tenant.store()).await?;
    tasks.submit(&tenant, TaskKind::EfficientFrontier, input).await
}
