//! A tenant's portfolios.

use domain::{permission::PortfoliosRead, portfolio::Portfolio};
use web::{
    ApiError, Query,
    auth::Tenant,
    page::{PageQuery, Paged},
};

use super::view::PortfolioView;

/// List the portfolios
///
/// The newest first, in pages.
#[utoipa::path(
    get,
    path = "/api/v1/portfolios",
    operation_id = "list_portfolios",
    tag = super::TAG,
    security(("bearer" = ["portfolios:read"])),
    params(PageQuery),
    responses(
        (status = 200, description = "One page of portfolios.", body = Paged<PortfolioView>),
        (status = 400, description = "The limit is out of range, or the cursor is not one of this list.")
    )
)]
pub(crate) async fn list(
    tenant: Tenant<PortfoliosRead>,
    Query(query): Query<PageQuery>,
) -> Result<Paged<PortfolioView>, ApiError> {
    tenant.list::<Portfolio, _>(query, Vec::new()).await
}
