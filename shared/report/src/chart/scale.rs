use jiff::civil::Date;

use crate::number;

/// From values to points along an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    start: f64,
    end: f64,
}

impl Scale {
    /// `low` lies at `start`, `high` at `end`.
    pub fn new((low, high): (f64, f64), (start, end): (f64, f64)) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        Self { low, high, start, end }
    }

    pub fn at(&self, value: f64) -> f64 {
        self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)
    }
}

/// Round values that cover a range, and the step between them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ticks {
    pub values: Vec<f64>,
    pub step: f64,
}

impl Ticks {
    /// About `wanted` multiples of 1, 2, 2.5 or 5 times a power of ten; the first and last enclose the range.
    pub fn around((low, high): (f64, f64), wanted: usize) -> Self {
        let span = (high - low).max(low.abs().max(high.abs()) * 1e-6).max(1e-12);
        let raw = span / wanted.max(1) as f64;
        let power = 10_f64.powf(raw.log10().floor());
        let step = [1.0, 2.0, 2.5, 5.0, 10.0]
            .into_iter()
            .map(|factor| factor * power)
            .find(|step| *step >= raw * (1.0 - 1e-9))
            .unwrap_or(10.0 * power);
        let first = (low / step + 1e-9).floor();
        let last = ((high / step - 1e-9).ceil()).max(first + 1.0);
        let values = (0..=(last - first) as usize).map(|index| (first + index as f64) * step).collect();
        Self { values, step }
    }

    pub fn range(&self) -> (f64, f64) {
        (self.values[0], self.values[self.values.len() - 1])
    }

    pub fn percents(&self) -> Vec<String> {
        let decimals = number::decimals(self.step * 100.0);
        self.values.iter().map(|value| number::percent(*value, decimals)).collect()
    }

    pub fn numbers(&self) -> Vec<String> {
        let largest = self.values.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
        self.values.iter().map(|value| number::compact(*value, self.step, largest)).collect()
    }
}

/// The least and the greatest of some values.
pub(super) fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().filter(|value| value.is_finite()).fold(None, |found, value| match found {
        None => Some((value, value)),
        Some((low, high)) => Some((f64::min(low, value), f64::max(high, value))),
    })
}

/// The index of the first date of each year, quarter or month, with its name: as many as there is room for, which is
/// told in sizes of the labels' text.
pub(super) fn date_ticks(dates: &[Date], room: f64) -> Vec<(usize, String)> {
    let (Some(first), Some(last)) = (dates.first(), dates.last()) else { return Vec::new() };
    let months = i64::from(last.year() - first.year()) * 12 + i64::from(last.month() - first.month());
    let step = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600]
        .into_iter()
        .find(|step| (months / step) as f64 * if *step < 12 { 7.5 } else { 4.5 } < room)
        .unwrap_or(1_200);
    let months_of = |date: &Date| i64::from(date.year()) * 12 + i64::from(date.month()) - 1;
    let mut ticks = Vec::new();
    for (index, pair) in dates.windows(2).enumerate() {
        if months_of(&pair[0]).div_euclid(step) != months_of(&pair[1]).div_euclid(step) {
            let date = pair[1];
            let label = if step >= 12 { date.strftime("%Y") } else { date.strftime("%b %Y") };
            ticks.push((index + 1, label.to_string()));
        }
    }
    if ticks.len() < 2 {
        let day = |index: usize| (index, dates[index].to_string());
        ticks = if dates.len() > 1 { vec![day(0), day(dates.len() - 1)] } else { vec![day(0)] };
    }
    ticks
}

#[cfg(test)]
mod tests {
    use jiff::{
        ToSpan,
        civil::{Date, date},
    };

    use super::{Scale, Ticks, date_ticks, extent};

    #[test]
    fn ticks_are_round_and_enclose_the_range() {
        let ticks = Ticks::around((-0.031, 0.127), 5);
        assert_eq!(ticks.percents(), ["−5%", "0%", "5%", "10%", "15%"]);
        assert_eq!(Ticks::around((0.0, 1_900_000.0), 4).numbers(), ["0.0M", "0.5M", "1.0M", "1.5M", "2.0M"]);
        let flat = Ticks::around((3.0, 3.0), 4);
        assert!(flat.range().0 <= 3.0 && flat.range().1 >= 3.0 && flat.values.len() < 10);
    }

    #[test]
    fn a_scale_maps_its_ends() {
        let scale = Scale::new((1.0, 3.0), (100.0, 0.0));
        assert_eq!((scale.at(1.0), scale.at(2.0), scale.at(3.0)), (100.0, 50.0, 0.0));
        assert!(Scale::new((1.0, 1.0), (0.0, 9.0)).at(1.0).is_finite());
        assert_eq!(extent([2.0, f64::NAN, -1.0]), Some((-1.0, 2.0)));
    }

    #[test]
    fn dates_are_marked_where_a_period_begins() {
        let days: Vec<Date> = (0..800).map(|day| date(2024, 1, 15).saturating_add(day.days())).collect();
        let labels: Vec<String> = date_ticks(&days, 40.0).into_iter().map(|(_, label)| label).collect();
        assert_eq!(labels, ["Jul 2024", "Jan 2025", "Jul 2025", "Jan 2026"]);
        assert_eq!(date_ticks(&days[..5], 40.0).len(), 2);
        assert_eq!(date_ticks(&days[..1], 40.0).len(), 1);
        assert!(date_ticks(&[], 40.0).is_empty());
    }
}
