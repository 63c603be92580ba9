//! From daily values to returns.

use domain::ledger::DailyValue;
use jiff::ToSpan;
use quant::{
    QuantError,
    performance::{
        MoneyWeightedReturn, TimeWeightedReturn, Valuation, money_weighted_return, time_weighted_return,
    },
};

/// The days of a window, and the one that it starts from: its own value, and nothing put in or taken out. A window that
/// starts before the first transaction starts from nothing, a day earlier.
pub(super) struct Days<'a> {
    opening: Option<&'a DailyValue>,
    days: &'a [DailyValue],
}

impl<'a> Days<'a> {
    /// The days from place `from` on.
    pub(super) fn new(all: &'a [DailyValue], from: usize) -> Self {
        let (before, days) = all.split_at(from);
        Self { opening: before.last(), days }
    }

    /// What was put in counts from the start of its day, what was taken out until its end: so the money that pays for a
    /// purchase bears its gain on the same day.
    pub(super) fn time_weighted(&self) -> Result<TimeWeightedReturn, QuantError> {
        let next_deposit = |place: usize| self.days.get(place).map_or(0.0, |day| day.deposited);
        let mut valuations = Vec::with_capacity(self.days.len() + 1);
        valuations.extend(self.opening().map(|opening| Valuation { flow: next_deposit(0), ..opening }));
        valuations.extend(self.days.iter().enumerate().map(|(place, day)| Valuation {
            date: day.date,
            value: day.value + day.withdrawn,
            flow: next_deposit(place + 1) - day.withdrawn,
        }));
        time_weighted_return(&valuations)
    }

    /// Each flow on its own day.
    pub(super) fn money_weighted(&self) -> Result<MoneyWeightedReturn, QuantError> {
        let mut valuations: Vec<Valuation> = self.opening.and_then(|_| self.opening()).into_iter().collect();
        let last = self.days.len().saturating_sub(1);
        for (place, day) in self.days.iter().enumerate() {
            let flow = day.deposited - day.withdrawn;
            let value = if valuations.is_empty() { 0.0 } else { day.value - flow };
            // Between the ends, only flows count.
            if valuations.is_empty() || place == last || flow != 0.0 {
                valuations.push(Valuation { date: day.date, value, flow });
            }
        }
        money_weighted_return(&valuations)
    }

    fn opening(&self) -> Option<Valuation> {
        match (self.opening, self.days.first()) {
            (Some(opening), _) => Some(Valuation { date: opening.date, value: opening.value, flow: 0.0 }),
            (None, Some(first)) => {
                Some(Valuation { date: first.date.checked_sub(1.day()).ok()?, value: 0.0, flow: 0.0 })
            }
            (None, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn day(day: i8, value: f64, deposited: f64, withdrawn: f64) -> DailyValue {
        DailyValue { date: date(2024, 1, day), value, deposited, withdrawn }
    }

    #[test]
    fn what_is_put_in_and_taken_out_is_no_return() {
        let days = [
            day(2, 110.0, 100.0, 0.0),
            day(3, 220.0, 110.0, 0.0),
            day(4, 121.0, 0.0, 121.0),
            day(5, 133.1, 0.0, 0.0),
        ];
        let whole = Days::new(&days, 0).time_weighted().unwrap();
        assert!((whole.cumulative - (1.1 * 1.1 * 1.1 - 1.0)).abs() < 1e-12, "{whole:?}");
        assert_eq!(whole.days, 4);
        let part = Days::new(&days, 2).time_weighted().unwrap();
        assert!((part.cumulative - 0.21).abs() < 1e-12, "{part:?}");
    }

    #[test]
    fn money_counts_from_its_own_day() {
        let days = [day(1, 100.0, 100.0, 0.0), day(2, 100.0, 0.0, 0.0), day(31, 110.0, 0.0, 0.0)];
        let whole = Days::new(&days, 0).money_weighted().unwrap();
        assert!((whole.cumulative.unwrap() - 0.1).abs() < 1e-12, "{whole:?}");
        let part = Days::new(&days, 1).money_weighted().unwrap();
        assert!((part.cumulative.unwrap() - 0.1).abs() < 1e-12, "{part:?}");
        assert!(matches!(Days::new(&days[..1], 0).money_weighted(), Err(QuantError::TooFewRows { .. })));
    }
}
