//! One portfolio.

use domain::{PortfolioId, permission::PortfoliosRead, portfolio::Portfolio};
use web::{ApiError, Data, Path, auth::Tenant, etag::Versioned};

use super::view::PortfolioView;

/// Get a portfolio
#[utoipa::path(
    get,
    path = "/api/v1/portfolios/{id}",
    operation_id = "get_portfolio",
    tag = super::TAG,
    security(("bearer" = ["portfolios:read"])),
    params(
        ("id" = PortfolioId, Path, description = "The portfolio's id."),
        ("If-None-Match" = Option<String>, Header, description = "An `ETag` that the client has the portfolio of.")
    ),
    responses(
        (
            status = 200,
            description = "The portfolio.",
            body = Data<PortfolioView>,
            headers(("ETag" = String, description = "Its version, for `If-Match` and `If-None-Match`."))
        ),
        (status = 304, description = "It is as the client has it.")
    )
)]
pub(crate) async fn read(
    tenant: Tenant<PortfoliosRead>,
    Path(id): Path<PortfolioId>,
) -> Result<Versioned<PortfolioView>, ApiError> {
    Ok(Versioned::view(tenant.store().get::<Portfolio>(&id).await?))
}
