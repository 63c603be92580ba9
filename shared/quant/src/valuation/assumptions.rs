use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::QuantError;

/// The most explicit years.
pub const MAXIMUM_YEARS: usize = 20;
/// The most tranches of options.
pub const MAXIMUM_OPTION_TRANCHES: usize = 50;

/// All that decides a valuation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assumptions {
    /// The revenue of year 0, the last full year; positive.
    pub revenue: f64,
    /// What the margins are before.
    pub margin_basis: MarginBasis,
    /// The explicit years, 1 to [`MAXIMUM_YEARS`] of them.
    pub years: Vec<YearAssumptions>,
    /// The weighted average cost of capital.
    pub wacc: f64,
    /// The growth of the free cash flow after the last explicit year; below the WACC.
    pub terminal_growth: f64,
    /// The enterprise value in the last explicit year over its EBITDA, if the company is valued that way too.
    pub exit_multiple: Option<f64>,
    /// Which terminal value the figures at the top are of.
    pub terminal_method: TerminalMethod,
    /// Whether cash flows come in the middle of their years rather than at the end.
    pub mid_year: bool,
    /// Who has a claim to the enterprise value.
    pub claims: Claims,
    /// The market's price of a share, for the upside and what it implies.
    pub price: Option<f64>,
}

/// What is assumed of one explicit year.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct YearAssumptions {
    /// The growth of revenue over the year before.
    pub growth: f64,
    /// EBIT or EBITDA over revenue.
    pub margin: f64,
    /// Tax over EBIT; a loss has a negative tax, as if it could be set off at once.
    pub tax_rate: f64,
    /// Depreciation and amortisation over revenue.
    pub depreciation: f64,
    /// Capital expenditure over revenue.
    pub capital_expenditure: f64,
    /// Working capital that is bound by each unit of additional revenue.
    pub working_capital: f64,
}

/// What a margin is before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MarginBasis {
    /// Earnings before interest and tax.
    #[default]
    Ebit,
    /// Earnings before interest, tax, depreciation and amortisation.
    Ebitda,
}

/// How the value after the explicit years is found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TerminalMethod {
    /// A growing perpetuity (Gordon & Shapiro 1956).
    #[default]
    Gordon,
    /// A multiple of the last explicit year's EBITDA.
    ExitMultiple,
}

/// What stands between the enterprise value and a share.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    /// Debt at market value, leases and other claims like debt included.
    pub debt: f64,
    /// Cash and what is like cash, which the business does not need.
    pub cash: f64,
    /// Minority interests at market value.
    pub minority_interest: f64,
    /// Shares outstanding, without options.
    pub shares: f64,
    /// Options on new shares.
    pub options: Vec<OptionTranche>,
}

/// Options with one strike.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OptionTranche {
    /// How many, in the unit of the shares.
    pub count: f64,
    /// What a share costs who exercises one.
    pub strike: f64,
}

/// Growth that falls (or rises) in equal steps: `start` in the first of `years`, `end` in the last.
///
/// # Errors
/// `OutOfRange` for no year or more than [`MAXIMUM_YEARS`]; `NotFinite`.
pub fn fade(start: f64, end: f64, years: usize) -> Result<Vec<f64>, QuantError> {
    if !(1..=MAXIMUM_YEARS).contains(&years) {
        return Err(QuantError::OutOfRange { name: "years", range: "from 1 to 20", value: years as f64 });
    }
    if let Some(column) = [start, end].iter().position(|rate| !rate.is_finite()) {
        return Err(QuantError::NotFinite { what: "growth", row: 0, column });
    }
    let steps = (years - 1) as f64;
    let growth = |year: usize| match year {
        0 => start,
        last if last + 1 == years => end,
        year => start + (end - start) * (year as f64 / steps),
    };
    Ok((0..years).map(growth).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fade_begins_and_ends_where_it_is_told() {
        let faded = fade(0.06, 0.025, 5).unwrap();
        for (found, expected) in faded.iter().zip([0.06, 0.05125, 0.0425, 0.03375, 0.025]) {
            assert!((found - expected).abs() < 1e-15);
        }
        assert_eq!(fade(0.1, 0.02, 1).unwrap(), [0.1]);
        assert!(
            fade(0.1, 0.02, 0).is_err() && fade(0.1, 0.02, 21).is_err() && fade(f64::NAN, 0.0, 2).is_err()
        );
    }
}
