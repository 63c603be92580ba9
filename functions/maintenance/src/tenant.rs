//! Tenants that maintenance comes upon.

use domain::TenantId;
use store::VerifiedTenant;

/// A tenant one of whose items the store's own index has named.
pub(crate) struct Indexed(TenantId);

impl Indexed {
    /// Only for what [`store::Store::due`] gives.
    pub(crate) fn by_the_store(tenant: TenantId) -> Self {
        Self(tenant)
    }
}

impl VerifiedTenant for Indexed {
    fn tenant_id(&self) -> TenantId {
        self.0
    }
}
