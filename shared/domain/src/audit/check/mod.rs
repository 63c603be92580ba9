//! Is the chain as it was written?

use serde::Serialize;

use super::{AuditAnchor, AuditHead, AuditKeys, AuditRecord, Checkpoint, Link};
use crate::{Entity, TenantId};

/// The most faults that a report names; the count goes on.
const MAXIMUM_FAULTS: usize = 100;

/// What lies in one place of the chain.
#[derive(Debug, Clone)]
pub struct Slot {
    /// The place, as the store knows it.
    pub key: String,
    /// The record; `None` where what lies there is none.
    pub record: Option<AuditRecord>,
}

/// How the chain differs from what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// A record is not what was written.
    Edited,
    /// Records between two others are missing.
    Removed,
    /// A record of ours follows another than the one before it, or the head names another branch.
    Forked,
    /// The chain ends before its head.
    Truncated,
    /// A record was made with a key that we don't have, so that nothing can be said of it.
    UnknownKey,
    /// A record of another place or another tenant.
    Misplaced,
    /// The head is missing or none of ours, so that a cut-off end could not be seen.
    HeadLost,
    /// The anchor is missing or none of ours, so that a cut-off beginning could not be seen.
    AnchorLost,
    /// The chain, or its anchor, is not the one of the last checkpoint outside of the table, nor what came after: it was
    /// set back, or written anew.
    RolledBack,
    /// The last checkpoint is none of ours.
    CheckpointLost,
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// The first record that it concerns.
    pub from: u64,
    /// The last one.
    pub to: u64,
}

/// What a check has found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Report {
    /// Whether nothing is wrong with what was looked at.
    pub intact: bool,
    /// How many records were looked at.
    pub records: u64,
    /// The first that is kept.
    pub first: u64,
    /// The last that was looked at.
    pub last: u64,
    /// The last one's tag: keep it elsewhere, and a chain that was written anew can be told from this one.
    pub mac: String,
    /// The last record that a checkpoint outside of the table vouches for; none before the first checkpoint.
    pub checkpoint: Option<u64>,
    /// What is wrong; the first hundred.
    pub faults: Vec<Fault>,
    /// How many faults there are.
    pub fault_count: u64,
}

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

