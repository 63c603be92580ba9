//! Monte Carlo simulations.

mod model;

use axum::extract::State;
use domain::{
    Validation,
    decimal::DecimalInput,
    permission::TasksWrite,
    risk::{MonteCarlo, Rebalance, RiskInput, Sampling},
    task::TaskKind,
};
use model::{ModelRequest, Scheme};
use rust_decimal::prelude::ToPrimitive;
use serde::Deserialize;
use store::Scope;
use utoipa::ToSchema;
use web::{Accepted, ApiError, Data, Json, auth::Tenant};

use super::{levels, portfolio::PortfolioChoice, request::AboutPortfolio};
use crate::{
    state::{Tasks, require_portfolio, within},
    task::view::Submitted,
};

const MAXIMUM_SIMULATIONS: u64 = 100_000_000;
const MAXIMUM_HORIZON: u32 = 2520;
/// JavaScript reads whole numbers up to here exactly.
const MAXIMUM_SEED: u64 = (1 << 53) - 1;
const DEFAULT_INITIAL_VALUE: f64 = 1_000_000.0;

/// What to simulate.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MonteCarloRequest {
    /// The number of paths, 1–100,000,000; 10,000 when not given.
    #[schema(minimum = 1, maximum = 100_000_000, default = 10_000, example = 10_000)]
    num_simulations: Option<u64>,
    /// The number of trading days, 1–2,520; 252 when not given.
    #[schema(minimum = 1, maximum = 2520, default = 252, example = 252)]
    time_horizon: Option<u32>,
    /// The same seed and inputs give the same figures to the last bit; one is drawn, and told, when not given.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_u64, example = 42)]
    seed: Option<u64>,
    /// Where VaR and CVaR are told, each between 0 and 1; 0.95 and 0.99 when not given.
    #[schema(example = json!([0.95, 0.99]))]
    confidence_levels: Option<Vec<f64>>,
    /// The portfolio's value at the start, in its currency, as a decimal. When not given: the market value of a portfolio
    /// that is held by quantity, else 1000000.
    #[schema(example = "1000000")]
    initial_value: Option<DecimalInput>,
    /// Whether the weights drift with the prices (`none`) or are restored at each close (`daily`); `none` when not given.
    #[serde(default)]
    rebalance: Rebalance,
    /// How the assets' returns come about; `geometric_brownian_motion` when not given.
    #[serde(default)]
    model: ModelRequest,
    /// How random numbers are drawn; `random` when not given. `antithetic` takes an even number of paths, and
    /// `geometric_brownian_motion` or `student_t_copula`. `moment_matched` and `sobol` take `geometric_brownian_motion`, and
    /// `sobol` at least 1,024 paths (best a power of 2) and at most 4,096 assets × days.
    #[serde(default)]
    sampling: Sampling,
    /// `false` leaves out drawdowns and the chart over time: the final value is drawn in one exact step, which takes
    /// `geometric_brownian_motion` with `rebalance` `none`. `true` when not given.
    #[schema(default = true)]
    path_statistics: Option<bool>,
}

type Request = AboutPortfolio<MonteCarloRequest>;

impl MonteCarloRequest {
    async fn parse(
        self,
        choice: PortfolioChoice,
        store: &Scope,
        drawn_seed: u64,
    ) -> Result<MonteCarlo, ApiError> {
        let mut validation = Validation::new();
        let simulations = within(self.num_simulations.unwrap_or(10_000), 1, MAXIMUM_SIMULATIONS);
        let horizon = within(self.time_horizon.unwrap_or(252), 1, MAXIMUM_HORIZON);
        let seed = within(self.seed.unwrap_or(drawn_seed), 0, MAXIMUM_SEED);
        let num_simulations = validation.check("/num_simulations", simulations);
        let time_horizon = validation.check("/time_horizon", horizon);
        let seed = validation.check("/seed", seed);
        let confidence_levels = levels::parse(self.confidence_levels, &mut validation);
        let initial_value = self.initial_value.map(|value| value.0.to_f64().unwrap_or(f64::NAN));
        validation.require(
            initial_value.is_none_or(|value| value > 0.0 && value <= 1e15),
            "/initial_value",
            "must be above 0 and at most 1e15",
        );
        let scheme = Scheme {
            model: self.model,
            sampling: self.sampling,
            rebalance: self.rebalance,
            path_statistics: self.path_statistics.unwrap_or(true),
        };
        scheme.check(num_simulations, &mut validation);
        let numbers = num_simulations.zip(time_horizon).zip(seed);
        let ((num_simulations, time_horizon), seed) = validation.finish(numbers)?;
        let joined = choice.resolve(store).await?;
        scheme.check_history(&joined.history, time_horizon)?;
        let market_value = joined.market_value.and_then(|value| value.to_f64());
        Ok(MonteCarlo {
            portfolio: joined.history,
            num_simulations,
            time_horizon,
            seed,
            confidence_levels,
            initial_value: initial_value.or(market_value).unwrap_or(DEFAULT_INITIAL_VALUE),
            rebalance: self.rebalance,
            model: self.model.into(),
            sampling: self.sampling,
            path_statistics: scheme.path_statistics,
        })
    }
}

/// Simulate a portfolio's value
///
/// Correlated geometric Brownian motion, whose drift and covariance are those of the history's daily log-returns, or another
/// model: a Student-t copula, the historical or the stationary bootstrap, historical simulation filtered by GARCH(1,1). The
/// result tells the model's parameters. It holds the distribution of the final value and of the profit and loss, VaR and CVaR with their standard errors,
/// drawdowns, a histogram, and percentiles over time for a chart.
#[utoipa::path(
    post,
    path = "/api/v1/tasks/risk/monte-carlo",
    operation_id = "submit_monte_carlo",
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
    let input = asked.parse(choice, &tenant.store(), tasks.seed()).await?;
    tasks.submit(&tenant, TaskKind::MonteCarlo, RiskInput::MonteCarlo(input)).await
}
