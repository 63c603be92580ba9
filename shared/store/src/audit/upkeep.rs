//! What maintenance does for a chain: a checkpoint of how far it has come, and letting go of what was kept for its time.

use domain::{
    TenantId,
    audit::{
        Action, Actor, AuditAnchor, AuditEvent, AuditHead, AuditKeys, AuditRecord, Checkpoint, Entry, Link,
    },
};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};

use super::{Checkpoints, checkpoints::Last};
use crate::{Order, Scope, StoreError, Stored};

/// How often a chain is looked after. What is cut off between two checkpoints is not found by them.
const INTERVAL: SignedDuration = SignedDuration::from_hours(1);
/// How many records are let go at the same time.
const AT_ONCE: usize = 16;

/// How much is done for a chain in one look; where there is more to do, the next is due at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// The most records that one checkpoint goes on by.
    pub vouched: u64,
    /// The most records that are let go.
    pub pruned: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { vouched: 20_000, pruned: 5_000 }
    }
}

/// What was done for a chain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Upkeep {
    /// How many records were let go.
    pub pruned: u64,
    /// How far a new checkpoint vouches.
    pub checkpoint: Option<u64>,
    /// Whether the chain, as far as it was looked at, is not what was written. Then nothing of it is let go, nor vouched
    /// for.
    pub in_doubt: bool,
}

/// What came since the last checkpoint.
enum Growth {
    /// Nothing.
    Nothing,
    /// What the next checkpoint vouches for, and whether more came since than one look goes along.
    Vouched(Checkpoint, bool),
    /// The chain is not the one that the last checkpoint knew, or is broken since.
    InDoubt,
}

/// A way along a chain, as far as each record is the one that we wrote after the one before.
struct Walk {
    reached: Link,
    in_doubt: bool,
}

impl Scope {
    /// Looks after the chain, if that is due: keeps a checkpoint of how far it has come, moves the anchor behind the records
    /// that are older than the tenant keeps them, which is itself recorded, and deletes these. A run that dies in between is
    /// completed by the next.
    pub async fn audit_upkeep(
        &self,
        keys: &AuditKeys,
        checkpoints: &Checkpoints,
        now: Timestamp,
        pace: Pace,
    ) -> Result<Upkeep, StoreError> {
        let tenant: TenantId = self.owner()?;
        let Some(anchor) = self.find::<AuditAnchor>(AuditAnchor::KEY).await? else {
            return Ok(Upkeep::default());
        };
        let in_doubt = Upkeep { in_doubt: true, ..Upkeep::default() };
        if anchor.entity.is_ours(keys, tenant) != Some(true) {
            return Ok(in_doubt);
        }
        if anchor.entity.due > now {
            return Ok(Upkeep::default());
        }
        // Nothing is sealed anew of what is in doubt: it stays due.
        let (checkpoint, behind) = match self.growth(keys, checkpoints, &anchor.entity, (now, pace)).await? {
            Growth::InDoubt => return Ok(in_doubt),
            Growth::Nothing => (None, false),
            Growth::Vouched(checkpoint, behind) => {
                checkpoints.keep(&checkpoint).await?;
                (Some(checkpoint.link.seq), behind)
            }
        };
        Ok(Upkeep { checkpoint, ..self.prune(keys, anchor, (now, pace), behind).await? })
    }

    /// What came since the last checkpoint.
    async fn growth(
        &self,
        keys: &AuditKeys,
        checkpoints: &Checkpoints,
        anchor: &AuditAnchor,
        (now, pace): (Timestamp, Pace),
    ) -> Result<Growth, StoreError> {
        let tenant = self.owner()?;
        let known = match checkpoints.last(tenant).await? {
            Last::Nothing => None,
            Last::Checkpoint(known) if known.is_ours(keys, tenant) == Some(true) => Some(known),
            Last::Checkpoint(_) | Last::Illegible => return Ok(Growth::InDoubt),
        };
        if known.as_ref().is_some_and(|known| anchor.revision < known.anchor) {
            return Ok(Growth::InDoubt);
        }
        let vouched = known.map_or_else(Link::genesis, |known| known.link);
        let begin = if vouched.seq > anchor.link.seq { vouched.clone() } else { anchor.link.clone() };
        let Some(head) = self.find::<AuditHead>(AuditHead::KEY).await? else { return Ok(Growth::InDoubt) };
        let end = head.entity.link.clone();
        if head.entity.is_ours(keys, tenant) != Some(true) || end.seq < begin.seq {
            return Ok(Growth::InDoubt);
        }
        let longest = end.seq.min(begin.seq.saturating_add(pace.vouched));
        let Walk { reached, in_doubt } = self.walk(keys, &begin, |entry| entry.seq <= longest).await?;
        if in_doubt || reached.seq < longest || (reached.seq == end.seq && reached != end) {
            return Ok(Growth::InDoubt);
        }
        if reached.seq == vouched.seq {
            return Ok(Growth::Nothing);
        }
        let behind = reached.seq < end.seq;
        Ok(Growth::Vouched(Checkpoint::seal(keys, tenant, reached, anchor.revision, now), behind))
    }

