use std::fmt;

use super::{Assumptions, MAXIMUM_OPTION_TRANCHES, MAXIMUM_YEARS, MarginBasis, YearAssumptions};
use crate::QuantError;

const AMOUNT: &str = "from 0 to 1e15";

/// What an assumption may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    low: f64,
    high: f64,
    /// The same in words.
    pub(super) range: &'static str,
}

pub(super) const GROWTH: Bounds =
    Bounds { low: -0.99, high: 2.0, range: "a fraction from -0.99 to 2 (0.08 means 8 %)" };
pub(super) const MARGIN: Bounds =
    Bounds { low: -2.0, high: 1.0, range: "a fraction from -2 to 1 (0.2 means 20 %)" };
pub(super) const WACC: Bounds = Bounds {
    low: f64::MIN_POSITIVE,
    high: 0.5,
    range: "a fraction above 0 and at most 0.5 (0.09 means 9 %)",
};
pub(super) const MULTIPLE: Bounds =
    Bounds { low: f64::MIN_POSITIVE, high: 200.0, range: "above 0 and at most 200 (times EBITDA)" };

impl Bounds {
    pub(super) fn contain(self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// An assumption that can't be valued with.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// The assumption's name.
    pub field: &'static str,
    /// Which year's (or which option tranche's), from 0, where there are several.
    pub index: Option<usize>,
    /// What is wrong.
    pub error: QuantError,
}

impl fmt::Display for Fault {
    /// What the assumption must be, and what it is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.error {
            QuantError::OutOfRange { range, value, .. } => write!(f, "must be {range}, but is {value}"),
            QuantError::GrowthNotBelowWacc { growth, wacc } => {
                write!(f, "must be below the WACC of {wacc}, but is {growth}")
            }
            QuantError::Empty { .. } => f.write_str("is required by the other assumptions"),
            other => other.fmt(f),
        }
    }
}

impl Fault {
    /// The same for a client that gave the assumption in percent: range and value in percent as well.
    pub fn in_percent(&self) -> String {
        // Without the noise that the way from percent and back leaves in the last digits.
        let percent = |fraction: f64| (fraction * 1e11).round() / 1e9;
        match (&self.error, percent_range(self.field)) {
            (QuantError::OutOfRange { value, .. }, Some(range)) => {
                format!("must be in percent {range}, but is {}", percent(*value))
            }
            (QuantError::GrowthNotBelowWacc { growth, wacc }, _) => {
                format!("must be below the WACC of {} %, but is {} %", percent(*wacc), percent(*growth))
            }
            _ => self.to_string(),
        }
    }
}

/// What an assumption may be in percent; none for one that is never given so.
fn percent_range(field: &str) -> Option<&'static str> {
    Some(match field {
        "growth" => "from -99 to 200 (8 means 8 %)",
        "ebit_margin" | "ebitda_margin" => "from -200 to 100 (20 means 20 %)",
        "tax_rate" => "from 0 to 100 (25 means 25 %)",
        "wacc" => "above 0 and at most 50 (9 means 9 %)",
        "terminal_growth" => "from -20 to 20 (2.5 means 2.5 %)",
        _ => return None,
    })
}

/// Collects what is out of its range.
#[derive(Default)]
pub(super) struct Faults(pub(super) Vec<Fault>);

