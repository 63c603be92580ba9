//! Splits, and closes from before them in the units of after.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{Action, Entry, Split};
use crate::{
    price::{Close, PriceSeries},
    symbol::Symbol,
};

/// The splits of a ledger: what closes, which are kept as they were on their day, have to be adjusted for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Splits(BTreeMap<Symbol, Vec<(Date, Split)>>);

impl Splits {
    /// The splits among entries.
    ///
    /// * `entries`: those that count, [in order](super::in_order).
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut splits: BTreeMap<Symbol, Vec<(Date, Split)>> = BTreeMap::new();
        for entry in entries {
            if let Action::Split(split) = &entry.action {
                splits.entry(split.symbol.clone()).or_default().push((entry.date, split.clone()));
            }
        }
        Self(splits)
    }

    /// The price of a close a unit as units are after all splits: times old over new units for each split that came after it.
    /// The close of a split's own day is one after it.
    pub fn adjusted(&self, symbol: &Symbol, close: &Close) -> Decimal {
        let splits = self.0.get(symbol).map(Vec::as_slice).unwrap_or_default();
        let later = splits.iter().filter(|(date, _)| *date > close.date);
        later.fold(close.close, |price, (_, split)| {
            price.saturating_mul(split.old.into()) / Decimal::from(split.new)
        })
    }

    /// The series with all closes adjusted: its changes are what a holder had, and times the units that are held now they are
    /// what these were worth.
    #[must_use]
    pub fn adjust(&self, series: PriceSeries) -> PriceSeries {
        if !self.0.contains_key(&series.symbol) {
            return series;
        }
        let symbol = series.symbol.clone();
        series.map(|close| self.adjusted(&symbol, close))
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::date};

    use super::*;
    use crate::{TransactionId, ledger::in_order};

    fn entry(place: u32, day: i8, (new, old): (u32, u32)) -> Entry {
        Entry {
            id: TransactionId::at(place, Timestamp::UNIX_EPOCH, &mut rand::rng()),
            date: date(2024, 1, day),
            action: Action::Split(Split { symbol: "A".parse().unwrap(), new, old }),
            corrects: None,
            reference: None,
            note: None,
        }
    }

    fn closes(splits: &Splits) -> Vec<String> {
        let close = |day| Close { date: date(2024, 1, day), close: 60.into() };
        let series = PriceSeries::parse("A".parse().unwrap(), vec![close(1), close(3), close(6)]).unwrap();
        splits.adjust(series).closes().iter().map(|close| close.close.normalize().to_string()).collect()
    }

    #[test]
    fn closes_are_adjusted_for_every_later_split_that_counts() {
        let mut entries = vec![entry(0, 3, (2, 1)), entry(1, 5, (1, 3)), entry(2, 4, (5, 1))];
        // Taken out again, as the ratio was wrong.
        let reversal =
            Entry { action: Action::Reversal, corrects: Some(entries[2].id), ..entry(3, 4, (1, 1)) };
        entries.push(reversal);
        assert_eq!(closes(&Splits::of(in_order(&entries, &[]))), ["90", "180", "60"]);
        assert_eq!(closes(&Splits::default()), ["60", "60", "60"]);
    }
}
