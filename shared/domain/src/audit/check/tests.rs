//! Chains that were bent in every way that we know of.

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
