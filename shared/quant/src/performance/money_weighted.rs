use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Valuation,
    time_weighted::{check, days},
};
use crate::{QuantError, root::of_present_value};

/// The money-weighted return of a portfolio.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MoneyWeightedReturn {
    /// What the search for the rate found.
    pub outcome: MoneyWeightedOutcome,
    /// The annual rate (Actual/365), as a fraction; null unless there is exactly one.
    pub annual: Option<f64>,
    /// The same over the whole time.
    pub cumulative: Option<f64>,
    /// All annual rates found, ascending: more than one where the flows change sign more than once.
    pub candidates: Vec<f64>,
}

/// What the search for a money-weighted rate found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MoneyWeightedOutcome {
    /// One rate.
    Unique,
    /// Several rates, none of which is the return.
    Ambiguous,
    /// No rate, for example for money that was only put in and is lost as a whole.
    None,
}

/// The money-weighted return: the internal rate r at which what was put in is worth what was taken out and the final value,
/// `V_0 + Σ F_k (1+r)^(-t_k) = V_n (1+r)^(-t_n)` with the years `t` by Actual/365 (as Excel's XIRR).
///
/// The net present value is taken in the continuous rate `g = ln(1+r)` over a grid of `|g| t_n <= 40`, dense around 0, and
/// every change of its sign is narrowed down by bisection and regula falsi (Illinois): no starting value, no divergence.
///
/// * `valuations`: ascending, at least two; the first value counts as put in, the last one as taken out.
///
/// # Errors
/// `TooFewRows`, `DatesNotAscending`, `NotFinite`, `Overflow`.
pub fn money_weighted_return(valuations: &[Valuation]) -> Result<MoneyWeightedReturn, QuantError> {
    check(valuations)?;
    let last = valuations.len() - 1;
    let span = f64::from(days(valuations[0].date, valuations[last].date));
    let flows: Vec<(f64, f64)> = valuations
        .iter()
        .enumerate()
        .map(|(k, valuation)| {
            let amount = match k {
                0 => valuation.value + valuation.flow,
                k if k == last => -valuation.value,
                _ => valuation.flow,
            };
            (f64::from(days(valuations[0].date, valuation.date)) / span, amount)
        })
        .collect();
    let scale: f64 = flows.iter().map(|(_, amount)| amount.abs()).sum();
    if !scale.is_finite() {
        return Err(QuantError::Overflow { what: "the sum of the cash flows" });
    }
    let worth =
        |growth: f64| flows.iter().map(|(time, amount)| amount * libm::exp(-growth * time)).sum::<f64>();
    let years = span / 365.0;
    let mut candidates: Vec<f64> = of_present_value(worth)
        .into_iter()
        .map(|growth| libm::expm1(growth / years))
        .filter(|rate| rate.is_finite())
        .collect();
    candidates.dedup();
    let outcome = match candidates.len() {
        0 => MoneyWeightedOutcome::None,
        1 => MoneyWeightedOutcome::Unique,
        _ => MoneyWeightedOutcome::Ambiguous,
    };
    let annual = (outcome == MoneyWeightedOutcome::Unique).then(|| candidates[0]);
    let cumulative =
        annual.map(|rate| libm::expm1(libm::log1p(rate) * years)).filter(|value| value.is_finite());
    Ok(MoneyWeightedReturn { outcome, annual, cumulative, candidates })
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::*;

    fn at(date: Date, value: f64, flow: f64) -> Valuation {
        Valuation { date, value, flow }
    }

    #[test]
    fn agrees_with_xirr() {
        // Excel's own example: XIRR = 0.373362535.
        let flows = [
            at(date(2008, 1, 1), 0.0, 10_000.0),
            at(date(2008, 3, 1), 0.0, -2_750.0),
            at(date(2008, 10, 30), 0.0, -4_250.0),
            at(date(2009, 2, 15), 0.0, -3_250.0),
            at(date(2009, 4, 1), 2_750.0, 0.0),
        ];
        let result = money_weighted_return(&flows).unwrap();
        assert_eq!(result.outcome, MoneyWeightedOutcome::Unique);
        assert!((result.annual.unwrap() - 0.373_362_535).abs() < 2e-9);
    }

    #[test]
    fn without_flows_it_is_the_growth() {
        let grown = [at(date(2023, 1, 1), 100.0, 0.0), at(date(2024, 1, 1), 121.0, 50.0)];
        assert!((money_weighted_return(&grown).unwrap().annual.unwrap() - 0.21).abs() < 1e-14);
        let flat = [at(date(2023, 1, 1), 100.0, 0.0), at(date(2023, 7, 1), 100.0, 0.0)];
        assert!(money_weighted_return(&flat).unwrap().annual.unwrap().abs() < 1e-15);
    }

    #[test]
    fn several_rates_or_none_are_told() {
        let lost = [at(date(2023, 1, 1), 100.0, 0.0), at(date(2024, 1, 1), 0.0, 0.0)];
        let lost = money_weighted_return(&lost).unwrap();
        assert_eq!((lost.outcome, lost.annual), (MoneyWeightedOutcome::None, None));
        // 100 - 230 v + 132 v² has the roots v = 1/1.1 and 1/1.2.
        let twice = [
            at(date(2022, 1, 1), 100.0, 0.0),
            at(date(2023, 1, 1), 0.0, -230.0),
            at(date(2024, 1, 1), -132.0, 0.0),
        ];
        let twice = money_weighted_return(&twice).unwrap();
        assert_eq!(twice.outcome, MoneyWeightedOutcome::Ambiguous);
        assert!((twice.candidates[0] - 0.1).abs() < 1e-10 && (twice.candidates[1] - 0.2).abs() < 1e-10);
    }
}
