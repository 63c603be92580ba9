//! The end of a run.

use domain::{
    RunId,
    audit::Action,
    permission::ValuationWrite,
    valuation::{Run, RunDocument},
};
use store::{Audited, StoreError};
use web::{ApiError, NoContent, Path, auth::Tenant};

/// Delete a run
///
/// With all that it computed. A simulation that is still on its way goes on, as a task.
#[utoipa::path(
    delete,
    path = "/api/v1/runs/{id}",
    operation_id = "delete_run",
    tag = super::TAG,
    security(("bearer" = ["valuation:write"])),
    params(("id" = RunId, Path, description = "The run's id.")),
    responses((status = 204, description = "The run is gone."))
)]
pub(crate) async fn delete(
    tenant: Tenant<ValuationWrite>,
    Path(id): Path<RunId>,
) -> Result<NoContent, ApiError> {
    remove(&tenant.audited(Action::RunDeleted)?, id).await?;
    Ok(NoContent)
}

async fn remove(audited: &Audited, id: RunId) -> Result<(), StoreError> {
    let scope = audited.scope();
    let run = scope.get::<Run>(&id).await?;
    // Neither ever changes, so no version has to be named.
    let writes = vec![scope.write_deleted::<Run>(&id, None)?, scope.write_deleted::<RunDocument>(&id, None)?];
    audited.clone().changed(Some(&run.entity), None).transact(writes).await
}
