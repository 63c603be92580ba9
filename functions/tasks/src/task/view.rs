//! Tasks as clients see them.

use domain::{
    TaskId, UserId,
    task::{Failure, Task, TaskKind, TaskState},
};
use jiff::Timestamp;
use serde::Serialize;
use store::{Scope, StoreError, Stored};
use utoipa::ToSchema;

/// A task that was accepted.
#[derive(Debug, Serialize, ToSchema)]
pub struct Submitted {
    /// Its id.
    task_id: TaskId,
    /// Where it stands.
    status: TaskState,
}

impl From<Stored<Task>> for Submitted {
    fn from(stored: Stored<Task>) -> Self {
        Self { task_id: stored.entity.id, status: stored.entity.state }
    }
}

/// How far a task is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Progress {
    /// How many parts are done.
    pub done: u32,
    /// How many parts there are, as far as is known.
    pub total: u32,
}

/// Where a task stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskView {
    /// Its id.
    task_id: TaskId,
    /// What kind of work it is.
    r#type: TaskKind,
    /// Where it stands.
    status: TaskState,
    /// How far it is.
    progress: Progress,
    /// Who asked for it.
    created_by: UserId,
    /// When it was asked for.
    created_at: Timestamp,
    /// When a worker took it up.
    started_at: Option<Timestamp>,
    /// When it ended.
    finished_at: Option<Timestamp>,
    /// Why it failed, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<Failure>,
}

impl From<Stored<Task>> for TaskView {
    /// A started task shows no parts done; see [`TaskView::with_progress`].
    fn from(Stored { entity: task, .. }: Stored<Task>) -> Self {
        let total = task.shards.unwrap_or(1);
        let done = if task.state == TaskState::Success { total } else { 0 };
        Self {
            task_id: task.id,
            r#type: task.kind,
            status: task.state,
            progress: Progress { done, total },
            created_by: task.created_by,
            created_at: task.created_at,
            started_at: task.started_at,
            finished_at: task.finished_at,
            failure: task.failure,
        }
    }
}

impl TaskView {
    /// The view, with the parts that are done by now.
    pub async fn with_progress(store: &Scope, stored: Stored<Task>) -> Result<Self, StoreError> {
        let id = stored.entity.id;
        let mut view = Self::from(stored);
        if view.progress.total > 1 && view.status != TaskState::Success {
            view.progress.done = jobs::shards_done(store, id).await?;
        }
        Ok(view)
    }
}
