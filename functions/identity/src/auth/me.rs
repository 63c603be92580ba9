//! Who am I?

use axum::extract::State;
use domain::{
    SessionId,
    account::{Session, Tenant as TenantEntity, User},
    permission::AccountRead,
    role::Role,
};
use jiff::Timestamp;
use serde::Serialize;
use store::{StoreError, Stored};
use utoipa::ToSchema;
use web::{ApiError, Data, auth::Tenant};

use super::views::{TenantView, UserView};
use crate::{Identity, error::AuthError};

/// Who asks, and what the token permits.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    /// The person.
    user: UserView,
    /// The person's team.
    tenant: TenantView,
    /// The roles that the token names.
    roles: Vec<Role>,
    /// What these roles permit.
    #[schema(value_type = Vec<String>, example = json!(["portfolios:read", "portfolios:write"]))]
    permissions: Vec<&'static str>,
    /// The session that the token belongs to.
    session: SessionView,
}

/// A login.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
struct SessionView {
    /// Its id.
    id: SessionId,
    /// When it was opened.
    created_at: Timestamp,
    /// When it ends.
    expires_at: Timestamp,
}

impl From<Stored<Session>> for SessionView {
    fn from(stored: Stored<Session>) -> Self {
        Self { id: stored.entity.id, created_at: stored.created_at, expires_at: stored.entity.expires_at }
    }
}

/// Who am I
///
/// The user, the tenant, and what the token permits. After a logout there is no answer, even while the token is good.
#[utoipa::path(
    get,
    path = "/api/v1/auth/me",
    tag = super::TAG,
    security(("bearer" = ["account:read"])),
    responses(
        (status = 200, description = "The user that the token belongs to.", body = Data<Me>),
        (status = 401, description = "No valid access token, or its session is over, or its user is gone.")
    )
)]
pub(crate) async fn me(
    State(identity): State<Identity>,
    tenant: Tenant<AccountRead>,
) -> Result<Data<Me>, ApiError> {
    let session = identity.sessions().find(tenant.claims.sid).await?;
    let (user, team) = find_user(&tenant).await?;
    Ok(Data::new(Me {
        user: user.into(),
        tenant: team.into(),
        roles: tenant.claims.roles.clone(),
        permissions: permissions(&tenant.claims.roles),
        session: session.into(),
    }))
}

async fn find_user(tenant: &Tenant<AccountRead>) -> Result<(User, TenantEntity), AuthError> {
    let own = tenant.store();
    let gone = |error| match error {
        StoreError::NotFound => AuthError::UserGone,
        error => error.into(),
    };
    let user = own.get::<User>(&tenant.claims.sub).await.map_err(gone)?;
    let team = own.get::<TenantEntity>(&tenant.claims.tid).await.map_err(gone)?;
    Ok((user.entity, team.entity))
}

/// What the roles permit, each permission once.
fn permissions(roles: &[Role]) -> Vec<&'static str> {
    let mut names: Vec<_> =
        roles.iter().flat_map(|role| role.permissions()).map(|permission| permission.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_of_several_roles_are_told_once() {
        let both = permissions(&[Role::Viewer, Role::Admin]);
        assert_eq!(both, permissions(&[Role::Admin]));
        assert!(both.contains(&"account:read"));
        assert!(permissions(&[]).is_empty());
    }
}
