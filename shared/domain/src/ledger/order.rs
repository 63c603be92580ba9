//! Which entries count, and in which order.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Action, Entry};
use crate::TransactionId;

/// The entries that count, by date; within a day as they were recorded, where one that takes the place of another counts as
/// recorded when that one was.
///
/// * `earlier`, `new`: consecutive entries of one ledger, so that an entry's place tells where it stands.
pub fn in_order<'a>(earlier: &'a [Entry], new: &'a [Entry]) -> Vec<&'a Entry> {
    let all = || earlier.iter().chain(new);
    let first = all().next().map_or(0, |entry| entry.id.place());
    let mut counts = vec![true; earlier.len() + new.len()];
    let mut places: Vec<usize> = Vec::with_capacity(counts.len());
    for (place, entry) in all().enumerate() {
        let corrected =
            entry.corrects.and_then(|id| id.place().checked_sub(first)).map(|place| place as usize);
        if entry.action == Action::Reversal {
            counts[place] = false;
            if let Some(reversed) = corrected.and_then(|place| counts.get_mut(place)) {
                *reversed = false;
            }
        }
        places.push(corrected.and_then(|place| places.get(place).copied()).unwrap_or(place));
    }
    let mut counted: Vec<_> = all()
        .zip(counts)
        .zip(places)
        .filter_map(|((entry, counts), place)| counts.then_some((entry, place)))
        .collect();
    counted.sort_by_key(|(entry, place)| (entry.date, *place));
    counted.into_iter().map(|(entry, _)| entry).collect()
}

/// Of each entry that was reversed, which one reverses it.
pub fn reversals(entries: &[Entry]) -> BTreeMap<TransactionId, TransactionId> {
    let reversals = entries.iter().filter(|entry| entry.action == Action::Reversal);
    reversals.filter_map(|entry| Some((entry.corrects?, entry.id))).collect()
}

/// Whether days only descend, as in lists that begin with what is newest.
pub(super) fn newest_first(days: impl Iterator<Item = Date> + Clone) -> bool {
    days.clone().is_sorted_by(|day, next| day >= next) && days.clone().next() > days.last()
}
