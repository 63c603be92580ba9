//! Is the chain as it was written?

mod report;

use super::{AuditAnchor, AuditHead, AuditKeys, AuditRecord, Checkpoint, Link};
use crate::TenantId;

pub use report::{Fault, FaultKind, Report, Slot};

/// The most faults that a report names; the count goes on.
const MAXIMUM_FAULTS: usize = 100;

/// Goes along a chain from its beginning to its end.
#[derive(Debug)]
pub struct Checker<'a> {
    keys: &'a AuditKeys,
    tenant: TenantId,
    head: Option<AuditHead>,
    /// What the next record has to continue; no tag where the one before is in doubt.
    last: u64,
    mac: Option<String>,
    first: u64,
    records: u64,
    revision: u64,
    vouched: Option<u64>,
    /// The checkpoint's record, as long as it is ahead.
    ahead: Option<Link>,
    faults: Vec<Fault>,
    fault_count: u64,
}

impl<'a> Checker<'a> {
    /// At the beginning of the tenant's chain, with its anchor and its head as they are.
    pub fn new(
        keys: &'a AuditKeys,
        tenant: TenantId,
        anchor: Option<&AuditAnchor>,
        head: Option<AuditHead>,
    ) -> Self {
        let begin = anchor.map_or_else(Link::genesis, |anchor| anchor.link.clone());
        let mut checker = Self {
            keys,
            tenant,
            last: begin.seq,
            mac: Some(begin.mac),
            first: begin.seq + 1,
            head,
            records: 0,
            revision: anchor.map_or(0, |anchor| anchor.revision),
            vouched: None,
            ahead: None,
            faults: Vec::new(),
            fault_count: 0,
        };
        // A tenant without any event has neither head nor anchor.
        let wanted = checker.head.is_some();
        match anchor.map(|anchor| anchor.is_ours(keys, tenant)) {
            None if !wanted => {}
            Some(Some(true)) => {}
            Some(None) => checker.fault(FaultKind::UnknownKey, begin.seq, begin.seq),
            _ => checker.fault(FaultKind::AnchorLost, begin.seq, begin.seq),
        }
        checker
    }

    /// Compares with the last checkpoint as well; `None` where what lies in its place is none.
    #[must_use]
    pub fn against(mut self, checkpoint: Option<Checkpoint>) -> Self {
        let Some(checkpoint) = checkpoint else { return self.without_checkpoint() };
        match checkpoint.is_ours(self.keys, self.tenant) {
            None => self.fault(FaultKind::UnknownKey, checkpoint.link.seq, checkpoint.link.seq),
            Some(false) => return self.without_checkpoint(),
            Some(true) => {
                self.vouched = Some(checkpoint.link.seq);
                if self.revision < checkpoint.anchor {
                    self.fault(FaultKind::RolledBack, self.last, self.last);
                }
                // What was let go since is not there to be compared; the anchor vouches for it.
                self.ahead = Some(checkpoint.link).filter(|link| link.seq > self.last);
            }
        }
        self
    }

    fn without_checkpoint(mut self) -> Self {
        self.fault(FaultKind::CheckpointLost, self.last, self.last);
        self
    }

    /// Goes on after number `from`, where an earlier check paused; `before` is what lies there.
    pub fn resume(&mut self, from: u64, before: Option<&Slot>) {
        if from > self.last {
            let record = before.and_then(|slot| slot.record.as_ref());
            self.advance(from, record.map(|record| record.mac.clone()));
        }
    }

    /// The number after which the chain goes on.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Looks at the next place. What was let go already, and is only not deleted yet, counts for nothing.
    pub fn take(&mut self, slot: &Slot) {
        let seq: Option<u64> = slot.key.parse().ok().filter(|seq| AuditRecord::key_of(*seq) == slot.key);
        let Some(seq) = seq else { return self.fault(FaultKind::Misplaced, self.last, self.last) };
        if seq < self.first {
            return;
        }
        self.records += 1;
        if seq > self.last + 1 {
            self.fault(FaultKind::Removed, self.last + 1, seq - 1);
            self.mac = None;
        }
        let Some(record) = &slot.record else { return self.broken(FaultKind::Edited, seq) };
        let Ok(entry) = record.entry() else { return self.broken(FaultKind::Edited, seq) };
        let Some(mac) = self.keys.tag(entry.key, "record", record.canonical.as_bytes()) else {
            // Its tag stands as the next record knows it.
            self.fault(FaultKind::UnknownKey, seq, seq);
            return self.advance(seq, Some(record.mac.clone()));
        };
        if mac != record.mac {
            return self.broken(FaultKind::Edited, seq);
        }
        if entry.tenant != self.tenant || entry.seq != seq || record.seq != seq {
            return self.broken(FaultKind::Misplaced, seq);
        }
        if self.mac.as_ref().is_some_and(|before| *before != entry.previous) {
            self.fault(FaultKind::Forked, seq, seq);
        }
        self.advance(seq, Some(mac));
    }

    /// What was found, once there are no more places.
    pub fn finish(mut self) -> Report {
        if let Some(missing) = self.ahead.take() {
            self.fault(FaultKind::RolledBack, self.last + 1, missing.seq);
        }
        match self.head.take() {
            None if self.records == 0 && self.last == 0 => {}
            None => self.fault(FaultKind::HeadLost, self.last, self.last),
            Some(head) => match head.is_ours(self.keys, self.tenant) {
                None => self.fault(FaultKind::UnknownKey, head.link.seq, head.link.seq),
                Some(false) => self.fault(FaultKind::HeadLost, head.link.seq, head.link.seq),
                Some(true) if head.link.seq > self.last => {
                    self.fault(FaultKind::Truncated, self.last + 1, head.link.seq);
                }
                Some(true) if head.link.seq < self.last => {
                    self.fault(FaultKind::Forked, head.link.seq + 1, self.last);
                }
                Some(true) if self.mac.as_ref().is_some_and(|mac| *mac != head.link.mac) => {
                    self.fault(FaultKind::Forked, self.last, self.last);
                }
                Some(true) => {}
            },
        }
        self.pause()
    }

    /// What was found so far, of a chain that is too long for one look.
    pub fn pause(self) -> Report {
        Report {
            intact: self.fault_count == 0,
            records: self.records,
            first: self.first,
            last: self.last,
            mac: self.mac.unwrap_or_default(),
            checkpoint: self.vouched,
            faults: self.faults,
            fault_count: self.fault_count,
        }
    }

    fn broken(&mut self, kind: FaultKind, seq: u64) {
        self.fault(kind, seq, seq);
        self.advance(seq, None);
    }

    fn advance(&mut self, seq: u64, mac: Option<String>) {
        if let Some(known) = self.ahead.take_if(|ahead| ahead.seq <= seq) {
            // One that was passed over, or is broken, was told of already.
            if known.seq == seq && mac.as_ref().is_some_and(|mac| *mac != known.mac) {
                self.fault(FaultKind::RolledBack, seq, seq);
            }
        }
        self.last = seq;
        self.mac = mac;
    }

    fn fault(&mut self, kind: FaultKind, from: u64, to: u64) {
        self.fault_count += 1;
        if self.faults.len() < MAXIMUM_FAULTS {
            self.faults.push(Fault { kind, from, to });
        }
    }
}

#[cfg(test)]
mod tests;
