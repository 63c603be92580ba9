//! What a portfolio's history amounts to: growth, risk, ratios, drawdowns, a benchmark, attribution; one statistic a file.
//!
//! Returns are simple fractions, one a period, oldest first. A figure without a defined value is `None`.

mod analysis;
mod attribution;
mod benchmark;
mod calendar;
mod conventions;
mod downside;
mod drawdown;
mod growth;
mod money_weighted;
mod rolling;
mod shape;
mod sharpe;
mod time_weighted;

pub use analysis::{Figures, History, Performance, Ratios, Settings, analyse};
pub use attribution::{Attribution, GroupEffects, brinson_fachler};
pub use benchmark::{BenchmarkFigures, against_benchmark, beta};
pub use calendar::{MonthlyReturn, YearlyReturn, monthly_returns, yearly_returns};
pub use conventions::Conventions;
pub use downside::{downside_deviation, omega, sortino};
pub use drawdown::{Drawdown, drawdowns};
pub use growth::{annual_return, buy_and_hold, cumulative_return};
pub use money_weighted::{MoneyWeightedOutcome, MoneyWeightedReturn, money_weighted_return};
pub use rolling::{Rolling, rolling};
pub use shape::{stability, tail_ratio};
pub use sharpe::{probabilistic_sharpe, sharpe};
pub use time_weighted::{TimeWeightedReturn, Valuation, time_weighted_return};

use jiff::civil::Date;

use crate::{QuantError, var_cvar::must_be_returns};

/// Returns that leave a wealth: numbers above -1.
fn must_be_wealth(returns: &[f64]) -> Result<(), QuantError> {
    must_be_returns(returns)?;
    match returns.iter().enumerate().find(|&(_, &value)| value <= -1.0) {
        Some((row, &value)) => Err(QuantError::TotalLoss { row, column: 0, value }),
        None => Ok(()),
    }
}

/// Ascending dates, one more than returns.
fn must_have_dates(returns: &[f64], dates: &[Date]) -> Result<(), QuantError> {
    if dates.len() != returns.len() + 1 {
        return Err(QuantError::DatesMismatch { found: dates.len(), expected: returns.len() + 1 });
    }
    match dates.windows(2).position(|pair| pair[1] <= pair[0]) {
        Some(before) => Err(QuantError::DatesNotAscending { row: before + 1 }),
        None => Ok(()),
    }
}
