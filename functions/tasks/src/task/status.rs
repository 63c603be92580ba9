//! Where a task stands.

use std::time::{Duration, Instant};

use domain::{TaskId, permission::TasksRead, task::Task};
use store::{Scope, StoreError, Stored};
use web::{ApiError, Data, Path, PreferWait, auth::Tenant};

use super::view::TaskView;

/// How often a waiting request looks, at first and at most; each look costs a read.
const FIRST_LOOK: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// See where a task stands
///
/// With `Prefer: wait=N` the answer comes when the task has ended, after N seconds (25 at most) at the latest.
#[utoipa::path(
    get,
    path = "/api/v1/tasks/{id}/status",
    operation_id = "get_task_status",
    tag = "tasks",
    params(
        ("id" = TaskId, Path, description = "The task."),
        ("Prefer" = Option<String>, Header, description = "`wait=20` waits up to 20 s for the end.")
    ),
    responses((status = 200, description = "Where it stands; also when it has failed.", body = Data<TaskView>)),
    security(("bearer" = ["tasks:read"]))
)]
pub(crate) async fn status(
    tenant: Tenant<TasksRead>,
    Path(id): Path<TaskId>,
    PreferWait(patience): PreferWait,
) -> Result<Data<TaskView>, ApiError> {
    let store = tenant.store();
    let task = ended_within(&store, id, patience).await?;
    Ok(Data::new(TaskView::with_progress(&store, task).await?))
}

/// The task, when it has ended or patience has.
async fn ended_within(store: &Scope, id: TaskId, patience: Duration) -> Result<Stored<Task>, StoreError> {
    let start = Instant::now();
    let mut pause = FIRST_LOOK;
    loop {
        let task = store.get::<Task>(&id).await?;
        let left = patience.saturating_sub(start.elapsed());
        if task.entity.state.is_final() || left.is_zero() {
            return Ok(task);
        }
        tokio::time::sleep(pause.min(left)).await;
        pause = (pause * 3 / 2).min(LONGEST_PAUSE);
    }
}
