use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Sample, finite_pair};
use crate::{QuantError, normal};

/// Value at risk from a normal distribution.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NormalRisk {
    /// The confidence level, for example 0.95.
    pub confidence_level: f64,
    /// The horizon in periods (days).
    pub horizon: u32,
    /// The loss, as a fraction of value, that is not exceeded with the confidence level's probability.
    pub value_at_risk: f64,
    /// The mean loss beyond it, as a fraction of value.
    pub conditional_value_at_risk: f64,
    /// The normal quantile `z_α` of the tail's probability.
    pub z: f64,
}

/// Parametric normal value at risk: `VaR = -(μ + z_α σ)`, `CVaR = -μ + σ φ(z_α) / α`.
///
/// `μ` and `σ` (ddof = 1) are the sample's, scaled to the horizon h as `μ h` and `σ √h`; `z_α = Φ⁻¹(α)`
/// (Jorion 2006, chapter 5; the conditional mean of a normal tail). A constant history has `σ = 0`: both are `-μ h`.
///
/// # Errors
/// `OutOfRange` for a level outside (0, 1), `Overflow` where a figure is no number.
pub fn parametric_normal(
    sample: &Sample,
    confidence_level: f64,
    horizon: u32,
) -> Result<NormalRisk, QuantError> {
    let alpha = 1.0 - confidence_level;
    let z = normal::quantile(alpha)?;
    let mu = sample.mean * f64::from(horizon);
    let sigma = sample.standard_deviation * f64::from(horizon).sqrt();
    let var = -(mu + z * sigma);
    let cvar = -mu + sigma * normal::density(z) / alpha;
    let (value_at_risk, conditional_value_at_risk) = finite_pair(var, cvar)?;
    Ok(NormalRisk { confidence_level, horizon, value_at_risk, conditional_value_at_risk, z })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_normal_figures() {
        let sample = Sample {
            observations: 100,
            mean: 0.0,
            standard_deviation: 1.0,
            skewness: Some(0.0),
            excess_kurtosis: Some(0.0),
        };
        let risk = parametric_normal(&sample, 0.95, 1).unwrap();
        assert!((risk.value_at_risk - 1.644_853_626_951_472_7).abs() < 1e-14);
        assert!((risk.conditional_value_at_risk - 2.062_712_807_507_426).abs() < 1e-13);
        assert!(parametric_normal(&sample, 1.0, 1).is_err());
    }
}
