//! Recording transactions.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::{Timestamp, civil::Date};
use rand::Rng;
use serde::{Deserialize, Serialize};

use super::{
    Draft, Entry, Held, HeldError, Kind, Reference, in_order,
    order::{newest_first, reversals},
};
use crate::{TransactionId, portfolio::Holdings, symbol::Symbol};

/// The most entries of one ledger.
pub const MAXIMUM_ENTRIES: u32 = 100_000;

/// What a portfolio knows of its ledger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerHead {
    /// How many entries there are.
    pub entries: u32,
    /// The latest day of any entry.
    pub latest: Option<Date>,
    /// Whether any entry has a reference.
    pub referenced: bool,
    /// Whether any entry was corrected.
    pub corrected: bool,
    /// Whether any entry is a split; taken to be so where it was not noted.
    #[serde(default = "not_noted")]
    pub split: bool,
}

fn not_noted() -> bool {
    true
}

impl LedgerHead {
    /// Whether the drafts can be recorded without the earlier entries: none comes before an earlier one.
    pub fn suffices(&self, drafts: &[Draft]) -> bool {
        drafts.iter().all(|draft| Some(draft.date) >= self.latest)
    }

    /// The head after further entries.
    pub(super) fn after(self, new: &[Entry]) -> Self {
        Self {
            entries: self.entries + new.len() as u32,
            latest: new.iter().map(|entry| Some(entry.date)).max().unwrap_or_default().max(self.latest),
            referenced: self.referenced || new.iter().any(|entry| entry.reference.is_some()),
            corrected: self.corrected || new.iter().any(|entry| entry.corrects.is_some()),
            split: self.split || new.iter().any(|entry| entry.action.kind() == Kind::Split),
        }
    }
}

/// What is known of the ledger that is to be continued.
#[derive(Debug, Clone, Copy)]
pub enum Earlier<'a> {
    /// All of its entries.
    Entries(&'a [Entry]),
    /// What is held after them, where [`LedgerHead::suffices`], and those of them that have a reference of the drafts, none of
    /// which was corrected.
    Holdings(&'a Holdings, &'a [Entry]),
}

/// A draft that can't be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which one, from 0.
    pub index: usize,
    /// The field at fault, as a JSON pointer; empty for the whole.
    pub pointer: &'static str,
    /// What is wrong.
    pub detail: String,
}

/// What was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// The new entries.
    pub entries: Vec<Entry>,
    /// Of each draft, as they were recorded, the entry that it is: a new one, or an earlier one that has its reference and says the same.
    pub ids: Vec<TransactionId>,
    /// Of those that no longer count, what reverses them.
    pub reversed: BTreeMap<TransactionId, TransactionId>,
    /// The ledger's head with them.
    pub head: LedgerHead,
    /// What is held with them.
    pub holdings: Holdings,
}

