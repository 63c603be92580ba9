//! A task's result.

use axum::{extract::State, http::StatusCode};
use computations::{
    Answer, frontier::Frontier, optimisation::Optimisation, performance::PerformanceAnalysis,
    rebalancing::Rebalancing,
};
use domain::{
    TaskId,
    permission::{Permission, TasksRead},
    risk::Computed,
    task::{Task, TaskKind, TaskState},
    valuation::Simulated,
};
use quant::{monte_carlo::Outcome, stress::StressTest, var_cvar::Report};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use web::{ApiError, Data, Path, auth::Tenant};

use super::file::FileView;
use crate::{exports, state::Tasks};

/// A task's result.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResultView {
    /// The task.
    task_id: TaskId,
    /// Always `SUCCESS`.
    status: TaskState,
    /// What was computed, of the form that the task's type has.
    #[schema(value_type = TaskResult)]
    result: Found,
}

/// A result as it is told.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Found {
    /// A document, as it was stored.
    Document(Box<RawValue>),
    /// A file, with its address of now.
    File(FileView),
}

/// What tasks compute, by their type.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "results are passed on as they were stored; this describes them")]
enum TaskResult {
    /// Of `risk/monte-carlo`.
    MonteCarlo(Box<Computed<Outcome>>),
    /// Of `portfolio/optimize`.
    Optimise(Box<Answer<Optimisation>>),
    /// Of `portfolio/rebalance`.
    Rebalance(Box<Answer<Rebalancing>>),
    /// Of `portfolio/performance-analysis`.
    PerformanceAnalysis(Box<Answer<PerformanceAnalysis>>),
    /// Of `risk/var-cvar`.
    VarCvar(Box<Computed<Report>>),
    /// Of `risk/stress-test`.
    StressTest(Box<Computed<StressTest>>),
    /// Of `risk/efficient-frontier`.
    EfficientFrontier(Box<Answer<Frontier>>),
    /// Of `reports/portfolio`, `reports/risk`, `reports/valuation` and `exports`.
    File(FileView),
    /// Of `valuation/monte-carlo`.
    ValuationMonteCarlo(Box<Simulated<quant::valuation::Outcome>>),
}

/// Get a task's result
///
/// It takes the permission to see what is shown, besides `tasks:read`: `portfolios:read` for the results of `risk/…`,
/// `portfolio/…`, `reports/portfolio` and `reports/risk`, `valuation:read` for those of `valuation/…` and
/// `reports/valuation`, both for `exports`.
#[utoipa::path(
    get,
    path = "/api/v1/tasks/{id}/result",
    operation_id = "get_task_result",
    tag = "tasks",
    params(("id" = TaskId, Path, description = "The task.")),
    responses(
        (status = 200, description = "The result.", body = Data<ResultView>),
        (status = 409, description = "There is no result: the task has not ended (`Retry-After` says when to ask again), failed or was cancelled."),
        (status = 410, description = "The result was kept for its time and is gone."),
    ),
    security(("bearer" = ["tasks:read"]))
)]
pub(crate) async fn result(
    tenant: Tenant<TasksRead>,
    State(tasks): State<Tasks>,
    Path(id): Path<TaskId>,
) -> Result<Data<ResultView>, ApiError> {
    let store = tenant.store();
    let task = store.get::<Task>(&id).await?.entity;
    tenant.require(reads(task.kind))?;
    let about = (task.id, task.kind);
    let reference = task.result.clone().ok_or_else(|| no_result(task))?;
    let result = if let Some(content_type) = &reference.content_type {
        Found::File(FileView::of(&store, &tasks, about, &reference, content_type).await?)
    } else {
        let document = store.payload(tasks.bucket(), &reference).await?;
        Found::Document(serde_json::from_slice(&document).map_err(ApiError::internal)?)
    };
    Ok(Data::new(ResultView { task_id: id, status: TaskState::Success, result }))
}

/// What a result shows that `tasks:read` alone does not.
pub(super) fn reads(kind: TaskKind) -> &'static [Permission] {
    match kind {
        TaskKind::Export => exports::READS,
        TaskKind::ValuationMonteCarlo | TaskKind::ValuationReport => &[Permission::ValuationRead],
        // Whether a portfolio came with the task or was a stored one, the task no longer tells.
        TaskKind::MonteCarlo
        | TaskKind::VarCvar
        | TaskKind::StressTest
        | TaskKind::EfficientFrontier
        | TaskKind::Optimise
        | TaskKind::Rebalance
        | TaskKind::PerformanceAnalysis
        | TaskKind::PortfolioReport
        | TaskKind::RiskReport => &[Permission::PortfoliosRead],
    }
}

pub(super) fn no_result(task: Task) -> ApiError {
    match (task.state, task.failure) {
        (_, Some(failure)) => {
            let detail = format!("The task failed ({}): {}", failure.code, failure.detail);
            ApiError::new(StatusCode::CONFLICT, "task-failed", detail).with_errors(failure.errors)
        }
        (TaskState::Revoked, _) => {
            ApiError::new(StatusCode::CONFLICT, "task-revoked", "The task was cancelled; it has no result.")
        }
        (state, _) => {
            let detail = format!("The task has not ended yet: it is {state}.");
            ApiError::new(StatusCode::CONFLICT, "task-not-ended", detail).retry_after(1)
        }
    }
}
