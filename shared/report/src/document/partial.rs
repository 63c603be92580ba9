//! Calendar months and years that a history does not cover whole.

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};

/// The first and the last month and year, where some of their days are missing.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Partial {
    pub months: Vec<(i16, i8)>,
    pub years: Vec<i16>,
}

impl Partial {
    /// Of a history by its days: that of the start, then that of each return.
    pub fn of(dates: &[Date]) -> Self {
        let [start, first, ..] = dates else { return Self::default() };
        let last = dates.last().unwrap_or(first);
        let month = |date: &Date| (date.year(), date.month());
        let mut partial = Self::default();
        if month(start) == month(first) {
            partial.months.push(month(first));
        }
        if is_left_open(*last, last.last_of_month()) {
            partial.months.push(month(last));
        }
        if start.year() == first.year() {
            partial.years.push(first.year());
        }
        if is_left_open(*last, last.last_of_year()) {
            partial.years.push(last.year());
        }
        partial
    }

    /// A year as tables have it.
    pub fn named(&self, year: i16) -> String {
        if self.years.contains(&year) { format!("{year} (part)") } else { year.to_string() }
    }
}

/// Whether trading days are missing up to the end; a single weekday is taken for a holiday.
fn is_left_open(last: Date, end: Date) -> bool {
    let weekday = |day: &Date| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    last.series(1.day()).skip(1).take_while(|day| *day <= end).filter(weekday).nth(1).is_some()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::Partial;

    fn of(start: Date, first: Date, last: Date) -> (Vec<(i16, i8)>, Vec<i16>) {
        let found = Partial::of(&[start, first, last]);
        (found.months, found.years)
    }

    #[test]
    fn a_period_whose_days_are_missing_is_partial() {
        let found = of(date(2018, 1, 2), date(2018, 1, 3), date(2022, 12, 28));
        assert_eq!(found, (vec![(2018, 1), (2022, 12)], vec![2018, 2022]));
        // From the last close of a year to that of another; in 2024 the last of March was a holiday and a weekend.
        assert_eq!(of(date(2017, 12, 29), date(2018, 1, 2), date(2021, 12, 31)), (Vec::new(), Vec::new()));
        assert_eq!(of(date(2017, 12, 29), date(2018, 1, 2), date(2024, 3, 28)), (Vec::new(), vec![2024]));
        assert_eq!(Partial::of(&[date(2018, 1, 2)]), Partial::default());
    }
}
