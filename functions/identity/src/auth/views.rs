//! Users and tenants as clients see them.

use domain::{
    TenantId, UserId,
    account::{Tenant, TenantStatus, Tier, User, UserStatus},
    email::Email,
    role::Role,
    text::Name,
};
use jiff::Timestamp;
use serde::Serialize;
use store::Stored;
use utoipa::ToSchema;

/// A person within a tenant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub(crate) struct UserView {
    /// The person's id.
    id: UserId,
    /// Where mail reaches the person; also what the person logs in with.
    email: Email,
    /// When the person proved to read that mail.
    verified_at: Option<Timestamp>,
    /// What the person is called.
    name: Name,
    /// What the person is in the tenant.
    roles: Vec<Role>,
    /// The team within the tenant that the person works in.
    team: Option<Name>,
    /// Whether the person gets in.
    status: UserStatus,
    /// Whether a login needs a second factor.
    second_factor: bool,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            email: user.email,
            verified_at: user.verified_at,
            name: user.name,
            roles: user.roles,
            team: user.team,
            status: user.status,
            second_factor: user.second_factor,
        }
    }
}

impl From<Stored<User>> for UserView {
    fn from(stored: Stored<User>) -> Self {
        stored.entity.into()
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
    /// Whether its users get in.
    status: TenantStatus,
    /// What it pays for.
    tier: Tier,
}

impl From<Tenant> for TenantView {
    fn from(tenant: Tenant) -> Self {
        Self { id: tenant.id, name: tenant.name, status: tenant.status, tier: tenant.settings.tier }
    }
}
