use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{must_be_wealth, must_have_dates};
use crate::QuantError;

/// The compounded return of a calendar month.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MonthlyReturn {
    /// The year.
    pub year: i16,
    /// The month, 1 to 12.
    pub month: i8,
    /// The compounded return, as a fraction.
    pub value: f64,
}

/// The compounded return of a calendar year.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct YearlyReturn {
    /// The year.
    pub year: i16,
    /// The compounded return, as a fraction.
    pub value: f64,
}

/// The compounded returns of calendar months, in their order; the first and the last month may be incomplete.
///
/// * `dates`: ascending, one more than returns: of the start, then of each return.
///
/// # Errors
/// `Empty`, `NotFinite`, `TotalLoss`, `DatesMismatch`, `DatesNotAscending`.
pub fn monthly_returns(returns: &[f64], dates: &[Date]) -> Result<Vec<MonthlyReturn>, QuantError> {
    let months = compounded(returns, dates, |date| (date.year(), date.month()))?;
    Ok(months.into_iter().map(|((year, month), value)| MonthlyReturn { year, month, value }).collect())
}

/// The compounded returns of calendar years, in their order; the first and the last year may be incomplete.
///
/// * `dates`: as for [`monthly_returns`].
///
/// # Errors
/// As [`monthly_returns`].
pub fn yearly_returns(returns: &[f64], dates: &[Date]) -> Result<Vec<YearlyReturn>, QuantError> {
    let years = compounded(returns, dates, Date::year)?;
    Ok(years.into_iter().map(|(year, value)| YearlyReturn { year, value }).collect())
}

fn compounded<K: PartialEq>(
    returns: &[f64],
    dates: &[Date],
    key: impl Fn(Date) -> K,
) -> Result<Vec<(K, f64)>, QuantError> {
    must_be_wealth(returns)?;
    must_have_dates(returns, dates)?;
    let mut found: Vec<(K, f64)> = Vec::new();
    for (value, &date) in returns.iter().zip(&dates[1..]) {
        let key = key(date);
        match found.last_mut() {
            Some((last, growth)) if *last == key => *growth *= 1.0 + value,
            _ => found.push((key, 1.0 + value)),
        }
    }
    if found.iter().any(|(_, growth)| !growth.is_finite()) {
        return Err(QuantError::Overflow { what: "a compounded return" });
    }
    Ok(found.into_iter().map(|(key, growth)| (key, growth - 1.0)).collect())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn months_and_years_are_kept_apart() {
        let dates = [date(2023, 11, 30), date(2023, 12, 1), date(2023, 12, 29), date(2024, 12, 2)];
        let months = monthly_returns(&[0.1, 0.1, 0.2], &dates).unwrap();
        assert_eq!(
            months.iter().map(|month| (month.year, month.month)).collect::<Vec<_>>(),
            [(2023, 12), (2024, 12)]
        );
        assert!((months[0].value - 0.21).abs() < 1e-15);
        assert_eq!(yearly_returns(&[0.1, 0.1, 0.2], &dates).unwrap().len(), 2);
    }

    #[test]
    fn dates_must_fit() {
        let dates = [date(2024, 1, 2), date(2024, 1, 1)];
        assert_eq!(monthly_returns(&[0.1], &dates), Err(QuantError::DatesNotAscending { row: 1 }));
        let few = yearly_returns(&[0.1, 0.1], &dates);
        assert_eq!(few, Err(QuantError::DatesMismatch { found: 2, expected: 3 }));
    }
}
