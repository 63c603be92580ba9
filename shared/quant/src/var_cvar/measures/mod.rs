//! Risk measures of a history of portfolio returns beside value at risk, one statistic a file.
//!
//! Fractions of the portfolio's value a period; positive = risk. The conventions are Riskfolio-Lib's.

mod drawdown;
mod entropic;
mod gini;
mod partial_moment;
mod spread;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use drawdown::{DrawdownMeasures, absolute_drawdowns, drawdown_measures, relative_drawdowns};
pub use entropic::entropic_value_at_risk;
pub use gini::{gini_mean_difference, tail_gini};
pub use partial_moment::{lower_partial_moment, semi_deviation};
pub use spread::{mean_absolute_deviation, root_fourth_moment};

use super::{check_confidence_levels, must_be_returns};
use crate::QuantError;

/// Risk measures of a history of portfolio returns.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RiskMeasures {
    /// The confidence level of the measures of a tail, for example 0.95.
    pub confidence_level: f64,
    /// The mean absolute deviation from the mean.
    pub mean_absolute_deviation: f64,
    /// The root of the squared deviations below the mean (ddof = 1).
    pub semi_deviation: f64,
    /// The root of the fourth central moment.
    pub root_fourth_moment: f64,
    /// The mean shortfall below 0, the first lower partial moment.
    pub first_lower_partial_moment: f64,
    /// The root of the squared shortfalls below 0 (ddof = 1), the second lower partial moment.
    pub second_lower_partial_moment: f64,
    /// The worst return, as a loss.
    pub worst: f64,
    /// The best return less the worst one.
    pub range: f64,
    /// The mean absolute difference of two returns (Gini).
    pub gini_mean_difference: f64,
    /// The tail's Gini: `CVaR` averaged over the tail's levels.
    pub tail_gini: f64,
    /// Entropic value at risk: the smallest Chernoff bound of the value at risk.
    pub entropic_value_at_risk: f64,
    /// Measures of the drawdowns of the uncompounded sum of returns.
    pub absolute_drawdown: DrawdownMeasures,
    /// Measures of the drawdowns of the compounded wealth; null where a return is -1 or less.
    pub relative_drawdown: Option<DrawdownMeasures>,
}

/// All risk measures of a history.
///
/// * `returns`: the portfolio's simple returns, one a period, oldest first, at least two.
/// * `confidence_level`: in (0, 1), for example 0.95.
///
/// # Errors
/// `TooFewRows`, `NotFinite`, `OutOfRange` for the level, `Overflow`.
pub fn risk_measures(returns: &[f64], confidence_level: f64) -> Result<RiskMeasures, QuantError> {
    check_confidence_levels(&[confidence_level])?;
    if returns.len() < 2 {
        return Err(QuantError::TooFewRows { rows: returns.len(), minimum: 2 });
    }
    must_be_returns(returns)?;
    let lowest = returns.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = returns.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let relative = match relative_drawdowns(returns) {
        Ok(drawdowns) => Some(drawdown_measures(&drawdowns, confidence_level)?),
        Err(QuantError::TotalLoss { .. }) => None,
        Err(error) => return Err(error),
    };
    Ok(RiskMeasures {
        confidence_level,
        mean_absolute_deviation: mean_absolute_deviation(returns)?,
        semi_deviation: semi_deviation(returns)?,
        root_fourth_moment: root_fourth_moment(returns)?,
        first_lower_partial_moment: lower_partial_moment(returns, 0.0, 1)?,
        second_lower_partial_moment: lower_partial_moment(returns, 0.0, 2)?,
        worst: -lowest,
        range: finite(highest - lowest)?,
        gini_mean_difference: gini_mean_difference(returns)?,
        tail_gini: tail_gini(returns, confidence_level)?,
        entropic_value_at_risk: entropic_value_at_risk(returns, confidence_level)?,
        absolute_drawdown: drawdown_measures(&absolute_drawdowns(returns)?, confidence_level)?,
        relative_drawdown: relative,
    })
}

fn finite(value: f64) -> Result<f64, QuantError> {
    if value.is_finite() { Ok(value) } else { Err(QuantError::Overflow { what: "a risk measure" }) }
}
