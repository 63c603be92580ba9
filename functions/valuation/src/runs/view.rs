//! Runs as clients see them.

use domain::{
    RunId, TaskId, UserId,
    currency::Currency,
    symbol::Symbol,
    task::{Task, TaskState},
    valuation::{Figures, Run, RunDocument, Simulated},
};
use jiff::Timestamp;
use quant::valuation::Outcome;
use serde::Serialize;
use serde_json::value::RawValue;
use store::{Bucket, PayloadError, Scope, Stored};
use utoipa::ToSchema;
use web::ApiError;

use super::compute::RunResult;

/// A run, as lists show it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RunSummary {
    /// Its id.
    id: RunId,
    /// The company.
    ticker: Symbol,
    /// The currency of its amounts.
    currency: Currency,
    /// The figures at the top, rounded: amounts to the currency's digits, 2 at least, the value a share to 4 decimals.
    figures: Figures,
    /// When the client says that it was made.
    timestamp: Option<Timestamp>,
    /// The number of trials, if it was simulated too.
    trials: Option<u64>,
    /// The task that simulates it, where that was too much for the request.
    task_id: Option<TaskId>,
    /// Who ran it.
    created_by: UserId,
    /// When it was run.
    created_at: Timestamp,
}

impl From<Stored<Run>> for RunSummary {
    fn from(stored: Stored<Run>) -> Self {
        Self::new(stored.entity, stored.created_at)
    }
}

impl RunSummary {
    fn new(run: Run, created_at: Timestamp) -> Self {
        let Run { id, ticker, currency, figures, timestamp, trials, task, created_by, due_at: _ } = run;
        Self { id, ticker, currency, figures, timestamp, trials, task_id: task, created_by, created_at }
    }
}

/// A run with all that it computed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Run)]
pub(super) struct RunView {
    #[serde(flatten)]
    summary: RunSummary,
    /// Inputs, settings and the valuation with all its steps.
    #[schema(value_type = RunResult)]
    result: Box<RawValue>,
    /// The simulation; null without one.
    simulation: Option<SimulationView>,
}

/// A run's simulation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RunSimulation)]
struct SimulationView {
    /// Where it stands; null for one that has no outcome once its task is forgotten, after 90 days.
    status: Option<TaskState>,
    /// What it computed; null until it has ended, or when it has no outcome.
    #[schema(value_type = Option<Simulated<Outcome>>)]
    outcome: Option<Box<RawValue>>,
}

impl RunView {
    /// The run with its documents; where a task simulates it, with what that has come to.
    pub(super) async fn read(scope: &Scope, bucket: &Bucket, run: Stored<Run>) -> Result<Self, ApiError> {
        let document = scope.get::<RunDocument>(&run.entity.id).await?.entity;
        let of_task = match (&document.simulation, run.entity.task) {
            (None, Some(task)) => Some(SimulationView::of_task(scope, bucket, task).await?),
            _ => None,
        };
        Self::new(run.into(), document, of_task)
    }

    /// The run as it is about to be kept, its task's state with it.
    pub(super) fn about_to_be_kept(
        run: Run,
        document: RunDocument,
        now: Timestamp,
        task: Option<TaskState>,
    ) -> Result<Self, ApiError> {
        let of_task = task.map(|state| SimulationView { status: Some(state), outcome: None });
        Self::new(RunSummary::new(run, now), document, of_task)
    }

    fn new(
        summary: RunSummary,
        document: RunDocument,
        of_task: Option<SimulationView>,
    ) -> Result<Self, ApiError> {
        let kept = |outcome| {
            Ok::<_, ApiError>(SimulationView {
                status: Some(TaskState::Success),
                outcome: Some(raw(outcome)?),
            })
        };
        let simulation = document.simulation.map(kept).transpose()?.or(of_task);
        Ok(Self { summary, result: raw(document.result)?, simulation })
    }

    pub(super) fn id(&self) -> RunId {
        self.summary.id
    }

    /// The same, with the time at which it was kept.
    pub(super) fn created_at(mut self, time: Timestamp) -> Self {
        self.summary.created_at = time;
        self
    }
}

impl SimulationView {
    async fn of_task(scope: &Scope, bucket: &Bucket, id: TaskId) -> Result<Self, ApiError> {
        let Some(task) = scope.find::<Task>(&id).await? else {
            return Ok(Self { status: None, outcome: None });
        };
        let outcome = match task.entity.result {
            None => None,
            Some(reference) => match scope.payload(bucket, &reference).await {
                Ok(bytes) => Some(raw(String::from_utf8(bytes).map_err(ApiError::internal)?)?),
                Err(PayloadError::Gone) => None,
                Err(error) => return Err(error.into()),
            },
        };
        Ok(Self { status: Some(task.entity.state), outcome })
    }
}

/// A document as it was first written, to the last digit.
fn raw(document: String) -> Result<Box<RawValue>, ApiError> {
    RawValue::from_string(document).map_err(ApiError::internal)
}
