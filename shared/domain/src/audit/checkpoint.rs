//! What is kept of a chain outside of its table.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AuditKeys, Link};
use crate::TenantId;

/// How far a chain had come at some time. It is kept where nobody can change or delete it, so that a chain that was cut back
/// since, or written anew, is told from the one that was there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Whose chain.
    pub tenant: TenantId,
    /// The last record at that time.
    pub link: Link,
    /// The [`AuditAnchor`](super::AuditAnchor)'s revision at that time.
    pub anchor: u64,
    /// When that was.
    pub at: Timestamp,
    /// The version of the key.
    pub key: u32,
    /// The tag of all the rest.
    pub mac: String,
}

impl Checkpoint {
    /// A checkpoint of what was found at `at`.
    pub fn seal(keys: &AuditKeys, tenant: TenantId, link: Link, anchor: u64, at: Timestamp) -> Self {
        let checkpoint = Self { tenant, link, anchor, at, key: keys.current(), mac: String::new() };
        let mac = keys.tag(checkpoint.key, "checkpoint", &checkpoint.bytes()).unwrap_or_default();
        Self { mac, ..checkpoint }
    }

    /// Whether we made it, of this tenant's chain: `None` when the key that it names is unknown.
    pub fn is_ours(&self, keys: &AuditKeys, tenant: TenantId) -> Option<bool> {
        let tag = keys.tag(self.key, "checkpoint", &self.bytes())?;
        Some(tag == self.mac && self.tenant == tenant)
    }

    fn bytes(&self) -> Vec<u8> {
        let rest = format!(" {} {}", self.anchor, self.at);
        [self.link.bytes(self.tenant), rest.into_bytes()].concat()
    }
}
