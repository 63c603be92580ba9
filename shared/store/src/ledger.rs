//! Ledgers: many entries an item, and never more than the last item changed.

use std::{
    collections::{BTreeSet, HashSet},
    ops::Range,
};

use domain::{
    Entity, PortfolioId,
    ledger::{
        Entry, LedgerHead, Reference, References, ReferencesKey, SEGMENT_LENGTH, Segment, SegmentKey, Splits,
        in_order,
    },
    portfolio::Portfolio,
};
use futures::future::try_join_all;

use crate::{Listing, Order, Position, Scope, StoreError, Write};

/// How many segments are read one by one, rather than the whole ledger.
const FEW: usize = 16;

impl Scope {
    /// All entries of a portfolio's ledger, as they were when the portfolio was read. What was recorded since is left out.
    pub async fn ledger(&self, portfolio: PortfolioId, head: LedgerHead) -> Result<Vec<Entry>, StoreError> {
        if head.entries == 0 {
            return Ok(Vec::new());
        }
        let listing = Listing {
            limit: Segment::count(head.entries) as usize,
            order: Order::Ascending,
            after: Some(Position(Segment::before_all(portfolio))),
            filters: Vec::new(),
            group: None,
        };
        let segments = self.list::<Segment>(listing).await?.items;
        complete(segments.into_iter().map(|segment| segment.entity), head.entries as usize)
    }

    /// The entries at some places of a portfolio's ledger, of which all must have been recorded.
    pub async fn ledger_part(
        &self,
        portfolio: PortfolioId,
        places: Range<u32>,
    ) -> Result<Vec<Entry>, StoreError> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let (first, last) = (Segment::of_place(places.start), Segment::of_place(places.end - 1));
        let keys: Vec<_> = (first..=last).map(|number| SegmentKey { portfolio, number }).collect();
        let segments = try_join_all(keys.iter().map(|key| self.get::<Segment>(key))).await?;
        let end = places.end - first * SEGMENT_LENGTH;
        let mut entries = complete(segments.into_iter().map(|segment| segment.entity), end as usize)?;
        Ok(entries.split_off((places.start - first * SEGMENT_LENGTH) as usize))
    }

    /// Those entries of a portfolio's ledger that have one of these references.
    pub async fn ledger_known(
        &self,
        portfolio: PortfolioId,
        head: LedgerHead,
        references: &[Reference],
    ) -> Result<Vec<Entry>, StoreError> {
        if !head.referenced || references.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<_> =
            References::parts(references).into_iter().map(|part| ReferencesKey { portfolio, part }).collect();
        let parts = try_join_all(keys.iter().map(|key| self.find::<References>(key))).await?;
        let places = parts.into_iter().flatten().flat_map(|part| part.entity.places(references));
        // What was recorded since the portfolio was read is not known yet.
        let numbers: BTreeSet<u32> =
            places.filter(|place| *place < head.entries).map(Segment::of_place).collect();
        let entries = if numbers.len() > FEW {
            self.ledger(portfolio, head).await?
        } else {
            let keys: Vec<_> = numbers.into_iter().map(|number| SegmentKey { portfolio, number }).collect();
            let segments = try_join_all(keys.iter().map(|key| self.get::<Segment>(key))).await?;
            segments.into_iter().flat_map(|segment| segment.entity.entries).collect()
        };
        let references: HashSet<&Reference> = references.iter().collect();
        let has_one = |entry: &Entry| {
            let known = entry.reference.as_ref().is_some_and(|reference| references.contains(reference));
            known && entry.id.place() < head.entries
        };
        Ok(entries.into_iter().filter(has_one).collect())
    }

    /// The splits of a portfolio's instruments, as its ledger has them; none where it is kept by its holdings.
    pub async fn splits(&self, portfolio: &Portfolio) -> Result<Splits, StoreError> {
        match portfolio.ledger {
            Some(head) if head.split => {
                Ok(Splits::of(in_order(&self.ledger(portfolio.id, head).await?, &[])))
            }
            _ => Ok(Splits::default()),
        }
    }

    /// The writes that record further entries. They belong into one transaction with the change of the portfolio's head,
    /// which makes them good once and for one writer only.
    pub async fn write_ledger(
        &self,
        portfolio: PortfolioId,
        head: LedgerHead,
        new: &[Entry],
    ) -> Result<Vec<Write>, StoreError> {
        let mut writes = Vec::new();
        let mut number = Segment::of_place(head.entries);
        let begun = head.entries % SEGMENT_LENGTH;
        let free = if begun == 0 { 0 } else { (SEGMENT_LENGTH - begun) as usize };
        let (filling, rest) = new.split_at(free.min(new.len()));
        if begun > 0 {
            let segment = self.get::<Segment>(&SegmentKey { portfolio, number }).await?;
            if segment.entity.entries.len() != begun as usize {
                return Err(StoreError::Contended);
            }
            writes.push(self.write_changed(&segment.map(|mut segment| {
                segment.entries.extend_from_slice(filling);
                segment
            }))?);
            number += 1;
        }
        for (number, entries) in (number..).zip(rest.chunks(SEGMENT_LENGTH as usize)) {
            writes.push(self.write_new(&Segment { portfolio, number, entries: entries.to_vec() })?);
        }
        for (part, entries) in References::by_part(new) {
            let key = ReferencesKey { portfolio, part };
            writes.push(match self.find::<References>(&key).await? {
                Some(known) => self.write_changed(&known.map(|known| known.with(&entries)))?,
                None => self.write_new(&References::none(key).with(&entries))?,
            });
        }
        Ok(writes)
    }
}

fn complete(segments: impl Iterator<Item = Segment>, wanted: usize) -> Result<Vec<Entry>, StoreError> {
    let mut entries: Vec<Entry> = segments.flat_map(|segment| segment.entries).collect();
    if entries.len() < wanted {
        return Err(StoreError::Corrupt(format!(
            "{} of {wanted} {} are there",
            entries.len(),
            Segment::KIND
        )));
    }
    entries.truncate(wanted);
    Ok(entries)
}
