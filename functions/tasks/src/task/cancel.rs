//! Cancelling a task.

use axum::extract::State;
use domain::{
    TaskId,
    audit::Action,
    permission::TasksWrite,
    task::{NotAllowed, Task},
};
use store::StoreError;
use web::{ApiError, App, Data, Path, auth::Tenant};

use super::view::TaskView;

/// Cancel a task
///
/// Workers stop before their next part. Only a task that has not ended can be cancelled: one's own, as a manager those of
/// one's team, as an admin those of the tenant.
#[utoipa::path(
    delete,
    path = "/api/v1/tasks/{id}",
    operation_id = "cancel_task",
    tag = "tasks",
    params(("id" = TaskId, Path, description = "The task.")),
    responses(
        (status = 200, description = "It is cancelled.", body = Data<TaskView>),
        (status = 409, description = "It has ended already."),
    ),
    security(("bearer" = ["tasks:write"]))
)]
pub(crate) async fn cancel(
    tenant: Tenant<TasksWrite>,
    State(app): State<App>,
    Path(id): Path<TaskId>,
) -> Result<Data<TaskView>, ApiError> {
    let store = tenant.store();
    tenant.require_reach(store.get::<Task>(&id).await?.entity.created_by).await?;
    let audited = tenant.audited(Action::TaskCancelled)?;
    let revoked =
        audited.update(&id, |task: Task| Ok::<_, CancelError>(task.revoke(app.clock.now())?)).await?;
    Ok(Data::new(TaskView::with_progress(&store, revoked).await?))
}

enum CancelError {
    Ended(NotAllowed),
    Store(StoreError),
}

impl From<NotAllowed> for CancelError {
    fn from(error: NotAllowed) -> Self {
        Self::Ended(error)
    }
}

impl From<StoreError> for CancelError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<CancelError> for ApiError {
    fn from(error: CancelError) -> Self {
        match error {
            CancelError::Ended(NotAllowed(state)) => {
                Self::conflict(format!("The task has ended: it is {state}, and can't be cancelled."))
            }
            CancelError::Store(error) => error.into(),
        }
    }
}
