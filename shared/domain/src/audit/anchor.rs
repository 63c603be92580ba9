//! Where a chain begins, once old records were let go.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AuditKeys, Link};
use crate::{Entity, IndexEntry, TenantId};

/// Where the chain begins, and for how long its records are kept. All of it is tagged: whoever can write the table, and has
/// no key, can't have records let go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditAnchor {
    /// The last record that was let go.
    pub link: Link,
    /// For how many days a record is kept.
    pub retention_days: u32,
    /// When to look after the chain again.
    pub due: Timestamp,
    /// How often it was written: one that was put back is older than the last checkpoint knows.
    #[serde(default)]
    pub revision: u64,
    /// The version of the key.
    pub key: u32,
    /// The tag of all the rest.
    pub mac: String,
}

impl AuditAnchor {
    /// The sort key of the only one.
    pub const KEY: &'static str = "ANCHOR";
    /// For how long records are kept when nothing is said: seven years.
    pub const RETENTION_DAYS: u32 = 2_555;
    /// The shortest that a tenant may ask for.
    pub const MINIMUM_RETENTION_DAYS: u32 = 90;
    /// The longest.
    pub const MAXIMUM_RETENTION_DAYS: u32 = 36_500;

    /// The anchor of a new chain.
    pub fn first(keys: &AuditKeys, tenant: TenantId, due: Timestamp) -> Self {
        let (link, retention_days) = (Link::genesis(), Self::RETENTION_DAYS);
        Self { link, retention_days, due, revision: 1, key: 0, mac: String::new() }.sealed(keys, tenant)
    }

    /// The anchor after this one.
    #[must_use]
    pub fn next(
        &self,
        keys: &AuditKeys,
        tenant: TenantId,
        link: Link,
        retention_days: u32,
        due: Timestamp,
    ) -> Self {
        let revision = self.revision + 1;
        Self { link, retention_days, due, revision, ..self.clone() }.sealed(keys, tenant)
    }

    /// Whether we wrote it: `None` when the key that it names is unknown.
    pub fn is_ours(&self, keys: &AuditKeys, tenant: TenantId) -> Option<bool> {
        Some(keys.tag(self.key, "anchor", &self.bytes(tenant))? == self.mac)
    }

    fn sealed(self, keys: &AuditKeys, tenant: TenantId) -> Self {
        let key = keys.current();
        let mac = keys.tag(key, "anchor", &self.bytes(tenant)).unwrap_or_default();
        Self { key, mac, ..self }
    }

    fn bytes(&self, tenant: TenantId) -> Vec<u8> {
        let Self { link, retention_days, due, revision, .. } = self;
        let rest = format!(" {retention_days} {due} {revision}");
        [link.bytes(tenant), rest.into_bytes()].concat()
    }
}

impl Entity for AuditAnchor {
    const KIND: &'static str = "AUDIT-ANCHOR";
    type Key = str;

    fn key(&self) -> String {
        Self::KEY.to_owned()
    }

    fn index_entries(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::Due(self.due)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id;

    #[test]
    fn no_field_of_an_anchor_changes_unnoticed() {
        let keys: AuditKeys = format!("1:{}", "k".repeat(32)).parse().unwrap();
        let tenant = TenantId::generate(Timestamp::UNIX_EPOCH, &mut rand::rng());
        let anchor = AuditAnchor::first(&keys, tenant, Timestamp::UNIX_EPOCH);
        assert_eq!(anchor.is_ours(&keys, tenant), Some(true));
        let stored: AuditAnchor = serde_json::from_str(&serde_json::to_string(&anchor).unwrap()).unwrap();
        assert_eq!(stored.is_ours(&keys, tenant), Some(true));
        let later = Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_secs(1);
        let link = Link { seq: 1, mac: "x".to_owned() };
        for forged in [
            AuditAnchor { retention_days: 0, ..anchor.clone() },
            AuditAnchor { due: later, ..anchor.clone() },
            AuditAnchor { revision: 2, ..anchor.clone() },
            AuditAnchor { link, ..anchor.clone() },
        ] {
            assert_eq!(forged.is_ours(&keys, tenant), Some(false), "{forged:?}");
        }
        let other = TenantId::generate(later, &mut rand::rng());
        assert_eq!(anchor.is_ours(&keys, other), Some(false));
        let next = anchor.next(&keys, tenant, Link::genesis(), 90, later);
        assert_eq!((next.is_ours(&keys, tenant), next.revision), (Some(true), 2));
    }
}
