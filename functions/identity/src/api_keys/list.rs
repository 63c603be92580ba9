//! A user's API keys; for admins, those of all users.

use domain::{api_key::ApiKey, permission::ApiKeysRead, role::Reach};
use serde::Deserialize;
use store::{Filter, Listing, Order};
use utoipa::IntoParams;
use web::{
    ApiError, Query,
    auth::Tenant,
    page::{self, Paged},
};

use super::view::ApiKeyView;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeysQuery {
    /// At most this many entries.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List the API keys
///
/// One's own; those of the whole tenant for who may see them. The newest first, in pages.
#[utoipa::path(
    get,
    path = "/api/v1/api-keys",
    operation_id = "list_api_keys",
    tag = super::TAG,
    security(("bearer" = ["api-keys:read"])),
    params(KeysQuery),
    responses(
        (status = 200, description = "One page of keys.", body = Paged<ApiKeyView>),
        (status = 400, description = "The limit is out of range, or the cursor is not one of this list.")
    )
)]
pub(crate) async fn list_keys(
    tenant: Tenant<ApiKeysRead>,
    Query(query): Query<KeysQuery>,
) -> Result<Paged<ApiKeyView>, ApiError> {
    let own = tenant.reach() < Reach::Tenant;
    let mine = Filter { attribute: "user_id", value: tenant.user_id().to_string() };
    let filters = if own { vec![mine] } else { Vec::new() };
    let purpose = if own { tenant.user_id().to_string() } else { String::new() };
    let listing = Listing {
        limit: page::limit(query.limit)?,
        order: Order::Descending,
        after: tenant.open_cursor(&purpose, query.cursor.as_deref())?,
        filters,
        group: None,
    };
    let page = tenant.store().list::<ApiKey>(listing).await?;
    Ok(Paged::view(page, |position| tenant.seal_cursor(&purpose, position)))
}
