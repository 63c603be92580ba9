use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::QuantError;

/// The worth of a portfolio on a day, and what its owner put in (positive) or took out (negative) then.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Valuation {
    /// The day.
    pub date: Date,
    /// The worth before the cash flow.
    pub value: f64,
    /// The cash flow; 0 on a day without one.
    #[serde(default)]
    pub flow: f64,
}

/// The time-weighted return of a portfolio.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TimeWeightedReturn {
    /// The compounded return over the whole time, as a fraction.
    pub cumulative: f64,
    /// The same a year (Actual/365); null where it is no number.
    pub annual: Option<f64>,
    /// The days from the first valuation to the last, without those on which there was nothing.
    pub days: i32,
}

/// The time-weighted return `Π V_k / (V_(k-1) + F_(k-1)) - 1` of the sub-periods between cash flows, in which each counts
/// alike whatever the owner's money (GIPS 2020). Each flow comes after its day's valuation, so every flow needs one. A sub-period
/// that starts and ends with nothing has no return and is left out: those before and after it are linked.
///
/// * `valuations`: ascending, at least two; the flow of the last one doesn't matter.
///
/// # Errors
/// `TooFewRows`, `DatesNotAscending`, `NotFinite` (column 0 the value, 1 the flow), `ValueNotPositive` for a sub-period that
/// starts with nothing and ends with something, or starts or ends below nothing, or where there is no other; `Overflow`.
pub fn time_weighted_return(valuations: &[Valuation]) -> Result<TimeWeightedReturn, QuantError> {
    check(valuations)?;
    let (mut growth, mut invested) = (1.0, 0);
    for (before, pair) in valuations.windows(2).enumerate() {
        let start = pair[0].value + pair[0].flow;
        if start == 0.0 && pair[1].value == 0.0 {
            continue;
        }
        if start <= 0.0 {
            return Err(QuantError::ValueNotPositive { row: before, value: start });
        }
        if pair[1].value < 0.0 {
            return Err(QuantError::ValueNotPositive { row: before + 1, value: pair[1].value });
        }
        growth *= pair[1].value / start;
        invested += days(pair[0].date, pair[1].date);
    }
    if invested == 0 {
        return Err(QuantError::ValueNotPositive { row: 0, value: 0.0 });
    }
    let cumulative = growth - 1.0;
    if !cumulative.is_finite() {
        return Err(QuantError::Overflow { what: "the time-weighted return" });
    }
    let annual = libm::pow(growth, 365.0 / f64::from(invested)) - 1.0;
    Ok(TimeWeightedReturn { cumulative, annual: annual.is_finite().then_some(annual), days: invested })
}

pub(super) fn check(valuations: &[Valuation]) -> Result<(), QuantError> {
    if valuations.len() < 2 {
        return Err(QuantError::TooFewRows { rows: valuations.len(), minimum: 2 });
    }
    for (row, valuation) in valuations.iter().enumerate() {
        for (column, value) in [valuation.value, valuation.flow].into_iter().enumerate() {
            if !value.is_finite() {
                return Err(QuantError::NotFinite { what: "the valuations", row, column });
            }
        }
        if row > 0 && valuation.date <= valuations[row - 1].date {
            return Err(QuantError::DatesNotAscending { row });
        }
    }
    Ok(())
}

pub(super) fn days(from: Date, to: Date) -> i32 {
    from.duration_until(to).as_hours() as i32 / 24
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn flows_do_not_count() {
        let at = |day, value, flow| Valuation { date: day, value, flow };
        let valuations = [
            at(date(2023, 1, 1), 0.0, 100.0),
            at(date(2023, 7, 1), 110.0, 890.0),
            at(date(2024, 1, 1), 900.0, 0.0),
        ];
        let result = time_weighted_return(&valuations).unwrap();
        assert!((result.cumulative + 0.01).abs() < 1e-15 && result.days == 365);
        assert!((result.annual.unwrap() + 0.01).abs() < 1e-15);
        assert!(matches!(time_weighted_return(&valuations[1..2]), Err(QuantError::TooFewRows { .. })));
        let emptied = [at(date(2023, 1, 1), 100.0, -100.0), at(date(2023, 7, 1), 1.0, 0.0)];
        assert!(matches!(time_weighted_return(&emptied), Err(QuantError::ValueNotPositive { row: 0, .. })));
        // Emptied, and filled again half a year later.
        let refilled = [
            at(date(2023, 1, 1), 100.0, 0.0),
            at(date(2023, 4, 1), 110.0, -110.0),
            at(date(2023, 10, 1), 0.0, 50.0),
            at(date(2024, 1, 1), 55.0, 0.0),
        ];
        let result = time_weighted_return(&refilled).unwrap();
        assert!((result.cumulative - 0.21).abs() < 1e-15 && result.days == 90 + 92);
        let nothing = [at(date(2023, 1, 1), 0.0, 0.0), at(date(2023, 4, 1), 0.0, 0.0)];
        assert!(matches!(time_weighted_return(&nothing), Err(QuantError::ValueNotPositive { row: 0, .. })));
    }
}
