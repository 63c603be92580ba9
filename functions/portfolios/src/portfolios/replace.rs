//! Another state of a portfolio.

use domain::{PortfolioId, audit::Action, permission::PortfoliosWrite, portfolio::Portfolio};
use web::{
    ApiError, Data, Json, Path,
    auth::Tenant,
    etag::{IfMatch, Unseen, Versioned},
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
    let (audited, wanted) = (tenant.audited(Action::PortfolioChanged)?, body.parse(id)?);
    let change = |current: Portfolio| current.replaced_by(wanted.clone());
    Ok(Versioned::view(seen.replace(&audited, &id, Unseen::Allowed, change).await?))
}
