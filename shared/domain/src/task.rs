//! Long work: what it is asked for, where it stands, and the few ways it may go on from there.

use std::fmt;

use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::{Entity, FieldError, IndexEntry, TaskId, UserId};

/// How long an ended task and its result are kept.
pub const RETENTION: SignedDuration = SignedDuration::from_hours(24 * 90);
/// How often maintenance revives a task that makes no progress before it gives it up.
pub const MAXIMUM_REVIVALS: u32 = 5;

/// What kind of work a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
pub enum TaskKind {
    /// A Monte Carlo simulation of a portfolio's value.
    #[serde(rename = "risk/monte-carlo")]
    MonteCarlo,
    /// Value at risk and conditional value at risk from history.
    #[serde(rename = "risk/var-cvar")]
    VarCvar,
    /// A Monte Carlo simulation of a company's value.
    #[serde(rename = "valuation/monte-carlo")]
    ValuationMonteCarlo,
    /// What a portfolio loses under shocks and in past crises.
    #[serde(rename = "risk/stress-test")]
    StressTest,
    /// The least risk for each return.
    #[serde(rename = "risk/efficient-frontier")]
    EfficientFrontier,
    /// The best weights of a portfolio.
    #[serde(rename = "portfolio/optimize")]
    Optimise,
    /// The trades from holdings to target weights.
    #[serde(rename = "portfolio/rebalance")]
    Rebalance,
    /// What a portfolio's history amounts to.
    #[serde(rename = "portfolio/performance-analysis")]
    PerformanceAnalysis,
    /// A report on a portfolio.
    #[serde(rename = "reports/portfolio")]
    PortfolioReport,
    /// A report on a portfolio's risk.
    #[serde(rename = "reports/risk")]
    RiskReport,
    /// A report on a valuation.
    #[serde(rename = "reports/valuation")]
    ValuationReport,
    /// All that a tenant has, as files.
    #[serde(rename = "exports")]
    Export,
}

/// Where a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskState {
    /// Accepted, and not yet taken up by a worker.
    Pending,
    /// Being worked on.
    Started,
    /// Ended with a result.
    Success,
    /// Ended without one; `failure` says why.
    Failure,
    /// Cancelled by a client.
    Revoked,
}

impl TaskState {
    /// Whether nothing can change any more.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Success | Self::Failure | Self::Revoked)
    }
}

/// Why a task failed, told so that a client can act on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Failure {
    /// A stable name of the kind of failure.
    #[schema(example = "invalid-input")]
    pub code: String,
    /// What happened, in one sentence.
    pub detail: String,
    /// Which fields of the input were at fault, if any were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// Names bytes by their content: they lie in the tenant's own part of the table or, when large, of the bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayloadRef {
    /// SHA-256 of the bytes, in hexadecimal digits.
    pub sha256: String,
    /// How many bytes.
    pub size: u64,
    /// Their media type, where they are a file to hand on; such a file lies in the bucket whatever its size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
}

/// A piece of long work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// What is to be done.
    pub kind: TaskKind,
    /// Where it stands.
    pub state: TaskState,
    /// Who asked for it.
    pub created_by: UserId,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When a worker took it up.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// What it computes with.
    pub input: PayloadRef,
    /// Into how many shards it was cut; known once it is started.
    pub shards: Option<u32>,
    /// What it computed.
    pub result: Option<PayloadRef>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// When maintenance has to look at it, should nothing happen before.
    pub due_at: Option<Timestamp>,
    /// How often in a row maintenance has revived it without progress in between.
    pub revivals: u32,
    /// How many shards were done when maintenance last revived it.
    pub done_at_revival: u32,
}

/// A step that a task's state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the task is {0}")]
pub struct NotAllowed(pub TaskState);

impl Task {
    /// The group of the tasks that have not ended.
    pub const ACTIVE: &'static str = "ACTIVE";

    /// A task that was just asked for. It has not been sent yet: unless [`Task::sent`] follows, it is due in a minute.
    pub fn new(id: TaskId, kind: TaskKind, created_by: UserId, input: PayloadRef, now: Timestamp) -> Self {
        Self {
            id,
            kind,
            state: TaskState::Pending,
            created_by,
            created_at: now,
            started_at: None,
            finished_at: None,
            input,
            shards: None,
            result: None,
            failure: None,
            due_at: Some(now + 1.minute()),
            revivals: 0,
            done_at_revival: 0,
        }
    }

    /// Its message is in the queue, which keeps it for days.
    #[must_use]
    pub fn sent(mut self, now: Timestamp) -> Self {
        if self.state == TaskState::Pending {
            self.due_at = Some(now + 24.hours());
        }
        self
    }

