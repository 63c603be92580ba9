//! The end of a run.

use domain::{
    RunId,
    permission::ValuationWrite,
    valuation::{Run, RunDocument},
};
use store::{Scope, StoreError};
use web::{ApiError, NoContent, Path, auth::Tenant};

/// Delete a run
///
/// With all that it computed. A simulation that is still on its way goes on, as a task.
#[utoipa::path(
    delete,
    path = "/api/v1/runs/{id}",
    operation_id = "delete_run",
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
    remove(&tenant.store(), id).await?;
    Ok(NoContent)
}

async fn remove(scope: &Scope, id: RunId) -> Result<(), StoreError> {
    let (run, document) = (scope.get::<Run>(&id).await?, scope.get::<RunDocument>(&id).await?);
    scope.store().transact(vec![scope.write_deleted(&run)?, scope.write_deleted(&document)?]).await
}
