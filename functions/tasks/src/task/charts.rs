//! Charts of tasks' results.

mod name;

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use computations::{Kept, PortfolioInput, performance};
use domain::{
    TaskId,
    permission::TasksRead,
    risk::{Computed, Rebalance, RiskInput},
    task::{Task, TaskKind},
    valuation::Simulated,
};
use quant::{Returns, Weights, monte_carlo::Outcome, performance::buy_and_hold, valuation};
use report::{
    chart::{Fan, FrontierChart, HistogramChart, Underwater},
    confidence,
    drawing::Drawing,
    model::Histogram,
};
use serde::Deserialize;
use store::Scope;
use web::{ApiError, Path, auth::Tenant};

use self::name::{ChartName, missing};
use super::result::{no_result, reads};
use crate::state::Tasks;

/// In points.
const SIZE: (f64, f64) = (720.0, 380.0);

/// A picture.
pub(crate) struct Svg(Drawing);

impl IntoResponse for Svg {
    fn into_response(self) -> Response {
        let mut response = self.0.to_svg().into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"));
        // Opened by itself, an SVG is a page: it loads nothing and runs nothing.
        let policy = HeaderValue::from_static("default-src 'none'; sandbox");
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response
    }
}

/// Get a chart of a task's result
///
/// `fan.svg` and `histogram.svg` of simulations, `histogram.svg` of VaR and CVaR and of a valuation's simulation, `frontier.svg` of efficient frontiers,
/// `drawdown.svg` of performance analyses with dates; of reports and of all else none. A chart takes the permissions that the task's result takes.
#[utoipa::path(
    get,
    path = "/api/v1/tasks/{id}/charts/{name}",
    operation_id = "get_task_chart",
    tag = "tasks",
    params(("id" = TaskId, Path, description = "The task."), ("name" = inline(ChartName), Path, description = "The chart.")),
    responses(
        (status = 200, description = "The chart.", content_type = "image/svg+xml", body = String),
        (status = 404, description = "There is no such task, or its result has no such chart: then it says which there are."),
        (status = 409, description = "There is no result: the task has not ended (`Retry-After` says when to ask again), failed or was cancelled."),
        (status = 410, description = "The result was kept for its time and is gone."),
    ),
    security(("bearer" = ["tasks:read"]))
)]
pub(crate) async fn chart(
    tenant: Tenant<TasksRead>,
    State(tasks): State<Tasks>,
    Path((id, name)): Path<(TaskId, String)>,
) -> Result<Svg, ApiError> {
    let store = tenant.store();
    let task = store.get::<Task>(&id).await?.entity;
    tenant.require(reads(task.kind))?;
    let kind = task.kind;
    let drawing = match (kind, ChartName::find(&name, kind)?) {
        (TaskKind::MonteCarlo, ChartName::Fan) => fan(&result(&store, &tasks, task).await?),
        (TaskKind::MonteCarlo, ChartName::Histogram) => Some(histogram(&result(&store, &tasks, task).await?)),
        (TaskKind::VarCvar, ChartName::Histogram) => returns_histogram(&store, &tasks, task).await?,
        (TaskKind::EfficientFrontier, ChartName::Frontier) => {
            Some(frontier(&result(&store, &tasks, task).await?))
        }
        (TaskKind::PerformanceAnalysis, ChartName::Drawdown) => drawdown(&store, &tasks, task).await?,
        (TaskKind::ValuationMonteCarlo, ChartName::Histogram) => {
            Some(values_histogram(&result(&store, &tasks, task).await?))
        }
        _ => None,
    };
    drawing.map(Svg).ok_or_else(|| missing(kind))
}

async fn result<T: for<'de> Deserialize<'de>>(
    store: &Scope,
    tasks: &Tasks,
    task: Task,
) -> Result<T, ApiError> {
    let reference = task.result.clone().ok_or_else(|| no_result(task))?;
    let document = store.payload(tasks.bucket(), &reference).await?;
    serde_json::from_slice(&document).map_err(ApiError::internal)
}

fn fan(of: &Computed<Outcome>) -> Option<Drawing> {
    let fan = of.figures.fan.as_ref()?;
    let steps: Vec<f64> = fan.days.iter().map(|day| f64::from(*day)).collect();
    let bands: Vec<_> =
        fan.lines.iter().map(|line| (f64::from(line.percentile), line.values.clone())).collect();
    Some(Fan { steps: &steps, bands: &bands, unit: "trading days", currency: "" }.draw(SIZE))
}

