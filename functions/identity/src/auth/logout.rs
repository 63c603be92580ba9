//! Getting out.

use axum::extract::State;
use domain::permission::AccountWrite;
use web::{ApiError, NoContent, auth::Tenant};

use crate::Identity;

/// Log out
///
/// Ends the session that the access token belongs to: its refresh token is of no use any more. The access token itself
/// runs out within 15 minutes. Logging out twice is no error.
#[utoipa::path(
    post,
    path = "/api/v1/auth/logout",
    tag = super::TAG,
    security(("bearer" = ["account:write"])),
    responses((status = 204, description = "The session is over."))
)]
pub(crate) async fn logout(
    State(identity): State<Identity>,
    tenant: Tenant<AccountWrite>,
) -> Result<NoContent, ApiError> {
    identity.sessions().end(tenant.claims.sid).await?;
    Ok(NoContent)
}
