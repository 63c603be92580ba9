//! Corrections.

use std::{collections::BTreeMap, iter::successors};

use jiff::Timestamp;
use rand::Rng;

use super::{
    Action, Draft, Earlier, Entry, Fault, LedgerHead, Note, Recorded, Reference, record::settle, reversals,
};
use crate::TransactionId;

/// Why a transaction can't be corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CorrectionError {
    /// There is no such entry.
    NotFound,
    /// It is a reversal itself.
    IsReversal,
    /// Another correction was first: this reversal.
    Reversed(TransactionId),
    /// The books would not add up.
    Faults(Vec<Fault>),
}

impl From<Vec<Fault>> for CorrectionError {
    fn from(faults: Vec<Fault>) -> Self {
        Self::Faults(faults)
    }
}

/// Records the reversal of an entry, and what is to stand in its place if anything is. What does is called what the entry is
/// called unless it has a name of its own, so that who sends the amended transaction finds it recorded.
///
/// * `entries`: the whole ledger.
/// * `note`: why, for the reversal.
///
/// # Errors
/// When there is nothing to correct, or more would be sold than is held, on any day.
pub fn correct(
    (head, entries): (LedgerHead, &[Entry]),
    id: TransactionId,
    replacement: Option<Draft>,
    note: Option<Note>,
    now: Timestamp,
    randomness: &mut impl Rng,
) -> Result<Recorded, CorrectionError> {
    let corrected = entries.get(id.place() as usize).filter(|entry| entry.id == id);
    let corrected = corrected.ok_or(CorrectionError::NotFound)?;
    if corrected.action == Action::Reversal {
        return Err(CorrectionError::IsReversal);
    }
    if let Some(reversal) = reversals(entries).get(&id) {
        return Err(CorrectionError::Reversed(*reversal));
    }
    let mut place = head.entries;
    let mut next = || {
        place += 1;
        TransactionId::at(place - 1, now, randomness)
    };
    let date = corrected.date;
    let reversal =
        Entry { id: next(), date, action: Action::Reversal, corrects: Some(id), reference: None, note };
    let mut new = vec![reversal];
    if let Some(Draft { date, action, reference, note }) = replacement {
        check_reference(entries, corrected, reference.as_ref())?;
        let reference = reference.or_else(|| corrected.reference.clone());
        new.push(Entry { id: next(), date, action, corrects: Some(id), reference, note });
    }
    let rows = vec![0; new.len()];
    let (head, holdings) = settle(head, Earlier::Entries(entries), &new, &rows)?;
    let ids = new.iter().map(|entry| entry.id).collect();
    Ok(Recorded { ids, entries: new, reversed: BTreeMap::new(), head, holdings })
}

/// Refuses the reference of an entry that is not among those that are replaced.
fn check_reference(
    entries: &[Entry],
    corrected: &Entry,
    reference: Option<&Reference>,
) -> Result<(), Vec<Fault>> {
    let Some(reference) = reference else { return Ok(()) };
    let replaced = |entry: &&Entry| entries.get(entry.corrects?.place() as usize);
    let replaced: Vec<_> = successors(Some(corrected), replaced).map(|entry| entry.id).collect();
    let named = entries.iter().filter(|entry| entry.reference.as_ref() == Some(reference));
    match named.map(|entry| entry.id).find(|id| !replaced.contains(id)) {
        Some(id) => {
            let detail =
                format!("is the reference of {id}; what takes another's place needs its own, or none");
            Err(vec![Fault { index: 0, pointer: "/reference", detail }])
        }
        None => Ok(()),
    }
}
