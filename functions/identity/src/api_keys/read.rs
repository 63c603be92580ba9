//! One API key.

use domain::{ApiKeyId, api_key::ApiKey, permission::ApiKeysRead};
use store::Stored;
use web::{ApiError, Data, Path, auth::Tenant, etag::Versioned};

use super::view::ApiKeyView;

/// Show an API key
///
/// All but its secret.
#[utoipa::path(
    get,
    path = "/api/v1/api-keys/{id}",
    operation_id = "show_api_key",
    tag = super::TAG,
    security(("bearer" = ["api-keys:read"])),
    params(("id" = ApiKeyId, Path, description = "The key's id.")),
    responses((
        status = 200,
        description = "The key.",
        body = Data<ApiKeyView>,
        headers(("ETag" = String, description = "Its version."))
    ))
)]
pub(crate) async fn read_key(
    tenant: Tenant<ApiKeysRead>,
    Path(id): Path<ApiKeyId>,
) -> Result<Versioned<ApiKeyView>, ApiError> {
    Ok(Versioned::view(within_reach(&tenant, id).await?))
}

/// A key that the permission reaches.
pub(super) async fn within_reach<P>(tenant: &Tenant<P>, id: ApiKeyId) -> Result<Stored<ApiKey>, ApiError> {
    let stored = tenant.store().get::<ApiKey>(&id).await?;
    tenant.require_reach(stored.entity.user_id).await?;
    Ok(stored)
}
