//! One run.

use axum::extract::State;
use domain::{RunId, permission::ValuationRead, valuation::Run};
use web::{ApiError, Data, Path, auth::Tenant};

use super::view::RunView;
use crate::Valuation;

/// Get a run
///
/// With all steps of its valuation as they were first answered, and its simulation as far as it is.
#[utoipa::path(
    get,
    path = "/api/v1/runs/{id}",
    operation_id = "get_run",
    tag = super::TAG,
    security(("bearer" = ["valuation:read"])),
    params(("id" = RunId, Path, description = "The run's id.")),
    responses((status = 200, description = "The run.", body = Data<RunView>))
)]
pub(crate) async fn read(
    State(valuation): State<Valuation>,
    tenant: Tenant<ValuationRead>,
    Path(id): Path<RunId>,
) -> Result<Data<RunView>, ApiError> {
    let scope = tenant.store();
    let run = scope.get::<Run>(&id).await?;
    Ok(Data::new(RunView::read(&scope, valuation.bucket(), run).await?))
}
