use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Entity, TenantId};

/// That there is a tenant: what the platform finds it by.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TenantEntry {
    /// The tenant.
    pub id: TenantId,
    /// When it registered.
    pub registered_at: Timestamp,
}

impl Entity for TenantEntry {
    const KIND: &'static str = "TENANT";
    type Key = TenantId;

    fn key(&self) -> String {
        self.id.to_string()
    }
}
