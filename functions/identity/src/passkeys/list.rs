//! A user's passkeys.

use axum::extract::State;
use domain::permission::AccountRead;
use web::{ApiError, Data, auth::Tenant};

use super::view::PasskeyView;
use crate::Identity;

/// List the passkeys
///
/// One's own, in the order in which they were added.
#[utoipa::path(
    get,
    path = "/api/v1/auth/factors/passkeys",
    operation_id = "list_passkeys",
    tag = super::TAG,
    security(("bearer" = ["account:read"])),
    responses((status = 200, description = "The user's passkeys.", body = Data<Vec<PasskeyView>>))
)]
pub(crate) async fn list_passkeys(
    State(identity): State<Identity>,
    tenant: Tenant<AccountRead>,
) -> Result<Data<Vec<PasskeyView>>, ApiError> {
    let (factors, _) = identity.counting_factors(&tenant.principal, &tenant.principal.user().entity).await?;
    Ok(Data::new(factors.passkeys.into_iter().map(Into::into).collect()))
}
