use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::must_be_wealth;
use crate::QuantError;

/// A fall of the compounded wealth from a peak, until the peak is reached again. Indices count values: 0 is the start,
/// before the first return, and t the value after t returns.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Drawdown {
    /// The largest fall, negative, as a fraction of the peak.
    pub depth: f64,
    /// The index of the peak.
    pub peak: usize,
    /// The index of the lowest value.
    pub trough: usize,
    /// The index of the first value at the peak's level again; null where it has not been reached.
    pub recovery: Option<usize>,
    /// The periods from the peak to the recovery, or to the end.
    pub length: usize,
    /// The date of the peak; null for a history without dates, as the other dates.
    pub peak_date: Option<Date>,
    /// The date of the lowest value.
    pub trough_date: Option<Date>,
    /// The date of the recovery.
    pub recovery_date: Option<Date>,
}

impl Drawdown {
    /// The same with the dates of the values, of which there is one more than returns.
    #[must_use]
    pub fn dated(self, dates: &[Date]) -> Self {
        Self {
            peak_date: dates.get(self.peak).copied(),
            trough_date: dates.get(self.trough).copied(),
            recovery_date: self.recovery.and_then(|index| dates.get(index).copied()),
            ..self
        }
    }
}

/// All drawdowns of the compounded wealth, deepest first (of equal ones the earlier first). The wealth starts at 1 before
/// the first return; a value at the peak's level ends a drawdown, and the last value at that level is the next one's peak.
///
/// # Errors
/// `Empty`, `NotFinite`, `TotalLoss` for a return of -1 or less, `Overflow`.
pub fn drawdowns(returns: &[f64]) -> Result<Vec<Drawdown>, QuantError> {
    must_be_wealth(returns)?;
    let mut found: Vec<Drawdown> = Vec::new();
    let mut open: Option<Drawdown> = None;
    let (mut wealth, mut peak, mut peak_at) = (1.0f64, 1.0f64, 0);
    for (before, value) in returns.iter().enumerate() {
        let now = before + 1;
        wealth *= 1.0 + value;
        if !wealth.is_finite() {
            return Err(QuantError::Overflow { what: "the wealth" });
        }
        if wealth >= peak {
            let closed = open.take().map(|drawdown| Drawdown {
                recovery: Some(now),
                length: now - drawdown.peak,
                ..drawdown
            });
            found.extend(closed);
            (peak, peak_at) = (wealth, now);
            continue;
        }
        let depth = wealth / peak - 1.0;
        let current = open.get_or_insert(Drawdown {
            depth,
            peak: peak_at,
            trough: now,
            recovery: None,
            length: 0,
            peak_date: None,
            trough_date: None,
            recovery_date: None,
        });
        if depth < current.depth {
            (current.depth, current.trough) = (depth, now);
        }
    }
    let last = returns.len();
    found.extend(open.map(|drawdown| Drawdown { length: last - drawdown.peak, ..drawdown }));
    found.sort_by(|left, right| left.depth.total_cmp(&right.depth));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peaks_troughs_and_recoveries() {
        let found = drawdowns(&[0.1, -0.1, -0.1, 0.5, -0.5, 0.1]).unwrap();
        assert_eq!(found.len(), 2);
        let (deep, shallow) = (found[0], found[1]);
        assert_eq!((deep.peak, deep.trough, deep.recovery, deep.length), (4, 5, None, 2));
        assert_eq!((shallow.peak, shallow.trough, shallow.recovery, shallow.length), (1, 3, Some(4), 3));
        assert!((deep.depth + 0.5).abs() < 1e-15 && (shallow.depth + 0.19).abs() < 1e-15);
    }

    #[test]
    fn a_fall_from_the_start_counts_and_a_rise_has_none() {
        assert_eq!(drawdowns(&[-0.1]).unwrap()[0].peak, 0);
        assert!(drawdowns(&[0.1, 0.0, 0.1]).unwrap().is_empty());
        assert!(drawdowns(&[]).is_err() && drawdowns(&[-1.0]).is_err());
    }

    #[test]
    fn dates_are_those_of_the_values() {
        let start = jiff::civil::date(2024, 1, 1);
        let dates = [start, start.tomorrow().unwrap()];
        let drawdown = drawdowns(&[-0.1]).unwrap()[0].dated(&dates);
        assert_eq!((drawdown.peak_date, drawdown.trough_date), (Some(dates[0]), Some(dates[1])));
        assert_eq!(drawdown.recovery_date, None);
    }
}