impl Slot {
    /// The place of a record as it was written.
    pub fn of(record: AuditRecord) -> Self {
        Self { key: record.key(), record: Some(record) }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{super::*, *};
    use crate::id::Id;

    struct Chain {
        keys: AuditKeys,
        tenant: TenantId,
        anchor: AuditAnchor,
        head: AuditHead,
        slots: Vec<Slot>,
    }

    fn keys(versions: &[u32]) -> AuditKeys {
        let keys: Vec<_> = versions.iter().map(|version| format!("{version}:{version:032}")).collect();
        keys.join(",").parse().unwrap()
    }

    fn chain(length: u64) -> Chain {
        let (keys, tenant) = (keys(&[1, 2]), TenantId::generate(Timestamp::UNIX_EPOCH, &mut rand::rng()));
        let anchor = AuditAnchor::first(&keys, tenant, Timestamp::UNIX_EPOCH);
        let (mut last, mut slots) = (Link::genesis(), Vec::new());
        for _ in 0..length {
            let record = append(&keys, tenant, &last, Action::TaskSubmitted);
            last = record.link();
            slots.push(Slot::of(record));
        }
        Chain { head: AuditHead::seal(&keys, tenant, last), keys, tenant, anchor, slots }
    }

    fn append(keys: &AuditKeys, tenant: TenantId, last: &Link, action: Action) -> AuditRecord {
        let event = AuditEvent::new(action, Actor::System);
        AuditRecord::seal(keys, tenant, last, &event, Timestamp::UNIX_EPOCH).unwrap()
    }

    impl Chain {
        fn report(&self) -> Report {
            self.report_with(&self.keys)
        }

        fn report_with(&self, keys: &AuditKeys) -> Report {
            let mut checker = Checker::new(keys, self.tenant, Some(&self.anchor), Some(self.head.clone()));
            self.slots.iter().for_each(|slot| checker.take(slot));
            checker.finish()
        }

        #[track_caller]
        fn assert(&self, faults: &[(FaultKind, u64, u64)]) {
            let found: Vec<_> =
                self.report().faults.iter().map(|fault| (fault.kind, fault.from, fault.to)).collect();
            assert_eq!(found, faults);
        }

        fn record(&mut self, index: usize) -> &mut AuditRecord {
            self.slots[index].record.as_mut().unwrap()
        }

        fn link(&self, index: usize) -> Link {
            self.slots[index].record.as_ref().unwrap().link()
        }
    }

    #[test]
    fn a_chain_as_it_was_written_is_intact() {
        let chain = chain(5);
        let report = chain.report();
        assert!(report.intact);
        assert_eq!((report.records, report.first, report.last), (5, 1, 5));
        assert_eq!(report.mac, chain.head.link.mac);
    }

    #[test]
    fn an_edit_is_found() {
        let mut edited = chain(5);
        let changed = edited.record(2).canonical.replace("task.submitted", "task.cancelled");
        edited.record(2).canonical = changed;
        edited.assert(&[(FaultKind::Edited, 3, 3)]);
        edited.record(2).canonical = "{}".to_owned();
        edited.assert(&[(FaultKind::Edited, 3, 3)]);
        edited.slots[2].record = None;
        edited.assert(&[(FaultKind::Edited, 3, 3)]);
    }

    #[test]
    fn a_gap_is_found() {
        let mut gap = chain(6);
        gap.slots.drain(2..4);
        gap.assert(&[(FaultKind::Removed, 3, 4)]);
        let mut begin = chain(6);
        begin.slots.remove(0);
        begin.assert(&[(FaultKind::Removed, 1, 1)]);
    }

    #[test]
    fn a_cut_off_end_is_found() {
        let mut cut = chain(5);
        cut.slots.truncate(3);
        cut.assert(&[(FaultKind::Truncated, 4, 5)]);
        cut.slots.clear();
        cut.assert(&[(FaultKind::Truncated, 1, 5)]);
    }

    #[test]
    fn a_fork_is_found() {
        // A branch that we made ourselves, in the place of what was there.
        let mut fork = chain(5);
        let branch = append(&fork.keys, fork.tenant, &fork.link(1), Action::TaskCancelled);
        fork.slots[2] = Slot::of(branch);
        fork.assert(&[(FaultKind::Forked, 4, 4)]);
        // The same at the end: the head knows the other branch.
        let mut end = chain(3);
        let branch = append(&end.keys, end.tenant, &end.link(1), Action::TaskCancelled);
        end.slots[2] = Slot::of(branch);
        end.assert(&[(FaultKind::Forked, 3, 3)]);
        // A head of before, set back.
        let mut back = chain(5);
        back.head = AuditHead::seal(&back.keys, back.tenant, back.link(2));
        back.assert(&[(FaultKind::Forked, 4, 5)]);
    }

    #[test]
    fn a_record_of_another_place_or_tenant_is_found() {
        let mut swapped = chain(5);
        swapped.slots.swap(1, 2);
        let (one, two) = (swapped.slots[1].key.clone(), swapped.slots[2].key.clone());
        swapped.slots[1].key = two;
        swapped.slots[2].key = one;
        swapped.assert(&[(FaultKind::Misplaced, 2, 2), (FaultKind::Misplaced, 3, 3)]);
        let mut foreign = chain(3);
        foreign.slots[1] = chain(3).slots[1].clone();
        foreign.assert(&[(FaultKind::Misplaced, 2, 2)]);
        let mut elsewhere = chain(1);
        elsewhere.slots[0].key = "1b".to_owned();
        assert_eq!(elsewhere.report().faults[0].kind, FaultKind::Misplaced);
    }

    #[test]
    fn an_unknown_key_is_told_from_an_edit() {
        let known = keys(&[1]);
        let report = chain(2).report_with(&known);
        assert!(report.faults.iter().all(|fault| fault.kind == FaultKind::UnknownKey));
        assert_eq!(report.fault_count, 4, "anchor, two records, head");
        assert!(
            chain(2).report_with(&keys(&[1, 2, 3])).intact,
            "a new key changes nothing about the old records"
        );
    }

    #[test]
    fn a_forged_head_or_anchor_is_found() {
        let mut head = chain(3);
        head.head.link.seq = 2;
        head.assert(&[(FaultKind::HeadLost, 2, 2)]);
        let mut anchor = chain(3);
        anchor.slots.remove(0);
        anchor.anchor.link = chain(1).link(0);
        assert_eq!(anchor.report().faults[0].kind, FaultKind::AnchorLost);
        let keys = keys(&[1]);
        let lost = chain(3);
        let mut checker = Checker::new(&keys, lost.tenant, None, None);
        lost.slots.iter().for_each(|slot| checker.take(slot));
        assert!(checker.finish().faults.iter().any(|fault| fault.kind == FaultKind::HeadLost));
        let nothing = Checker::new(&keys, lost.tenant, None, None).finish();
        assert!(nothing.intact, "a tenant without events");
    }

    #[test]
    fn what_was_let_go_is_not_missed() {
        let mut pruned = chain(6);
        let (now, link) = (Timestamp::UNIX_EPOCH, pruned.link(3));
        pruned.anchor = pruned.anchor.next(&pruned.keys, pruned.tenant, link, 90, now);
        pruned.assert(&[]);
        pruned.slots.drain(..2);
        pruned.assert(&[]);
        pruned.slots.drain(..2);
        let report = pruned.report();
        assert!(report.intact);
        assert_eq!((report.records, report.first, report.last), (2, 5, 6));
        pruned.slots.remove(0);
        pruned.assert(&[(FaultKind::Removed, 5, 5)]);
    }

    impl Chain {
        fn checkpoint(&self, index: usize) -> Checkpoint {
            let (link, revision) = (self.link(index), self.anchor.revision);
            Checkpoint::seal(&self.keys, self.tenant, link, revision, Timestamp::UNIX_EPOCH)
        }

        #[track_caller]
        fn assert_against(&self, checkpoint: Option<Checkpoint>, faults: &[(FaultKind, u64, u64)]) {
            let checker = Checker::new(&self.keys, self.tenant, Some(&self.anchor), Some(self.head.clone()));
            let mut checker = checker.against(checkpoint);
            self.slots.iter().for_each(|slot| checker.take(slot));
            let found: Vec<_> =
                checker.finish().faults.iter().map(|fault| (fault.kind, fault.from, fault.to)).collect();
            assert_eq!(found, faults);
        }
    }

    #[test]
    fn a_chain_that_was_set_back_is_found_by_its_checkpoint() {
        let mut chain = chain(6);
        for index in 0..6 {
            chain.assert_against(Some(chain.checkpoint(index)), &[]);
        }
        let checkpoint = chain.checkpoint(4);
        // The end is gone, and a head of before is back.
        chain.slots.truncate(3);
        chain.head = AuditHead::seal(&chain.keys, chain.tenant, chain.link(2));
        chain.assert(&[]);
        chain.assert_against(Some(checkpoint.clone()), &[(FaultKind::RolledBack, 4, 5)]);
        // Meanwhile it has grown again, by records of ours.
        for _ in 0..3 {
            let last = chain.slots.last().unwrap().record.as_ref().unwrap().link();
            let record = append(&chain.keys, chain.tenant, &last, Action::TaskCancelled);
            chain.slots.push(Slot::of(record));
        }
        chain.head = AuditHead::seal(&chain.keys, chain.tenant, chain.link(5));
        chain.assert(&[]);
        chain.assert_against(Some(checkpoint.clone()), &[(FaultKind::RolledBack, 5, 5)]);
        // All of it is gone, as if there had never been anything.
        let checker = Checker::new(&chain.keys, chain.tenant, None, None).against(Some(checkpoint));
        assert_eq!(checker.finish().faults.last().map(|fault| fault.kind), Some(FaultKind::RolledBack));
    }

    #[test]
    fn an_anchor_that_was_put_back_is_found_by_the_checkpoint() {
        let mut chain = chain(3);
        let old = chain.anchor.clone();
        chain.anchor = old.next(&chain.keys, chain.tenant, Link::genesis(), 36_500, Timestamp::UNIX_EPOCH);
        let checkpoint = chain.checkpoint(2);
        chain.assert_against(Some(checkpoint.clone()), &[]);
        chain.anchor = old;
        chain.assert_against(Some(checkpoint), &[(FaultKind::RolledBack, 0, 0)]);
    }

    #[test]
    fn a_forged_checkpoint_is_found() {
        let whole = chain(3);
        let forged = Checkpoint { anchor: 0, ..whole.checkpoint(0) };
        let foreign = chain(3).checkpoint(2);
        for checkpoint in [None, Some(forged), Some(foreign)] {
            whole.assert_against(checkpoint, &[(FaultKind::CheckpointLost, 0, 0)]);
        }
        let unknown = Checkpoint { key: 9, ..whole.checkpoint(1) };
        whole.assert_against(Some(unknown), &[(FaultKind::UnknownKey, 2, 2)]);
    }

    #[test]
    fn what_was_let_go_needs_no_checkpoint() {
        let mut pruned = chain(6);
        let checkpoint = pruned.checkpoint(1);
        let (now, link) = (Timestamp::UNIX_EPOCH, pruned.link(3));
        pruned.anchor = pruned.anchor.next(&pruned.keys, pruned.tenant, link, 90, now);
        pruned.slots.drain(..4);
        pruned.assert_against(Some(checkpoint), &[]);
    }

    #[test]
    fn the_canonical_form_is_that_of_rfc_8785() {
        let event = AuditEvent {
            reason: Some("a \"ü\"\n".to_owned()),
            ..AuditEvent::new(Action::TenantSuspended, Actor::Nobody)
        };
        let tenant = "ten_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN".parse().unwrap();
        let record =
            AuditRecord::seal(&keys(&[1]), tenant, &Link::genesis(), &event, Timestamp::UNIX_EPOCH).unwrap();
        let canonical = concat!(
            r#"{"action":"tenant.suspended","actor":"nobody","at":"1970-01-01T00:00:00Z","key":1,"previous":"","#,
            r#""reason":"a \"ü\"\n","seq":1,"tenant":"ten_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN"}"#
        );
        assert_eq!(record.canonical, canonical);
        assert_eq!(serde_json::to_string(&record.entry().unwrap()).unwrap(), canonical);
    }
}
