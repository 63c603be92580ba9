//! Events in their place: records, and the head that tells the last one.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Action, Actor, AuditEvent, AuditKeys, Target};
use crate::{Entity, TenantId};

/// Where a chain is continued: the last record's number and tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The record's number, from 1; 0 before the first.
    pub seq: u64,
    /// The record's tag; empty before the first.
    pub mac: String,
}

impl Link {
    /// The beginning of every chain.
    pub const fn genesis() -> Self {
        Self { seq: 0, mac: String::new() }
    }

    /// What heads, anchors and checkpoints are tagged over, at least.
    pub(super) fn bytes(&self, tenant: TenantId) -> Vec<u8> {
        format!("{tenant} {} {}", self.seq, self.mac).into_bytes()
    }
}

/// What a record says, in the form that its tag is made of: canonical JSON (RFC 8785), as all keys stand in alphabetical
/// order and no value is a fraction.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What was done.
    pub action: Action,
    /// By whom.
    pub actor: Actor,
    /// From where, as a keyed hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The thing after, as a keyed hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// When.
    pub at: Timestamp,
    /// The thing before, as a keyed hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The version of the key.
    pub key: u32,
    /// The tag of the record before.
    pub previous: String,
    /// Why, where a reason was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// In which request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Its number in the chain.
    pub seq: u64,
    /// To what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// Whose chain.
    pub tenant: TenantId,
}

/// An event in its place: the very bytes that were tagged, and the tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// Its number in the chain.
    pub seq: u64,
    /// The [`Entry`] as canonical JSON.
    pub canonical: String,
    /// HMAC-SHA256 of `canonical`, in hexadecimal digits.
    pub mac: String,
}

impl AuditRecord {
    /// The event as the next record after `last`.
    ///
    /// # Errors
    /// When the event is no JSON; none of ours is.
    pub fn seal(
        keys: &AuditKeys,
        tenant: TenantId,
        last: &Link,
        event: &AuditEvent,
        at: Timestamp,
    ) -> Result<Self, serde_json::Error> {
        let event = event.clone();
        let entry = Entry {
            action: event.action,
            actor: event.actor,
            address: event.address,
            after: event.after,
            at,
            before: event.before,
            key: keys.current(),
            previous: last.mac.clone(),
            reason: event.reason,
            request: event.request,
            seq: last.seq + 1,
            target: event.target,
            tenant,
        };
        let canonical = serde_json::to_string(&entry)?;
        let mac = keys.tag(entry.key, "record", canonical.as_bytes()).unwrap_or_default();
        Ok(Self { seq: entry.seq, canonical, mac })
    }

    /// What the record says, whether or not that is what was once written.
    ///
    /// # Errors
    /// When it says nothing that can be read.
    pub fn entry(&self) -> Result<Entry, serde_json::Error> {
        serde_json::from_str(&self.canonical)
    }

    /// What the record says, if it is the one that we wrote after `last`.
    pub fn follows(&self, keys: &AuditKeys, tenant: TenantId, last: &Link) -> Option<Entry> {
        let entry = self.entry().ok()?;
        let ours = keys.tag(entry.key, "record", self.canonical.as_bytes())? == self.mac;
        let here = entry.tenant == tenant && entry.seq == self.seq && entry.seq == last.seq + 1;
        (ours && here && entry.previous == last.mac).then_some(entry)
    }

    /// Where the next record continues.
    pub fn link(&self) -> Link {
        Link { seq: self.seq, mac: self.mac.clone() }
    }

    /// The sort key of a record: numbers of equal length, so that their order as texts is that of the chain.
    pub fn key_of(seq: u64) -> String {
        format!("{seq:020}")
    }
}

impl Entity for AuditRecord {
    const KIND: &'static str = "AUDIT";
    type Key = str;

    fn key(&self) -> String {
        Self::key_of(self.seq)
    }
}

/// Where the chain ends. It moves with every record, in the same transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditHead {
    /// The last record.
    pub link: Link,
    /// The version of the key.
    pub key: u32,
    /// The tag of `link`.
    pub mac: String,
}

impl AuditHead {
    /// The sort key of the only one.
    pub const KEY: &'static str = "HEAD";

    /// The head after this record.
    pub fn seal(keys: &AuditKeys, tenant: TenantId, link: Link) -> Self {
        let key = keys.current();
        let mac = keys.tag(key, "head", &link.bytes(tenant)).unwrap_or_default();
        Self { link, key, mac }
    }

    /// Whether we wrote it: `None` when the key that it names is unknown.
    pub fn is_ours(&self, keys: &AuditKeys, tenant: TenantId) -> Option<bool> {
        Some(keys.tag(self.key, "head", &self.link.bytes(tenant))? == self.mac)
    }
}

impl Entity for AuditHead {
    const KIND: &'static str = "AUDIT-HEAD";
    type Key = str;

    fn key(&self) -> String {
        Self::KEY.to_owned()
    }
}
