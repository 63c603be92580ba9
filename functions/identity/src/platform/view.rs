//! Tenants as the platform sees them.

use domain::{
    TenantId,
    account::{Tenant, TenantStatus, Tier},
    limit::OwnLimit,
    text::Name,
};
use jiff::Timestamp;
use serde::Serialize;
use store::Stored;
use utoipa::ToSchema;

/// A tenant, from outside.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlatformTenant)]
pub(crate) struct PlatformTenantView {
    /// Its id.
    id: TenantId,
    /// Its name.
    name: Name,
    /// Whether its users get in.
    status: TenantStatus,
    /// What it pays for.
    tier: Tier,
    /// What it may ask for in place of what the tier gives.
    limits: Vec<OwnLimit>,
    /// When it registered.
    created_at: Timestamp,
}

impl From<Stored<Tenant>> for PlatformTenantView {
    fn from(stored: Stored<Tenant>) -> Self {
        let (created_at, tenant) = (stored.created_at, stored.entity);
        Self {
            id: tenant.id,
            name: tenant.name,
            status: tenant.status,
            tier: tenant.settings.tier,
            limits: tenant.settings.limits,
            created_at,
        }
    }
}
