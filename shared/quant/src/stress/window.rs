use std::ops::Range;

use jiff::civil::{Date, date};

/// A past crisis, from the close before the fall of the S&P 500 to its low.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crisis {
    /// The year by which it is known.
    pub year: i16,
    /// What happened.
    pub title: &'static str,
    /// The date of the first close.
    pub first: Date,
    /// The date of the last close.
    pub last: Date,
}

/// The crises that can be replayed.
pub const CRISES: [Crisis; 4] = [
    Crisis { year: 2008, title: "Global financial crisis", first: date(2007, 10, 9), last: date(2009, 3, 9) },
    Crisis {
        year: 2011,
        title: "Euro crisis and US downgrade",
        first: date(2011, 4, 29),
        last: date(2011, 10, 3),
    },
    Crisis { year: 2020, title: "Covid-19", first: date(2020, 2, 19), last: date(2020, 3, 23) },
    Crisis {
        year: 2022,
        title: "Inflation and rising rates",
        first: date(2022, 1, 3),
        last: date(2022, 10, 12),
    },
];

impl Crisis {
    /// The rows of a history that lie in the crisis; `None` where the history doesn't cover all of it.
    ///
    /// * `dates`: ascending.
    pub fn rows(&self, dates: &[Date]) -> Option<Range<usize>> {
        let covered = dates.first()? <= &self.first && dates.last()? >= &self.last;
        let start = dates.partition_point(|date| date < &self.first);
        let end = dates.partition_point(|date| date <= &self.last);
        (covered && end >= start + 2).then_some(start..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_history_that_covers_it_has_rows() {
        let covid = CRISES[2];
        let dates =
            [date(2020, 2, 18), date(2020, 2, 19), date(2020, 3, 20), date(2020, 3, 23), date(2020, 3, 24)];
        assert_eq!(covid.rows(&dates), Some(1..4));
        assert_eq!((covid.rows(&dates[2..]), covid.rows(&[])), (None, None));
    }
}
