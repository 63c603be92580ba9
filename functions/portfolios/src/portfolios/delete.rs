//! The end of a portfolio.

use axum::extract::State;
use domain::{
    PortfolioId, audit::Action, ledger::Removal, permission::PortfoliosWrite, portfolio::Portfolio,
};
use jiff::Timestamp;
use store::{Audited, StoreError};
use web::{ApiError, App, NoContent, Path, auth::Tenant, etag::IfMatch};

/// Delete a portfolio
///
/// Its transactions go with it; what was computed from it stays. With `If-Match` it is deleted only if nobody changed it
/// since the client saw it.
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
    State(app): State<App>,
    tenant: Tenant<PortfoliosWrite>,
    Path(id): Path<PortfolioId>,
    seen: IfMatch,
) -> Result<NoContent, ApiError> {
    remove(&tenant.audited(Action::PortfolioDeleted)?, id, seen, app.clock.now()).await?;
    Ok(NoContent)
}

async fn remove(audited: &Audited, id: PortfolioId, seen: IfMatch, now: Timestamp) -> Result<(), StoreError> {
    let scope = audited.scope();
    loop {
        let portfolio = scope.get::<Portfolio>(&id).await?;
        seen.check(portfolio.version)?;
        let mut writes = vec![scope.write_deleted::<Portfolio>(&id, Some(portfolio.version))?];
        if let Some(head) = portfolio.entity.ledger {
            writes.push(scope.write_new(&Removal { portfolio: id, entries: head.entries, due_at: now })?);
        }
        match audited.clone().changed(Some(&portfolio.entity), None).transact(writes).await {
            Err(StoreError::VersionMismatch(_)) if !seen.is_given() => {}
            done => return done,
        }
    }
}
