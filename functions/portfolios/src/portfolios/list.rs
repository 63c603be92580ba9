//! A tenant's portfolios.

use domain::{permission::PortfoliosRead, portfolio::Portfolio};
use serde::Deserialize;
use store::{Listing, Order};
use utoipa::IntoParams;
use web::{
    ApiError, Query,
    auth::Tenant,
    page::{self, Paged},
};

use super::view::PortfolioView;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageQuery {
    /// At most this many entries.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

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
    let listing = Listing {
        limit: page::limit(query.limit)?,
        order: Order::Descending,
        after: tenant.open_cursor("", query.cursor.as_deref())?,
        filters: Vec::new(),
        group: None,
    };
    let page = tenant.store().list::<Portfolio>(listing).await?;
    Ok(Paged::view(page, |position| tenant.seal_cursor("", position)))
}
