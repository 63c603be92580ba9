use serde::{Deserialize, Serialize};

use crate::{Entity, TenantId};

/// Leads from an e-mail domain to the one tenant that has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DomainClaim {
    /// The domain in its normal form.
    pub domain: String,
    /// The tenant.
    pub tenant_id: TenantId,
}

impl Entity for DomainClaim {
    const KIND: &'static str = "DOMAIN";
    type Key = str;

    fn key(&self) -> String {
        self.domain.clone()
    }
}
