//! Another state of a portfolio.

use domain::{PortfolioId, audit::Action, permission::PortfoliosWrite, portfolio::Portfolio};
use store::{Audited, StoreError, Stored};
use web::{
    ApiError, Data, Json, Path,
    auth::Tenant,
    etag::{IfMatch, Versioned},
};

use super::{input::PortfolioInput, view::PortfolioView};

/// Replace a portfolio
///
/// Replaces name, currency and holdings as a whole. With `If-Match` it does so only if nobody changed the portfolio since
/// the client saw it. A portfolio that is kept by transactions can get another name; its currency and holdings must be as
/// they are.
#[utoipa::path(
    put,
    path = "/api/v1/portfolios/{id}",
    operation_id = "replace_portfolio",
    tag = super::TAG,
    security(("bearer" = ["portfolios:write"])),
    params(
        ("id" = PortfolioId, Path, description = "The portfolio's id."),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the version to replace.")
    ),
    request_body(content = PortfolioInput, example = json!({
        "name": "Core equities",
        "base_currency": "USD",
        "holdings": [{"symbol": "AAPL", "weight": "0.6"}, {"symbol": "MSFT", "weight": "0.4"}]
    })),
    responses(
        (
            status = 200,
            description = "The portfolio as it is now.",
            body = Data<PortfolioView>,
            headers(("ETag" = String, description = "Its new version."))
        ),
        (status = 412, description = "It was changed since; nothing was done.")
    )
)]
pub(crate) async fn replace(
    tenant: Tenant<PortfoliosWrite>,
    Path(id): Path<PortfolioId>,
    seen: IfMatch,
    Json(body): Json<PortfolioInput>,
) -> Result<Versioned<PortfolioView>, ApiError> {
    Ok(Versioned::view(write(&tenant.audited(Action::PortfolioChanged)?, body.parse(id)?, seen).await?))
}

/// Writes over the version that the client has seen, or over whatever is there when it named none.
async fn write(audited: &Audited, wanted: Portfolio, seen: IfMatch) -> Result<Stored<Portfolio>, ApiError> {
    loop {
        let current = audited.scope().get::<Portfolio>(&wanted.id).await?;
        seen.check(current.version)?;
        let before = current.entity.clone();
        let changed = current.try_map(|current| current.replaced_by(wanted.clone()))?;
        match audited.replace(&before, changed).await {
            Err(StoreError::VersionMismatch(_)) if !seen.is_given() => {}
            done => return Ok(done?),
        }
    }
}
