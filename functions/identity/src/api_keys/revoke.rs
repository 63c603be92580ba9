//! The end of an API key.

use domain::{ApiKeyId, api_key::ApiKey, audit::Action, permission::ApiKeysWrite};
use web::{ApiError, NoContent, Path, auth::Tenant};

use super::read::within_reach;

/// Revoke an API key
///
/// It is of no use from the next request on.
#[utoipa::path(
    delete,
    path = "/api/v1/api-keys/{id}",
    operation_id = "revoke_api_key",
    tag = super::TAG,
    security(("bearer" = ["api-keys:write"])),
    params(("id" = ApiKeyId, Path, description = "The key's id.")),
    responses((status = 204, description = "The key is gone."))
)]
pub(crate) async fn revoke_key(
    tenant: Tenant<ApiKeysWrite>,
    Path(id): Path<ApiKeyId>,
) -> Result<NoContent, ApiError> {
    within_reach(&tenant, id).await?;
    tenant.audited(Action::ApiKeyRevoked)?.delete::<ApiKey>(&id, None).await?;
    Ok(NoContent)
}
