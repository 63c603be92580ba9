//! Letting go of records that were kept for their time.

use domain::{
    TenantId,
    audit::{Action, Actor, AuditAnchor, AuditEvent, AuditKeys, AuditRecord, Link},
};
use jiff::{SignedDuration, Timestamp};

use crate::{Order, Scope, StoreError, Stored};

/// How often a chain is looked at.
const INTERVAL: SignedDuration = SignedDuration::from_hours(24);

/// What was let go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// How many records were deleted.
    pub records: u64,
}

impl Scope {
    /// Moves the anchor behind the records that are older than the tenant keeps them, which is itself recorded, and deletes
    /// these. A run that dies in between is completed by the next.
    pub async fn audit_prune(
        &self,
        keys: &AuditKeys,
        anchor: Stored<AuditAnchor>,
        now: Timestamp,
    ) -> Result<Pruned, StoreError> {
        let tenant: TenantId = self.owner()?;
        let days = anchor.entity.retention_days;
        let oldest = now - SignedDuration::from_hours(24 * i64::from(days));
        let last = self.last_before(&anchor.entity.link, oldest).await?;
        let moved = last != anchor.entity.link;
        let sealed = AuditAnchor::seal(keys, tenant, last.clone(), days, now + INTERVAL);
        let changed = anchor.map(|_| sealed);
        if moved {
            let event = AuditEvent::new(Action::AuditPruned, Actor::System).on::<AuditRecord>(last.seq);
            self.audited(keys, event).transact(vec![self.write_changed(&changed)?]).await?;
        } else {
            self.replace(changed).await?;
        }
        self.delete_through(last.seq).await
    }

    /// The last record of the first ones that are all older than `oldest`.
    async fn last_before(&self, begin: &Link, oldest: Timestamp) -> Result<Link, StoreError> {
        let mut last = begin.clone();
        loop {
            let (slots, more) = self.audit_slots(Some(last.seq), Order::Ascending).await?;
            for slot in slots {
                let record = slot.record.and_then(|record| Some((record.entry().ok()?.at, record)));
                match record {
                    Some((at, record)) if at < oldest && record.seq == last.seq + 1 => last = record.link(),
                    // What is young, or in doubt, stays.
                    _ => return Ok(last),
                }
            }
            if !more {
                return Ok(last);
            }
        }
    }

    async fn delete_through(&self, seq: u64) -> Result<Pruned, StoreError> {
        let mut pruned = Pruned::default();
        loop {
            let (slots, _) = self.audit_slots(None, Order::Ascending).await?;
            let old = slots.into_iter().filter_map(|slot| slot.record).filter(|record| record.seq <= seq);
            let keys: Vec<String> = old.map(|record| AuditRecord::key_of(record.seq)).collect();
            if keys.is_empty() {
                return Ok(pruned);
            }
            for key in keys {
                match self.delete::<AuditRecord>(&key, None).await {
                    Ok(()) => pruned.records += 1,
                    Err(StoreError::NotFound) => {}
                    Err(error) => return Err(error),
                }
            }
        }
    }
}