    /// A worker takes it up and cuts it into `shards`; unless it ends before `due_at`, maintenance looks after it.
    ///
    /// # Errors
    /// Unless it is pending.
    pub fn start(mut self, shards: u32, now: Timestamp, due_at: Timestamp) -> Result<Self, NotAllowed> {
        if self.state != TaskState::Pending {
            return Err(NotAllowed(self.state));
        }
        self.state = TaskState::Started;
        self.started_at = Some(now);
        self.shards = Some(shards);
        self.due_at = Some(due_at);
        Ok(self)
    }

    /// Maintenance sends it once more, with `done` shards done by now, and looks again at `due_at`.
    ///
    /// # Errors
    /// When it has ended.
    pub fn revive(mut self, done: u32, due_at: Timestamp) -> Result<Self, NotAllowed> {
        self.expect_unfinished()?;
        self.revivals = if done > self.done_at_revival { 1 } else { self.revivals + 1 };
        self.done_at_revival = done;
        self.due_at = Some(due_at);
        Ok(self)
    }

    /// It ends with a result.
    ///
    /// # Errors
    /// Unless it is started.
    pub fn succeed(self, result: PayloadRef, now: Timestamp) -> Result<Self, NotAllowed> {
        if self.state != TaskState::Started {
            return Err(NotAllowed(self.state));
        }
        Ok(Self { result: Some(result), ..self.end(TaskState::Success, now) })
    }

    /// It ends without a result.
    ///
    /// # Errors
    /// When it has ended before.
    pub fn fail(self, failure: Failure, now: Timestamp) -> Result<Self, NotAllowed> {
        self.expect_unfinished()?;
        Ok(Self { failure: Some(failure), ..self.end(TaskState::Failure, now) })
    }

    /// A client cancels it.
    ///
    /// # Errors
    /// When it has ended before.
    pub fn revoke(self, now: Timestamp) -> Result<Self, NotAllowed> {
        self.expect_unfinished()?;
        Ok(self.end(TaskState::Revoked, now))
    }

    fn expect_unfinished(&self) -> Result<(), NotAllowed> {
        if self.state.is_final() { Err(NotAllowed(self.state)) } else { Ok(()) }
    }

    fn end(mut self, state: TaskState, now: Timestamp) -> Self {
        self.state = state;
        self.finished_at = Some(now);
        self.due_at = None;
        self
    }
}

impl Entity for Task {
    const KIND: &'static str = "TASK";
    type Key = TaskId;

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn index_entries(&self) -> Vec<IndexEntry> {
        let active = (!self.state.is_final()).then_some(IndexEntry::Group(Self::ACTIVE.into()));
        active.into_iter().chain(self.due_at.map(IndexEntry::Due)).collect()
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.finished_at.unwrap_or(self.created_at) + RETENTION)
    }
}

impl fmt::Display for TaskState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pending => "PENDING",
            Self::Started => "STARTED",
            Self::Success => "SUCCESS",
            Self::Failure => "FAILURE",
            Self::Revoked => "REVOKED",
        })
    }
}

impl fmt::Display for TaskKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MonteCarlo => "risk/monte-carlo",
            Self::VarCvar => "risk/var-cvar",
            Self::ValuationMonteCarlo => "valuation/monte-carlo",
            Self::StressTest => "risk/stress-test",
            Self::EfficientFrontier => "risk/efficient-frontier",
            Self::Optimise => "portfolio/optimize",
            Self::Rebalance => "portfolio/rebalance",
            Self::PerformanceAnalysis => "portfolio/performance-analysis",
            Self::PortfolioReport => "reports/portfolio",
            Self::RiskReport => "reports/risk",
            Self::ValuationReport => "reports/valuation",
            Self::Export => "exports",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id as _;

    fn pending() -> Task {
        let now = Timestamp::UNIX_EPOCH;
        let mut randomness = rand::rng();
        let input = PayloadRef { sha256: "00".repeat(32), size: 1, content_type: None };
        Task::new(
            TaskId::generate(now, &mut randomness),
            TaskKind::VarCvar,
            UserId::generate(now, &mut randomness),
            input,
            now,
        )
    }

    #[test]
    fn an_ended_task_stays_as_it_is() {
        let now = Timestamp::UNIX_EPOCH;
        let result = PayloadRef { sha256: "11".repeat(32), size: 1, content_type: None };
        let done = pending().start(1, now, now).unwrap().succeed(result.clone(), now).unwrap();
        assert_eq!(done.clone().revoke(now), Err(NotAllowed(TaskState::Success)));
        assert_eq!(done.clone().start(1, now, now), Err(NotAllowed(TaskState::Success)));
        assert_eq!(done.clone().revive(1, now), Err(NotAllowed(TaskState::Success)));
        assert_eq!(done.clone().succeed(result, now), Err(NotAllowed(TaskState::Success)));
        assert!(done.index_entries().is_empty());
    }

    #[test]
    fn only_one_start_wins() {
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(
            pending().start(1, now, now).unwrap().start(1, now, now),
            Err(NotAllowed(TaskState::Started))
        );
    }
}