/// Records drafts: all of them, or none. Those whose days only descend are recorded from the last to the first, so that
/// within a day too the first to happen is the first to count.
///
/// A draft whose reference the ledger knows, and that says the same as an entry with that reference, is that entry and not
/// recorded again, not even if the entry was reversed. A reference has several entries where others took the place of the first.
///
/// # Errors
/// Names the drafts that have a known reference and say something else, or after which more would be sold than is held, on
/// any day.
pub fn record(
    head: LedgerHead,
    earlier: Earlier<'_>,
    drafts: Vec<Draft>,
    now: Timestamp,
    randomness: &mut impl Rng,
) -> Result<Recorded, Vec<Fault>> {
    let (Earlier::Entries(known) | Earlier::Holdings(_, known)) = earlier;
    let reversals = reversals(known);
    let known = by_reference(known);
    let mut added: HashMap<Reference, usize> = HashMap::new();
    let (mut entries, mut rows, mut ids, mut faults) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut drafts: Vec<(usize, Draft)> = drafts.into_iter().enumerate().collect();
    if newest_first(drafts.iter().map(|(_, draft)| draft.date)) {
        drafts.reverse();
    }
    for (index, draft) in drafts {
        let named: Vec<&Entry> = draft
            .reference
            .iter()
            .flat_map(|reference| {
                let added = added.get(reference).and_then(|place| entries.get(*place));
                known.get(reference).into_iter().flatten().copied().chain(added)
            })
            .collect();
        if let Some(last) = named.last() {
            if let Some(same) = named.iter().rev().find(|entry| draft.is(entry)) {
                ids.push(same.id);
            } else {
                let detail = format!("is the reference of {}, which says something else", last.id);
                faults.push(Fault { index, pointer: "/reference", detail });
            }
            continue;
        }
        let id = TransactionId::at(head.entries + entries.len() as u32, now, randomness);
        added.extend(draft.reference.clone().map(|reference| (reference, entries.len())));
        let Draft { date, action, reference, note } = draft;
        entries.push(Entry { id, date, action, corrects: None, reference, note });
        rows.push(index);
        ids.push(id);
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let (head, holdings) = settle(head, earlier, &entries, &rows)?;
    let reversed = ids.iter().filter_map(|id| Some((*id, *reversals.get(id)?))).collect();
    Ok(Recorded { entries, ids, reversed, head, holdings })
}

/// The entries of each reference, in the order in which they were recorded.
fn by_reference(entries: &[Entry]) -> HashMap<&Reference, Vec<&Entry>> {
    let mut named: HashMap<&Reference, Vec<&Entry>> = HashMap::new();
    for entry in entries {
        if let Some(reference) = &entry.reference {
            named.entry(reference).or_default().push(entry);
        }
    }
    named
}

/// The head and the holdings after new entries.
///
/// * `rows`: which draft each entry is, for the faults.
pub(super) fn settle(
    head: LedgerHead,
    earlier: Earlier<'_>,
    new: &[Entry],
    rows: &[usize],
) -> Result<(LedgerHead, Holdings), Vec<Fault>> {
    let whole = |detail: String| vec![Fault { index: 0, pointer: "", detail }];
    if head.entries as usize + new.len() > MAXIMUM_ENTRIES as usize {
        return Err(whole(format!("a ledger has at most {MAXIMUM_ENTRIES} entries")));
    }
    let held = match earlier {
        Earlier::Entries(entries) => replay(Held::default(), entries, new, rows),
        Earlier::Holdings(holdings, _) => replay(Held::of(holdings), &[], new, rows),
    }?;
    let holdings =
        held.holdings().map_err(|invalid| whole(format!("the portfolio {}", invalid.0[0].detail)))?;
    Ok((head.after(new), holdings))
}

fn replay(mut held: Held, earlier: &[Entry], new: &[Entry], rows: &[usize]) -> Result<Held, Vec<Fault>> {
    let first = new.first().map_or(u32::MAX, |entry| entry.id.place());
    let row = |entry: &Entry| {
        let place = entry.id.place().checked_sub(first)?;
        rows.get(place as usize).copied()
    };
    let mut faults = Vec::new();
    // Of each symbol, the last draft that changed what is held.
    let mut changed: HashMap<&Symbol, usize> = HashMap::new();
    let mut failed: HashSet<&Symbol> = HashSet::new();
    for entry in in_order(earlier, new) {
        let Some(symbol) = entry.action.symbol().filter(|symbol| !failed.contains(symbol)) else { continue };
        let row = row(entry);
        if let Err(error) = held.apply(&entry.action) {
            failed.insert(symbol);
            faults.push(fault(entry, row, changed.get(symbol).copied(), &error));
        }
        changed.extend(row.map(|row| (symbol, row)));
    }
    if faults.is_empty() { Ok(held) } else { Err(faults) }
}

/// Blames the draft itself, or the one that makes an earlier entry impossible; a reversal is the only one there is.
fn fault(entry: &Entry, row: Option<usize>, changed: Option<usize>, error: &HeldError) -> Fault {
    let date = entry.date;
    match row {
        Some(index) => Fault { index, pointer: "/quantity", detail: format!("{error} on {date}") },
        None => Fault {
            index: changed.unwrap_or_default(),
            pointer: "",
            detail: format!("makes {} impossible, which {error} on {date} then", entry.id),
        },
    }
}

#[cfg(test)]
mod tests;
