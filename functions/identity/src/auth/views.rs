//! Users and tenants as clients see them.

use domain::{
    TenantId, UserId,
    account::{Tenant, User},
    email::Email,
    role::Role,
    text::Name,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A person within a tenant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub(crate) struct UserView {
    /// The person's id.
    id: UserId,
    /// Where mail reaches the person; also what the person logs in with.
    email: Email,
    /// What the person is called.
    name: Name,
    /// What the person is in the tenant.
    roles: Vec<Role>,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self { id: user.id, email: user.email, name: user.name, roles: user.roles }
    }
}

/// A finance team.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Tenant)]
pub(crate) struct TenantView {
    /// Its id.
    id: TenantId,
    /// Its name.
    name: Name,
}

impl From<Tenant> for TenantView {
    fn from(tenant: Tenant) -> Self {
        Self { id: tenant.id, name: tenant.name }
    }
}
