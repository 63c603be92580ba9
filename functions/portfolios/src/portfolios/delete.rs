//! The end of a portfolio.

use domain::{PortfolioId, audit::Action, permission::PortfoliosWrite, portfolio::Portfolio};
use store::{Audited, StoreError};
use web::{ApiError, NoContent, Path, auth::Tenant, etag::IfMatch};

/// Delete a portfolio
///
/// What was computed from it stays. With `If-Match` it is deleted only if nobody changed it since the client saw it.
#[utoipa::path(
    delete,
    path = "/api/v1/portfolios/{id}",
    operation_id = "delete_portfolio",
    tag = super::TAG,
    security(("bearer" = ["portfolios:write"])),
    params(
        ("id" = PortfolioId, Path, description = "The portfolio's id."),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the version to delete.")
    ),
    responses(
        (status = 204, description = "The portfolio is gone."),
        (status = 412, description = "It was changed since; nothing was done.")
    )
)]
pub(crate) async fn delete(
    tenant: Tenant<PortfoliosWrite>,
    Path(id): Path<PortfolioId>,
    seen: IfMatch,
) -> Result<NoContent, ApiError> {
    remove(&tenant.audited(Action::PortfolioDeleted)?, id, seen).await?;
    Ok(NoContent)
}

async fn remove(audited: &Audited, id: PortfolioId, seen: IfMatch) -> Result<(), StoreError> {
    let version = if seen.is_given() {
        Some(seen.check(audited.scope().get::<Portfolio>(&id).await?.version)?)
    } else {
        None
    };
    audited.delete::<Portfolio>(&id, version).await
}
