use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ewma::ewma_variances, historical};
use crate::QuantError;

/// Value at risk from a history rescaled to today's volatility.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FilteredHistoricalRisk {
    /// The confidence level, for example 0.95.
    pub confidence_level: f64,
    /// The horizon in periods (days).
    pub horizon: u32,
    /// The decay factor λ of the volatilities.
    pub lambda: f64,
    /// The loss, as a fraction of value, that is not exceeded with the confidence level's probability.
    pub value_at_risk: f64,
    /// The mean loss beyond it, as a fraction of value.
    pub conditional_value_at_risk: f64,
    /// The volatility forecast for the next period, to which the returns are scaled.
    pub volatility: f64,
    /// The returns used: the first one has no forecast, and those forecast at zero volatility are left as they are.
    pub observations: usize,
}

/// Filtered historical value at risk (Hull & White 1998): each return is scaled by the ratio of today's volatility forecast
/// to the forecast made for its own period, `r*_t = r_t σ_(n+1)/σ_t`, then [`historical`] of the scaled returns, times `√h`.
/// The volatilities are exponentially weighted around zero ([`ewma_variances`]).
///
/// * `returns`: simple returns, one a period, oldest first, at least two.
///
/// # Errors
/// `TooFewRows` for fewer than two returns, `NotFinite`, `OutOfRange` for a level, horizon or λ outside its range,
/// `Overflow`.
pub fn filtered_historical(
    returns: &[f64],
    confidence_level: f64,
    horizon: u32,
    lambda: f64,
) -> Result<FilteredHistoricalRisk, QuantError> {
    if returns.len() < 2 {
        return Err(QuantError::TooFewRows { rows: returns.len(), minimum: 2 });
    }
    let variances = ewma_variances(returns, lambda)?;
    let volatility = variances[variances.len() - 1].sqrt();
    let rescaled = returns[1..].iter().zip(&variances).map(|(value, variance)| {
        let ratio = volatility / variance.sqrt();
        if ratio.is_finite() { value * ratio } else { *value }
    });
    let rescaled: Vec<f64> = rescaled.collect();
    let risk = historical(&rescaled, &[confidence_level], horizon)?[0];
    Ok(FilteredHistoricalRisk {
        confidence_level,
        horizon,
        lambda,
        value_at_risk: risk.value_at_risk,
        conditional_value_at_risk: risk.conditional_value_at_risk,
        volatility,
        observations: rescaled.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_days_are_scaled_up_in_a_storm() {
        let mut returns: Vec<f64> = (0..200).map(|i| if i % 2 == 0 { 0.001 } else { -0.001 }).collect();
        let calm = filtered_historical(&returns, 0.95, 1, 0.94).unwrap();
        assert!((calm.value_at_risk - 0.001).abs() < 1e-9);
        returns.extend((0..100).map(|i| if i % 2 == 0 { 0.02 } else { -0.02 }));
        let storm = filtered_historical(&returns, 0.95, 1, 0.94).unwrap();
        assert!(storm.value_at_risk > 0.0199 && storm.volatility > 0.019);
        assert_eq!(storm.observations, 299);
    }

    #[test]
    fn zero_volatility_is_no_division_by_zero() {
        let risk = filtered_historical(&[0.0, 0.0, 0.0, -0.01], 0.9, 1, 0.94).unwrap();
        assert!((risk.value_at_risk - 0.01).abs() < 1e-15);
    }
}
