//! Performance analysis.

mod attribution;
mod benchmark;
mod history;
mod settings;

use axum::extract::State;
use computations::{PortfolioInput, performance};
use domain::{PortfolioId, Validation, permission::TasksWrite, risk::Rebalance, task::TaskKind};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use store::Scope;
use utoipa::ToSchema;
use web::{Accepted, ApiError, Data, Json, auth::Tenant};

use super::assets::AssetsData;
use crate::{
    state::{Tasks, require_portfolio},
    task::view::Submitted,
};
use attribution::AttributionRequest;
use benchmark::BenchmarkInput;
use history::ValuationInput;

/// Whose performance to analyse. The history is given in exactly one way: `portfolio_id`, `assets_data` with `weights`,
/// `returns`, `values` or `valuations`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PerformanceRequest {
    /// A stored portfolio, whose history comes from the stored prices. One that is held by quantity is bought at the first
    /// close and left alone. It takes `portfolios:read` as well.
    portfolio_id: Option<PortfolioId>,
    /// The first day of the stored prices to use.
    #[schema(example = "2020-01-02")]
    from: Option<Date>,
    /// The last day of the stored prices to use.
    #[schema(example = "2022-12-28")]
    to: Option<Date>,
    /// Assets in numbers, held at `weights`.
    assets_data: Option<AssetsData>,
    /// The assets' weights at the start, by name; they sum to 1.
    #[schema(example = json!({"AAPL": 0.4, "JNJ": 0.3, "CVX": 0.3}))]
    weights: Option<BTreeMap<String, f64>>,
    /// What happens to the weights of assets; `none` when not given.
    rebalance: Option<Rebalance>,
    /// The portfolio's simple returns as fractions, oldest first.
    #[schema(example = json!([0.011, -0.007, 0.004, -0.012]))]
    returns: Option<Vec<f64>>,
    /// The portfolio's values, or the prices of one asset, oldest first, without cash flows between them.
    #[schema(example = json!([100.0, 101.1, 100.4, 100.8]))]
    values: Option<Vec<f64>>,
    /// The portfolio's values with what its owner put in and took out, which give time- and money-weighted returns.
    #[schema(example = json!([
        {"date": "2022-01-03", "value": "100000"}, {"date": "2022-06-30", "value": "91200", "flow": "20000"},
        {"date": "2022-12-28", "value": "116500"}
    ]))]
    valuations: Option<Vec<ValuationInput>>,
    /// The days of `values` or of the rows of prices; for returns the day of the start, then of each return.
    #[schema(example = json!(["2022-12-22", "2022-12-23", "2022-12-27", "2022-12-28"]))]
    dates: Option<Vec<Date>>,
    /// What to compare with.
    benchmark: Option<BenchmarkInput>,
    /// What to attribute the active return to; it needs assets.
    attribution: Option<AttributionRequest>,
    /// The annual rate without risk, as a fraction; 0 when not given.
    #[schema(example = 0.02)]
    risk_free_rate: Option<f64>,
    /// How many returns make a year; 252, for trading days, when not given.
    #[schema(example = 252)]
    periods_per_year: Option<f64>,
    /// The confidence level of value at risk and CVaR, between 0 and 1; 0.95 when not given.
    #[schema(example = 0.95)]
    confidence_level: Option<f64>,
    /// The window of the rolling figures, in returns; none when not given.
    #[schema(example = 63)]
    rolling_window: Option<usize>,
    /// How many drawdowns are listed, the deepest first, 0–1,000; 5 when not given.
    #[schema(example = 5)]
    drawdowns: Option<usize>,
}

impl PerformanceRequest {
    async fn parse(mut self, store: &Scope) -> Result<performance::Input, ApiError> {
        let (benchmark, attribution) = (self.benchmark.take(), self.attribution.take());
        let history = history::find(&mut self, benchmark.as_ref(), store).await?;
        let benchmark = benchmark::returns(benchmark, &history, store).await?;
        let mut validation = Validation::new();
        let settings = validation.nest("", self.settings(history.periods()));
        let mut history_input = history.input;
        if let Some(attribution) = attribution {
            let parsed = validation.nest("/attribution", attribution.parse(&history_input));
            if let performance::History::Assets(assets) = &mut history_input {
                assets.attribution = parsed;
            }
        }
        let settings = validation.finish(settings)?;
        Ok(performance::Input { history: history_input, dates: history.dates, benchmark, settings })
    }
}

/// Analyse a portfolio's performance
///
/// Cumulative, annual, yearly and monthly returns, volatility, ratios, drawdowns with their dates, value at risk; against a
/// benchmark alpha, beta, capture and tracking error; rolling figures, attribution by group, and time- and money-weighted
/// returns.
#[utoipa::path(
    post,
    path = "/api/v1/tasks/portfolio/performance-analysis",
    operation_id = "submit_performance_analysis",
    tag = "portfolio",
    request_body = PerformanceRequest,
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
    Json(request): Json<PerformanceRequest>,
) -> Result<Accepted<Submitted>, ApiError> {
    require_portfolio(&tenant, request.portfolio_id)?;
    let input = request.parse(&tenant.store()).await?;
    tasks.submit(&tenant, TaskKind::PerformanceAnalysis, PortfolioInput::Performance(input)).await
}