fn histogram(of: &Computed<Outcome>) -> Drawing {
    let figures = &of.figures;
    let marks: Vec<_> = figures
        .risk
        .iter()
        .map(|risk| (format!("VaR {}", confidence(risk.confidence_level)), -risk.value_at_risk))
        .collect();
    HistogramChart {
        title: "Profit and loss at the horizon",
        unit: "profit or loss",
        edges: &figures.histogram.edges,
        counts: &figures.histogram.counts,
        normal: None,
        marks: &marks,
        percent: false,
    }
    .draw(SIZE)
}

fn values_histogram(of: &Simulated<valuation::Outcome>) -> Drawing {
    let figures = &of.figures;
    HistogramChart {
        title: "Value a share",
        unit: "value a share",
        edges: &figures.histogram.edges,
        counts: &figures.histogram.counts,
        normal: None,
        marks: &[("mean".to_owned(), figures.value_per_share.mean)],
        percent: false,
    }
    .draw(SIZE)
}

/// What a chart needs of a frontier's result.
#[derive(Deserialize)]
struct FrontierResult {
    points: Vec<FrontierPoint>,
    minimum_risk: Option<FrontierPoint>,
    tangency: Option<FrontierPoint>,
    current: Option<FrontierPoint>,
}

#[derive(Deserialize)]
struct FrontierPoint {
    figures: PointFigures,
}

#[derive(Deserialize)]
struct PointFigures {
    expected_return: f64,
    volatility: f64,
}

fn frontier(of: &FrontierResult) -> Drawing {
    let place = |point: &FrontierPoint| (point.figures.volatility, point.figures.expected_return);
    let points: Vec<_> = of.points.iter().map(place).collect();
    let marked =
        [("This portfolio", &of.current), ("Least risk", &of.minimum_risk), ("Tangency", &of.tangency)];
    let portfolios: Vec<_> = marked
        .into_iter()
        .filter_map(|(name, point)| {
            let (volatility, expected) = place(point.as_ref()?);
            Some((name.to_owned(), volatility, expected))
        })
        .collect();
    FrontierChart { points: &points, portfolios: &portfolios, assets: &[] }.draw(SIZE)
}

/// What an ended task computed with: results leave out histories, which these charts draw.
async fn input(store: &Scope, tasks: &Tasks, task: Task) -> Result<Vec<u8>, ApiError> {
    let reference = task.input.clone();
    if task.result.is_none() {
        return Err(no_result(task));
    }
    Ok(store.payload(tasks.bucket(), &reference).await?)
}

async fn returns_histogram(store: &Scope, tasks: &Tasks, task: Task) -> Result<Option<Drawing>, ApiError> {
    let bytes = input(store, tasks, task).await?;
    let Ok(RiskInput::VarCvar(input)) = RiskInput::from_bytes(&bytes) else { return Ok(None) };
    let weights = Weights::new(input.portfolio.weights).map_err(ApiError::internal)?;
    let returns = Returns::from_rows(&input.portfolio.returns).map_err(ApiError::internal)?;
    let returns = returns.portfolio(&weights).map_err(ApiError::internal)?;
    let histogram = Histogram::of(&returns);
    let chart = HistogramChart {
        title: "Distribution of daily returns",
        unit: "return of a day",
        edges: &histogram.edges,
        counts: &histogram.counts,
        normal: Some((histogram.mean, histogram.standard_deviation)),
        marks: &[],
        percent: true,
    };
    Ok(Some(chart.draw(SIZE)))
}

async fn drawdown(store: &Scope, tasks: &Tasks, task: Task) -> Result<Option<Drawing>, ApiError> {
    let bytes = input(store, tasks, task).await?;
    let Ok(PortfolioInput::Performance(input)) = PortfolioInput::from_bytes(&bytes) else { return Ok(None) };
    let (Some(dates), Some(returns)) = (&input.dates, returns(&input.history)) else { return Ok(None) };
    let drawdowns = underwater(&returns);
    Ok(Some(Underwater { dates, drawdowns: &drawdowns }.draw(SIZE)))
}

fn returns(history: &performance::History) -> Option<Vec<f64>> {
    match history {
        performance::History::Returns(returns) => Some(returns.clone()),
        performance::History::Valuations(_) => None,
        performance::History::Assets(assets) => match assets.rebalance {
            Rebalance::None => buy_and_hold(&assets.returns, &assets.weights).ok(),
            Rebalance::Daily => assets.returns.portfolio(&assets.weights).ok(),
        },
    }
}

fn underwater(returns: &[f64]) -> Vec<f64> {
    let (mut value, mut peak) = (1.0_f64, 1.0_f64);
    let below = returns.iter().map(|one| {
        value *= 1.0 + one;
        peak = peak.max(value);
        value / peak - 1.0
    });
    std::iter::once(0.0).chain(below).collect()
}
