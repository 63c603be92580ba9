use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ewma::ewma_variances, historical};
use crate::{
    QuantError,
    estimate::garch::{Garch, garch},
};

/// Value at risk from a history rescaled to today's volatility.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FilteredHistoricalRisk {
    /// The confidence level, for example 0.95.
    pub confidence_level: f64,
    /// The horizon in periods (days).
    pub horizon: u32,
    /// The decay factor λ of exponentially weighted volatilities; null for those of a GARCH model.
    pub lambda: Option<f64>,
    /// The GARCH model; null for exponentially weighted volatilities.
    pub garch: Option<Garch>,
    /// The loss, as a fraction of value, that is not exceeded with the confidence level's probability.
    pub value_at_risk: f64,
    /// The mean loss beyond it, as a fraction of value.
    pub conditional_value_at_risk: f64,
    /// The volatility forecast for the next period, to which the returns are scaled.
    pub volatility: f64,
    /// The returns used: without a forecast for the first one it is left out, and those forecast at zero volatility are left
    /// as they are.
    pub observations: usize,
}

/// The volatilities of filtered historical simulation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum VolatilityFilter {
    /// Exponentially weighted around zero ([`ewma_variances`]).
    Ewma {
        /// The decay factor in (0, 1).
        lambda: f64,
    },
    /// Those of a GARCH(1,1) model ([`garch`]).
    Garch,
}

/// Filtered historical value at risk: each return is scaled by the ratio of today's volatility forecast to the forecast made
/// for its own period, then [`historical`] of the scaled returns, times `√h`.
///
/// With exponentially weighted volatilities `r*_t = r_t σ_(n+1)/σ_t` (Hull & White 1998), with a GARCH model
/// `r*_t = μ + (r_t - μ) σ_(n+1)/σ_t` (Barone-Adesi, Giannopoulos & Vosper 1999).
///
/// * `returns`: simple returns, one a period, oldest first, at least two, and 50 for a GARCH model.
///
/// Gives one entry a confidence level, in their order.
///
/// # Errors
/// `TooFewRows`, `NotFinite`, `OutOfRange` for a level, horizon or λ outside its range, `Overflow`.
pub fn filtered_historical(
    returns: &[f64],
    confidence_levels: &[f64],
    horizon: u32,
    filter: VolatilityFilter,
) -> Result<Vec<FilteredHistoricalRisk>, QuantError> {
    let rescaled = match filter {
        VolatilityFilter::Ewma { lambda } => Rescaled::by_ewma(returns, lambda)?,
        VolatilityFilter::Garch => Rescaled::by_garch(returns)?,
    };
    let entry = |risk: super::HistoricalRisk| FilteredHistoricalRisk {
        confidence_level: risk.confidence_level,
        horizon,
        lambda: rescaled.lambda,
        garch: rescaled.garch,
        value_at_risk: risk.value_at_risk,
        conditional_value_at_risk: risk.conditional_value_at_risk,
        volatility: rescaled.volatility,
        observations: rescaled.returns.len(),
    };
    Ok(historical(&rescaled.returns, confidence_levels, horizon)?.into_iter().map(entry).collect())
}

struct Rescaled {
    returns: Vec<f64>,
    volatility: f64,
    lambda: Option<f64>,
    garch: Option<Garch>,
}

impl Rescaled {
    fn by_ewma(returns: &[f64], lambda: f64) -> Result<Self, QuantError> {
        if returns.len() < 2 {
            return Err(QuantError::TooFewRows { rows: returns.len(), minimum: 2 });
        }
        let variances = ewma_variances(returns, lambda)?;
        let volatility = variances[variances.len() - 1].sqrt();
        let rescaled = returns[1..].iter().zip(&variances).map(|(value, variance)| {
            let ratio = volatility / variance.sqrt();
            if ratio.is_finite() { value * ratio } else { *value }
        });
        Ok(Self { returns: rescaled.collect(), volatility, lambda: Some(lambda), garch: None })
    }

    fn by_garch(returns: &[f64]) -> Result<Self, QuantError> {
        let model = garch(returns)?;
        let filtered = model.filter(returns);
        let volatility = filtered.forecast.sqrt();
        let rescaled = filtered.residuals.iter().map(|residual| model.mean + residual * volatility);
        Ok(Self { returns: rescaled.collect(), volatility, lambda: None, garch: Some(model) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EWMA: VolatilityFilter = VolatilityFilter::Ewma { lambda: 0.94 };

    fn of(returns: &[f64], level: f64, filter: VolatilityFilter) -> FilteredHistoricalRisk {
        filtered_historical(returns, &[level], 1, filter).unwrap()[0]
    }

    #[test]
    fn quiet_days_are_scaled_up_in_a_storm() {
        let mut returns: Vec<f64> = (0..200).map(|i| if i % 2 == 0 { 0.001 } else { -0.001 }).collect();
        let calm = of(&returns, 0.95, EWMA);
        assert!((calm.value_at_risk - 0.001).abs() < 1e-9);
        returns.extend((0..100).map(|i| if i % 2 == 0 { 0.02 } else { -0.02 }));
        let storm = of(&returns, 0.95, EWMA);
        assert!(storm.value_at_risk > 0.0199 && storm.volatility > 0.019);
        assert_eq!(storm.observations, 299);
        let storm = of(&returns, 0.95, VolatilityFilter::Garch);
        assert!(storm.value_at_risk > 0.015 && storm.garch.is_some() && storm.lambda.is_none());
        assert_eq!(storm.observations, 300);
    }

    #[test]
    fn a_garch_model_needs_a_history_and_has_an_answer_for_a_constant_one() {
        let short = filtered_historical(&[0.01, -0.01], &[0.95], 1, VolatilityFilter::Garch);
        assert_eq!(short, Err(QuantError::TooFewRows { rows: 2, minimum: 50 }));
        let constant = of(&[0.001; 60], 0.95, VolatilityFilter::Garch);
        assert!((constant.value_at_risk + 0.001).abs() < 1e-15 && constant.volatility.abs() < 1e-15);
    }

    #[test]
    fn zero_volatility_is_no_division_by_zero() {
        let risk = of(&[0.0, 0.0, 0.0, -0.01], 0.9, EWMA);
        assert!((risk.value_at_risk - 0.01).abs() < 1e-15);
    }
}
