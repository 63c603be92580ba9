//! A user's API keys; for admins, those of all users.

use domain::{api_key::ApiKey, permission::ApiKeysRead, role::Reach};
use store::Filter;
use web::{
    ApiError, Query,
    auth::Tenant,
    page::{PageQuery, Paged},
};

use super::view::ApiKeyView;

/// List the API keys
///
/// One's own; those of the whole tenant for who may see them. The newest first, in pages.
#[utoipa::path(
    get,
    path = "/api/v1/api-keys",
    operation_id = "list_api_keys",
    tag = super::TAG,
    security(("bearer" = ["api-keys:read"])),
    params(PageQuery),
    responses(
        (status = 200, description = "One page of keys.", body = Paged<ApiKeyView>),
        (status = 400, description = "The limit is out of range, or the cursor is not one of this list.")
    )
)]
pub(crate) async fn list_keys(
    tenant: Tenant<ApiKeysRead>,
    Query(query): Query<PageQuery>,
) -> Result<Paged<ApiKeyView>, ApiError> {
    let own = tenant.reach() < Reach::Tenant;
    let mine = own.then(|| Filter { attribute: "user_id", value: tenant.user_id().to_string() });
    tenant.list::<ApiKey, _>(query, mine.into_iter().collect()).await
}
