use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{check_confidence_levels, check_horizon, finite_pair, must_be_returns};
use crate::{QuantError, normal};

/// Value at risk from an exponentially weighted volatility.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EwmaRisk {
    /// The confidence level, for example 0.95.
    pub confidence_level: f64,
    /// The horizon in periods (days).
    pub horizon: u32,
    /// The decay factor λ.
    pub lambda: f64,
    /// The loss, as a fraction of value, that is not exceeded with the confidence level's probability.
    pub value_at_risk: f64,
    /// The mean loss beyond it, as a fraction of value.
    pub conditional_value_at_risk: f64,
    /// The volatility forecast for the next period, as a fraction.
    pub volatility: f64,
}

/// `RiskMetrics` value at risk: `VaR = -z_α σ √h` and `CVaR = σ φ(z_α)/α √h`, with a zero mean and the volatility forecast
/// `σ² = s²_n` of [`ewma_variances`] (J.P. Morgan 1996).
///
/// # Errors
/// `Empty`, `NotFinite`, `OutOfRange` for a level, horizon or λ outside its range, `Overflow`.
pub fn ewma(
    returns: &[f64],
    confidence_level: f64,
    horizon: u32,
    lambda: f64,
) -> Result<EwmaRisk, QuantError> {
    check_confidence_levels(&[confidence_level])?;
    check_horizon(horizon)?;
    let volatility = ewma_variances(returns, lambda)?.last().map_or(0.0, |variance| variance.sqrt());
    let alpha = 1.0 - confidence_level;
    let z = normal::quantile(alpha)?;
    let sigma = volatility * f64::from(horizon).sqrt();
    let (value_at_risk, conditional_value_at_risk) =
        finite_pair(-z * sigma, sigma * normal::density(z) / alpha)?;
    Ok(EwmaRisk { confidence_level, horizon, lambda, value_at_risk, conditional_value_at_risk, volatility })
}

/// Exponentially weighted variances around zero: `s²_0 = r_0²`, `s²_t = λ s²_(t-1) + (1-λ) r_t²`. Entry t is the
/// forecast for period t + 1, the last one for the next period.
///
/// * `lambda`: the decay factor in (0, 1), for example 0.94.
///
/// # Errors
/// `Empty`, `NotFinite`, `OutOfRange` for λ, `Overflow` for a square that is no number.
pub fn ewma_variances(returns: &[f64], lambda: f64) -> Result<Vec<f64>, QuantError> {
    must_be_returns(returns)?;
    check_lambda(lambda)?;
    let mut variance = returns[0] * returns[0];
    let variances: Vec<f64> = std::iter::once(variance)
        .chain(returns[1..].iter().map(|value| {
            variance = lambda * variance + (1.0 - lambda) * value * value;
            variance
        }))
        .collect();
    if variances.iter().all(|variance| variance.is_finite()) {
        return Ok(variances);
    }
    Err(QuantError::Overflow { what: "a variance" })
}

pub(super) fn check_lambda(lambda: f64) -> Result<(), QuantError> {
    if lambda > 0.0 && lambda < 1.0 {
        return Ok(());
    }
    Err(QuantError::OutOfRange { name: "lambda", range: "between 0 and 1", value: lambda })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_with_the_first_square() {
        let variances = ewma_variances(&[0.01, -0.02], 0.94).unwrap();
        assert!((variances[1] - (0.94 * 1e-4 + 0.06 * 4e-4)).abs() < 1e-18);
        let risk = ewma(&[0.01, -0.02], 0.95, 4, 0.94).unwrap();
        assert!((risk.value_at_risk - 2.0 * 1.644_853_626_951_472_7 * variances[1].sqrt()).abs() < 1e-15);
        assert!(ewma(&[0.0; 5], 0.95, 1, 0.94).unwrap().value_at_risk.abs() < f64::MIN_POSITIVE);
        assert!(matches!(ewma(&[0.1], 0.95, 1, 1.0), Err(QuantError::OutOfRange { name: "lambda", .. })));
    }
}
