//! The end of a scenario.

use domain::{ScenarioId, audit::Action, permission::ValuationWrite};
use store::Audited;
use web::{ApiError, NoContent, Path, auth::Tenant, etag::IfMatch};

use super::scenario::Scenario;

/// Delete a scenario
///
/// `If-Match` is required, so that nobody deletes what a colleague has just changed.
#[utoipa::path(
    delete,
    path = "/api/v1/scenarios/{id}",
    operation_id = "delete_scenario",
    tag = super::TAG,
    security(("bearer" = ["valuation:write"])),
    params(
        ("id" = ScenarioId, Path, description = "The scenario's id."),
        ("If-Match" = String, Header, description = "The `etag` of the version to delete.")
    ),
    responses(
        (status = 204, description = "The scenario is gone."),
        (status = 412, description = "It was changed since; nothing was done."),
        (status = 428, description = "`If-Match` is missing; nothing was done.")
    )
)]
pub(crate) async fn delete(
    tenant: Tenant<ValuationWrite>,
    Path(id): Path<ScenarioId>,
    seen: IfMatch,
) -> Result<NoContent, ApiError> {
    remove(&tenant.audited(Action::ScenarioDeleted)?, id, seen).await
}

async fn remove(audited: &Audited, id: ScenarioId, seen: IfMatch) -> Result<NoContent, ApiError> {
    let current = audited.scope().get::<Scenario>(&id).await?;
    let version = seen.required()?.check(current.version)?;
    audited.delete::<Scenario>(&id, Some(version)).await?;
    Ok(NoContent)
}