    /// Lets go of the first records that are all older than the tenant keeps them. The chain is due again at once where that
    /// is more than one look lets go, or where it is `behind` with its checkpoints.
    async fn prune(
        &self,
        keys: &AuditKeys,
        anchor: Stored<AuditAnchor>,
        (now, pace): (Timestamp, Pace),
        behind: bool,
    ) -> Result<Upkeep, StoreError> {
        let tenant = self.owner()?;
        let (begin, days) = (anchor.entity.link.clone(), anchor.entity.retention_days);
        let oldest = now - SignedDuration::from_hours(24 * i64::from(days));
        let last = begin.seq.saturating_add(pace.pruned);
        let wanted = |entry: &Entry| entry.at < oldest && entry.seq <= last;
        let Walk { reached, in_doubt } = self.walk(keys, &begin, wanted).await?;
        let goes_on = behind || reached.seq == last;
        let due = if goes_on && !in_doubt { now } else { now + INTERVAL };
        if in_doubt || reached == begin {
            self.reseal(keys, anchor, due).await?;
        } else {
            let moved = anchor.entity.next(keys, tenant, reached.clone(), days, due);
            let event = AuditEvent::new(Action::AuditPruned, Actor::System).on::<AuditRecord>(reached.seq);
            let write = self.write_changed(&anchor.map(|_| moved))?;
            match self.audited(keys, event).transact(vec![write]).await {
                Err(StoreError::VersionMismatch(_)) => return Ok(Upkeep::default()),
                done => done?,
            }
        }
        let gone = if in_doubt { begin } else { reached };
        Ok(Upkeep { pruned: self.delete_through(gone.seq).await?, checkpoint: None, in_doubt })
    }

    /// Looks at the chain again at `due`.
    async fn reseal(
        &self,
        keys: &AuditKeys,
        anchor: Stored<AuditAnchor>,
        due: Timestamp,
    ) -> Result<(), StoreError> {
        let tenant = self.owner()?;
        let AuditAnchor { link, retention_days, .. } = anchor.entity.clone();
        let sealed = anchor.entity.next(keys, tenant, link, retention_days, due);
        match self.replace(anchor.map(|_| sealed)).await {
            // The tenant has just chosen another retention: the next round sees.
            Err(StoreError::VersionMismatch(_) | StoreError::Contended) => Ok(()),
            done => done.map(|_| ()),
        }
    }

    /// Goes along the chain after `begin` as long as records are `wanted`.
    async fn walk(
        &self,
        keys: &AuditKeys,
        begin: &Link,
        wanted: impl Fn(&Entry) -> bool,
    ) -> Result<Walk, StoreError> {
        let tenant = self.owner()?;
        let mut reached = begin.clone();
        loop {
            let (slots, more) = self.audit_slots(Some(reached.seq), Order::Ascending).await?;
            for slot in slots {
                let here = slot.key == AuditRecord::key_of(reached.seq + 1);
                let record = slot.record.filter(|_| here);
                let entry = record.as_ref().and_then(|record| record.follows(keys, tenant, &reached));
                match (record, entry) {
                    (Some(record), Some(entry)) if wanted(&entry) => reached = record.link(),
                    (_, entry) => return Ok(Walk { reached, in_doubt: entry.is_none() }),
                }
            }
            if !more {
                return Ok(Walk { reached, in_doubt: false });
            }
        }
    }

    /// Deletes what the anchor has left behind.
    async fn delete_through(&self, seq: u64) -> Result<u64, StoreError> {
        let mut deleted = 0;
        loop {
            let (slots, _) = self.audit_slots(None, Order::Ascending).await?;
            let old = slots.into_iter().filter(|slot| slot.key.parse().is_ok_and(|place: u64| place <= seq));
            let keys: Vec<String> = old.map(|slot| slot.key).collect();
            if keys.is_empty() {
                return Ok(deleted);
            }
            let deletes = keys.into_iter().map(|key| async move {
                match self.delete::<AuditRecord>(&key, None).await {
                    Ok(()) => Ok(1),
                    Err(StoreError::NotFound) => Ok(0),
                    Err(error) => Err(error),
                }
            });
            let counts: Vec<u64> = stream::iter(deletes).buffer_unordered(AT_ONCE).try_collect().await?;
            deleted += counts.iter().sum::<u64>();
        }
    }
}
