//! Who am I?

use domain::{permission::AccountRead, role::Role};
use serde::Serialize;
use utoipa::ToSchema;
use web::{Data, auth::Tenant};

use super::{
    sessions::SessionView,
    views::{TenantView, UserView},
};

/// Who asks, and what may be done.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    /// The person.
    user: UserView,
    /// The person's team.
    tenant: TenantView,
    /// The roles that the person has at this moment.
    roles: Vec<Role>,
    /// What these roles permit, as far as the API key does, where one is used.
    #[schema(value_type = Vec<String>, example = json!(["portfolios:read", "portfolios:write"]))]
    permissions: Vec<&'static str>,
    /// The session that the token belongs to; none where an API key is used.
    session: Option<SessionView>,
}

impl Me {
    fn of(tenant: &Tenant<AccountRead>) -> Self {
        let principal = &tenant.principal;
        let mut permissions: Vec<_> = principal.permissions().iter().map(|one| one.as_str()).collect();
        permissions.sort_unstable();
        Self {
            user: principal.user().entity.clone().into(),
            tenant: principal.tenant().entity.clone().into(),
            roles: principal.roles().to_vec(),
            permissions,
            session: principal
                .session()
                .map(|session| SessionView::new(&session.entity, Some(session.entity.id))),
        }
    }
}

/// Who am I
///
/// The user, the tenant, and what may be done, all as they are at this moment.
#[utoipa::path(
    get,
    path = "/api/v1/auth/me",
    tag = super::TAG,
    security(("bearer" = ["account:read"])),
    responses((status = 200, description = "The user that the token belongs to.", body = Data<Me>))
)]
pub(crate) async fn me(tenant: Tenant<AccountRead>) -> Data<Me> {
    Data::new(Me::of(&tenant))
}

/// Who am I, as a user
///
/// The same as `/api/v1/auth/me`.
#[utoipa::path(
    get,
    path = "/api/v1/users/me",
    operation_id = "users_me",
    tag = crate::users::TAG,
    security(("bearer" = ["account:read"])),
    responses((status = 200, description = "The user that the token belongs to.", body = Data<Me>))
)]
pub(crate) async fn users_me(tenant: Tenant<AccountRead>) -> Data<Me> {
    Data::new(Me::of(&tenant))
}