impl Faults {
    pub(super) fn require(
        &mut self,
        holds: bool,
        name: &'static str,
        index: Option<usize>,
        (range, value): (&'static str, f64),
    ) {
        if !holds {
            let error = QuantError::OutOfRange { name, range, value };
            self.0.push(Fault { field: name, index, error });
        }
    }
}

/// Everything that is wrong with assumptions; empty when they can be valued with.
pub fn faults(assumptions: &Assumptions) -> Vec<Fault> {
    let mut faults = Faults::default();
    let revenue = assumptions.revenue;
    let positive = revenue > 0.0 && revenue <= 1e15;
    faults.require(positive, "revenue", None, ("above 0 and at most 1e15", revenue));
    let years = assumptions.years.len();
    faults.require((1..=MAXIMUM_YEARS).contains(&years), "years", None, ("from 1 to 20", years as f64));
    for (index, year) in assumptions.years.iter().enumerate() {
        check_year(&mut faults, assumptions.margin_basis, index, year);
    }
    check_terminal(&mut faults, assumptions);
    check_claims(&mut faults, assumptions);
    faults.0
}

/// What is wrong with a growth of revenue, if anything.
pub fn growth_fault(growth: f64) -> Option<Fault> {
    let mut faults = Faults::default();
    faults.require(GROWTH.contain(growth), "growth", None, (GROWTH.range, growth));
    faults.0.pop()
}

/// The first thing that is wrong with assumptions.
pub(super) fn check(assumptions: &Assumptions) -> Result<(), QuantError> {
    faults(assumptions).into_iter().next().map_or(Ok(()), |fault| Err(fault.error))
}

fn check_year(faults: &mut Faults, basis: MarginBasis, index: usize, year: &YearAssumptions) {
    let margin = match basis {
        MarginBasis::Ebit => "ebit_margin",
        MarginBasis::Ebitda => "ebitda_margin",
    };
    for (name, value, bounds) in [("growth", year.growth, GROWTH), (margin, year.margin, MARGIN)] {
        faults.require(bounds.contain(value), name, Some(index), (bounds.range, value));
    }
    for (name, value, low, high, range) in [
        ("tax_rate", year.tax_rate, 0.0, 1.0, "a fraction from 0 to 1 (0.25 means 25 %)"),
        ("depreciation", year.depreciation, 0.0, 1.0, "a fraction of revenue from 0 to 1 (0.04 means 4 %)"),
        (
            "capital_expenditure",
            year.capital_expenditure,
            0.0,
            2.0,
            "a fraction of revenue from 0 to 2 (0.05 means 5 %)",
        ),
        (
            "working_capital",
            year.working_capital,
            -2.0,
            2.0,
            "a fraction of additional revenue from -2 to 2 (0.1 means 10 %)",
        ),
    ] {
        faults.require((low..=high).contains(&value), name, Some(index), (range, value));
    }
}

fn check_terminal(faults: &mut Faults, assumptions: &Assumptions) {
    let Assumptions { wacc, terminal_growth: growth, exit_multiple, .. } = *assumptions;
    let fits = WACC.contain(wacc);
    faults.require(fits, "wacc", None, (WACC.range, wacc));
    let bounded = (-0.2..=0.2).contains(&growth);
    let range = "a fraction from -0.2 to 0.2 (0.025 means 2.5 %)";
    faults.require(bounded, "terminal_growth", None, (range, growth));
    if fits && bounded && growth >= wacc {
        let error = QuantError::GrowthNotBelowWacc { growth, wacc };
        faults.0.push(Fault { field: "terminal_growth", index: None, error });
    }
    if let Some(multiple) = exit_multiple {
        faults.require(MULTIPLE.contain(multiple), "exit_multiple", None, (MULTIPLE.range, multiple));
    }
    if assumptions.terminal_method == super::TerminalMethod::ExitMultiple && exit_multiple.is_none() {
        let error = QuantError::Empty { what: "exit_multiple" };
        faults.0.push(Fault { field: "exit_multiple", index: None, error });
    }
}

fn check_claims(faults: &mut Faults, assumptions: &Assumptions) {
    let claims = &assumptions.claims;
    let amount = |value: f64| (0.0..=1e15).contains(&value);
    let positive = |value: f64| value > 0.0 && value <= 1e15;
    faults.require(amount(claims.debt), "debt", None, (AMOUNT, claims.debt));
    faults.require(amount(claims.cash), "cash", None, (AMOUNT, claims.cash));
    let minorities = claims.minority_interest;
    faults.require(amount(minorities), "minority_interest", None, (AMOUNT, minorities));
    let range = "above 0 and at most 1e15";
    faults.require(positive(claims.shares), "shares", None, (range, claims.shares));
    let tranches = claims.options.len();
    let few = tranches <= MAXIMUM_OPTION_TRANCHES;
    faults.require(few, "options", None, ("at most 50 tranches", tranches as f64));
    for (index, option) in claims.options.iter().enumerate().take(MAXIMUM_OPTION_TRANCHES) {
        faults.require(amount(option.count), "options/count", Some(index), (AMOUNT, option.count));
        faults.require(amount(option.strike), "options/strike", Some(index), (AMOUNT, option.strike));
    }
    if let Some(price) = assumptions.price {
        faults.require(positive(price), "price", None, (range, price));
    }
}
