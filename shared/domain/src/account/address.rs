use serde::{Deserialize, Serialize};

use crate::{Entity, TenantId, UserId, digest::sha256_hex, email::Email};

/// Leads from an e-mail address to the user that has it; at most one user in all tenants does.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Account {
    /// The address, hashed: keys show up in logs and metrics, addresses must not.
    pub email_hash: String,
    /// The user's tenant.
    pub tenant_id: TenantId,
    /// The user.
    pub user_id: UserId,
}

impl Account {
    /// The sort key of the account with this address.
    pub fn key_of(email: &Email) -> String {
        sha256_hex(email.as_str())
    }

    /// The account that leads to this user.
    pub fn new(email: &Email, tenant_id: TenantId, user_id: UserId) -> Self {
        Self { email_hash: Self::key_of(email), tenant_id, user_id }
    }
}

impl Entity for Account {
    const KIND: &'static str = "EMAIL";
    type Key = str;

    fn key(&self) -> String {
        self.email_hash.clone()
    }
}
