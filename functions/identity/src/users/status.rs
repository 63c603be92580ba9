//! Whether users get in.

use axum::extract::State;
use domain::{
    UserId,
    account::{User, UserStatus},
    audit::Action,
    permission::UsersWrite,
};
use web::{
    ApiError, Data, Path,
    auth::Tenant,
    etag::{IfMatch, Versioned},
};

use crate::{
    Identity,
    auth::{FRESH, UserView},
    error::AuthError,
};

/// Deactivate a user
///
/// The user's sessions and API keys are over, and its password lets nobody in. Nothing of it is deleted. Needs a login within
/// the last ten minutes.
#[utoipa::path(
    post,
    path = "/api/v1/users/{id}/deactivate",
    operation_id = "deactivate_user",
    tag = super::TAG,
    security(("bearer" = ["users:write"])),
    params(("id" = UserId, Path, description = "The user's id.")),
    responses((status = 200, description = "The user as it is now.", body = Data<UserView>))
)]
pub(crate) async fn deactivate(
    State(identity): State<Identity>,
    tenant: Tenant<UsersWrite>,
    Path(id): Path<UserId>,
    seen: IfMatch,
) -> Result<Versioned<UserView>, ApiError> {
    tenant.require_fresh_login(FRESH)?;
    let change = |user: User| Ok(User { status: UserStatus::Deactivated, ..user.end_sessions().end_keys() });
    let written = identity.change_colleague(&tenant, id, seen, Action::UserDeactivated, change).await?;
    Ok(Versioned::view(written))
}

/// Reactivate a user
///
/// The user may log in again. Sessions and API keys from before stay over. Needs a login within the last ten minutes.
#[utoipa::path(
    post,
    path = "/api/v1/users/{id}/reactivate",
    operation_id = "reactivate_user",
    tag = super::TAG,
    security(("bearer" = ["users:write"])),
    params(("id" = UserId, Path, description = "The user's id.")),
    responses(
        (status = 200, description = "The user as it is now.", body = Data<UserView>),
        (status = 409, description = "The user is not deactivated, or never took up the invitation.")
    )
)]
pub(crate) async fn reactivate(
    State(identity): State<Identity>,
    tenant: Tenant<UsersWrite>,
    Path(id): Path<UserId>,
    seen: IfMatch,
) -> Result<Versioned<UserView>, ApiError> {
    tenant.require_fresh_login(FRESH)?;
    let change = |user: User| {
        let invited = user.password_hash.is_none() && user.verified_at.is_none();
        match user.status {
            UserStatus::Deactivated if !invited => Ok(User { status: UserStatus::Active, ..user }),
            UserStatus::Deactivated => Err(AuthError::Conflict("The user never took up the invitation.")),
            UserStatus::Active | UserStatus::Invited => {
                Err(AuthError::Conflict("The user is not deactivated."))
            }
        }
    };
    let written = identity.change_colleague(&tenant, id, seen, Action::UserReactivated, change).await?;
    Ok(Versioned::view(written))
}
