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
    /// purchase bears its gain on the same day. A day without a return starts and ends with nothing, and the next one starts with
    /// what it has left.
    pub(super) fn time_weighted(&self) -> Result<TimeWeightedReturn, QuantError> {
        let with_return = |place: usize| self.days.get(place).filter(|day| day.has_return);
        let next_deposit = |place: usize| with_return(place).map_or(0.0, |day| day.deposited);
        let mut valuations = Vec::with_capacity(self.days.len() + 1);
        valuations.extend(self.opening().map(|opening| Valuation { flow: next_deposit(0), ..opening }));
        valuations.extend(self.days.iter().enumerate().map(|(place, day)| {
            let (value, left) =
                if day.has_return { (day.value + day.withdrawn, -day.withdrawn) } else { (0.0, day.value) };
            Valuation { date: day.date, value, flow: left + next_deposit(place + 1) }
        }));
        time_weighted_return(&valuations)
    }

    /// Each flow on its own day, from the first day with money to the last.
    pub(super) fn money_weighted(&self) -> Result<MoneyWeightedReturn, QuantError> {
        let opening = self.opening.and_then(|_| self.opening()).filter(|opening| opening.value != 0.0);
        let mut valuations: Vec<Valuation> = opening.into_iter().collect();
        let days = self.with_money(opening.is_some());
        let last = days.len().saturating_sub(1);
        for (place, day) in days.iter().enumerate() {
            let flow = day.deposited - day.withdrawn;
            let value = if valuations.is_empty() { 0.0 } else { day.value - flow };
            // Between the ends, only flows count.
            if valuations.is_empty() || place == last || flow != 0.0 {
                valuations.push(Valuation { date: day.date, value, flow });
            }
        }
        money_weighted_return(&valuations)
    }

    /// The days without those before the first money and after the last, over which nothing can grow.
    fn with_money(&self, has_opening: bool) -> &'a [DailyValue] {
        let is_empty = |day: &DailyValue| day.value == 0.0 && day.deposited == 0.0 && day.withdrawn == 0.0;
        let first = self.days.iter().position(|day| !is_empty(day)).filter(|_| !has_opening);
        let last = self.days.iter().rposition(|day| !is_empty(day));
        // Where there was something at a day's end, the next day counts, on which all of it may be lost.
        let end = match last {
            Some(last) if self.days[last].value == 0.0 => last + 1,
            Some(last) => last + 2,
            None => usize::from(has_opening),
        };
        &self.days[first.unwrap_or_default()..end.min(self.days.len())]
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
        DailyValue { date: date(2024, 1, day), value, deposited, withdrawn, has_return: true }
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

    #[test]
    fn a_day_without_a_return_is_left_out_and_what_it_leaves_is_put_in() {
        let late = |day| DailyValue { has_return: false, ..day };
        let days = [
            day(2, 100.0, 100.0, 0.0),
            day(3, 0.0, 0.0, 110.0),
            late(day(4, 0.0, 3.6, 24.0)),
            late(day(5, 24.0, 0.0, 0.0)),
            day(6, 26.4, 0.0, 0.0),
        ];
        let whole = Days::new(&days, 0).time_weighted().unwrap();
        assert!((whole.cumulative - (1.1 * 1.1 - 1.0)).abs() < 1e-12, "{whole:?}");
        assert_eq!(whole.days, 3);
    }

    #[test]
    fn money_counts_from_its_first_day_to_its_last() {
        let empty = |at| day(at, 0.0, 0.0, 0.0);
        let days =
            [empty(1), empty(2), day(3, 100.0, 100.0, 0.0), day(13, 0.0, 0.0, 110.0), empty(20), empty(30)];
        for from in 0..3 {
            let whole = Days::new(&days, from).money_weighted().unwrap();
            assert!((whole.cumulative.unwrap() - 0.1).abs() < 1e-12, "{whole:?}");
        }
        let after = Days::new(&days, 4).money_weighted();
        assert!(matches!(after, Err(QuantError::TooFewRows { .. })), "{after:?}");
        // What is lost without a flow is lost all the same.
        let lost = [day(3, 100.0, 100.0, 0.0), day(4, 50.0, 0.0, 50.0), empty(5), empty(25)];
        for from in 0..3 {
            assert_eq!(Days::new(&lost, from).with_money(from > 0).last(), Some(&lost[2]), "{from}");
        }
        assert_eq!(Days::new(&lost, 2).money_weighted().unwrap().annual, None);
    }
}
