use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    check_confidence_levels, check_horizon, finite_pair,
    quantile::{quantile, sorted},
};
use crate::{QuantError, sum::sum_by};

/// Value at risk from the interpolated quantile of a history.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HistoricalLinearRisk {
    /// The confidence level, for example 0.95.
    pub confidence_level: f64,
    /// The horizon in periods (days).
    pub horizon: u32,
    /// The loss, as a fraction of value, that is not exceeded with the confidence level's probability.
    pub value_at_risk: f64,
    /// Minus the mean of the lowest `⌊(n-1) α⌋ + 1` returns, as a fraction of value.
    pub conditional_value_at_risk: f64,
}

/// Historical value at risk by linear interpolation, as empyrical and `NumPy` have it: `VaR = -q_α` with the type-7
/// quantile, `CVaR` minus the mean of the lowest `⌊(n-1) α⌋ + 1` returns, both times `√h` for a horizon h.
///
/// Smoother in α than [`super::historical`], but its `CVaR` weighs no boundary loss, so it isn't coherent.
///
/// * `returns`: simple returns, one a period, in any order; one is enough.
///
/// # Errors
/// `Empty`, `OutOfRange` for a level or horizon outside its range, `NotFinite`, `Overflow`.
pub fn historical_linear(
    returns: &[f64],
    confidence_levels: &[f64],
    horizon: u32,
) -> Result<Vec<HistoricalLinearRisk>, QuantError> {
    check_confidence_levels(confidence_levels)?;
    check_horizon(horizon)?;
    super::must_be_returns(returns)?;
    let sorted = sorted(returns);
    let root = f64::from(horizon).sqrt();
    let entry = |&confidence_level: &f64| {
        let alpha = 1.0 - confidence_level;
        let tail = &sorted[..=((sorted.len() - 1) as f64 * alpha) as usize];
        let cvar = -sum_by(tail, |value| value) / tail.len() as f64;
        let (value_at_risk, conditional_value_at_risk) =
            finite_pair(-quantile(&sorted, alpha) * root, cvar * root)?;
        Ok(HistoricalLinearRisk { confidence_level, horizon, value_at_risk, conditional_value_at_risk })
    };
    confidence_levels.iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_five_returns() {
        let risk = &historical_linear(&[-0.04, 0.0, 0.02, -0.02, 0.04], &[0.9], 1).unwrap()[0];
        assert!((risk.value_at_risk - 0.032).abs() < 1e-15);
        assert!((risk.conditional_value_at_risk - 0.04).abs() < 1e-15);
        assert!(matches!(historical_linear(&[], &[0.9], 1), Err(QuantError::Empty { .. })));
        assert!(matches!(historical_linear(&[f64::NAN], &[0.9], 1), Err(QuantError::NotFinite { .. })));
    }
}
