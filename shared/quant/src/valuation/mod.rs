//! What a company is worth: discounted cash flows with every step shown, what the price implies, and the spread of the value
//! when the assumptions are uncertain; one concept a file.
//!
//! Rates, margins and ratios are fractions (0.09 = 9 %); one period is one year; year 0 is the last full year, years 1 to N
//! are explicit. Amounts are in one unit throughout (for example millions), and so are shares: an amount over shares is a
//! value a share.

mod assumptions;
mod bond;
mod bridge;
mod capital;
mod cash_flow;
mod check;
mod dcf;
mod loan;
mod multiples;
mod projection;
mod reverse;
mod sensitivity;
mod simulation;
mod terminal;
mod warning;

pub use assumptions::{
    Assumptions, Claims, MAXIMUM_OPTION_TRANCHES, MAXIMUM_YEARS, MarginBasis, OptionTranche, TerminalMethod,
    YearAssumptions, fade,
};
pub use bond::{Bond, BondFigures};
pub use bridge::{Bridge, Exercise, bridge};
pub use capital::{Capital, CostOfCapital, cost_of_capital};
pub use cash_flow::{
    discounted_payback, internal_rates, modified_internal_rate, net_present_value, payback,
    profitability_index,
};
pub use check::{Fault, faults, growth_fault};
pub use dcf::{Dcf, ExitMultiple, Gordon, value};
pub use loan::Loan;
pub use multiples::Multiples;
pub use projection::Year;
pub use reverse::{ImpliedGrowth, Reverse, RootOutcome};
pub use sensitivity::{Axes, Grid, MAXIMUM_AXIS, Sensitivity};
pub use simulation::{
    Distribution, Driver, Histogram, MAXIMUM_TRIALS, NearGrowth, Outcome, OutcomeWarning, Partial,
    RankCorrelation, Settings, Simulation, Specification, Spread, StandardErrors, Undefined,
};
pub use warning::Warning;
