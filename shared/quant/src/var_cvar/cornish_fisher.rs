use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Sample, finite_pair};
use crate::{QuantError, normal};

/// Value at risk from the Cornish-Fisher expansion.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CornishFisherRisk {
    /// The confidence level, for example 0.95.
    pub confidence_level: f64,
    /// The horizon in periods (days).
    pub horizon: u32,
    /// The loss, as a fraction of value, that is not exceeded with the confidence level's probability.
    pub value_at_risk: f64,
    /// The mean of the expansion's quantiles over the tail, as a loss and fraction of value.
    pub conditional_value_at_risk: f64,
    /// The modified expected shortfall of Boudt, Peterson & Croux (2008); null where the expansion is not monotone.
    pub conditional_value_at_risk_boudt: Option<f64>,
    /// Whether the expansion is a quantile function at all, which it is only for moderate skewness and kurtosis. Where it
    /// is not, the figures follow the formula but shouldn't be relied on.
    pub monotone: bool,
    /// The normal quantile `z_α` of the tail's probability.
    pub z: f64,
    /// The same quantile after the expansion.
    pub z_cornish_fisher: f64,
}

/// Cornish-Fisher ("modified") value at risk (Zangari 1996; Boudt, Peterson & Croux 2008):
/// `VaR = -(μ + z_cf σ)` with `z_cf = z + (z²-1) S/6 + (z³-3z) K/24 - (2z³-5z) S²/36` and `z = Φ⁻¹(α)`.
///
/// `CVaR = -μ + σ φ(z)/α · (1 + z S/6 + (z²-1) K/24 - (2z²-1) S²/36)` is the mean of these quantiles over the tail.
/// S and K are the biased skewness and excess kurtosis, σ has ddof = 1; over a horizon h they become `μ h`, `σ √h`,
/// `S/√h` and `K/h`. A constant history counts as S = K = σ = 0.
///
/// # Errors
/// `OutOfRange` for a level outside (0, 1), `Overflow` where a figure is no number.
pub fn cornish_fisher(
    sample: &Sample,
    confidence_level: f64,
    horizon: u32,
) -> Result<CornishFisherRisk, QuantError> {
    let alpha = 1.0 - confidence_level;
    let periods = f64::from(horizon);
    let mu = sample.mean * periods;
    let sigma = sample.standard_deviation * periods.sqrt();
    let s = sample.skewness.unwrap_or(0.0) / periods.sqrt();
    let k = sample.excess_kurtosis.unwrap_or(0.0) / periods;
    let z = normal::quantile(alpha)?;
    let z_cf = z + (z * z - 1.0) * s / 6.0 + (z.powi(3) - 3.0 * z) * k / 24.0
        - (2.0 * z.powi(3) - 5.0 * z) * s * s / 36.0;
    let tail = 1.0 + z * s / 6.0 + (z * z - 1.0) * k / 24.0 - (2.0 * z * z - 1.0) * s * s / 36.0;
    let cvar = -mu + sigma * normal::density(z) / alpha * tail;
    let (value_at_risk, conditional_value_at_risk) = finite_pair(-(mu + z_cf * sigma), cvar)?;
    let monotone = is_monotone(s, k);
    let boudt = -mu + sigma * boudt_tail(z_cf, s, k) / alpha;
    Ok(CornishFisherRisk {
        confidence_level,
        horizon,
        value_at_risk,
        conditional_value_at_risk,
        conditional_value_at_risk_boudt: (monotone && boudt.is_finite()).then_some(boudt),
        monotone,
        z,
        z_cornish_fisher: z_cf,
    })
}

/// Whether the derivative `dz_cf/dz`, a quadratic in z, is positive for every z.
fn is_monotone(s: f64, k: f64) -> bool {
    let square = k / 8.0 - s * s / 6.0;
    let linear = s / 3.0;
    let constant = 1.0 - k / 8.0 + 5.0 * s * s / 36.0;
    if square.abs() < f64::MIN_POSITIVE && linear.abs() < f64::MIN_POSITIVE {
        return constant > 0.0;
    }
    square >= 0.0 && constant > 0.0 && linear * linear < 4.0 * square * constant
}

/// `α` times the standardised modified expected shortfall at the quantile g: the second-order Edgeworth density
/// integrated over the tail (Boudt, Peterson & Croux 2008, equation 17), its incomplete moments written out.
fn boudt_tail(g: f64, s: f64, k: f64) -> f64 {
    let density = normal::density(g);
    let below = normal::distribution(g);
    let g2 = g * g;
    let i1 = g * density - below;
    let i2 = (g2 + 2.0) * density;
    let i3 = g * (g2 + 3.0) * density - 3.0 * below;
    let i4 = (g2 * g2 + 4.0 * g2 + 8.0) * density;
    let i6 = (g2 * g2 * g2 + 6.0 * g2 * g2 + 24.0 * g2 + 48.0) * density;
    density
        + (i4 - 6.0 * i2 + 3.0 * density) * k / 24.0
        + (i3 - 3.0 * i1) * s / 6.0
        + (i6 - 15.0 * i4 + 45.0 * i2 - 15.0 * density) * s * s / 72.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_skewness_and_kurtosis_it_is_the_normal() {
        let sample = Sample {
            observations: 100,
            mean: 0.001,
            standard_deviation: 0.02,
            skewness: None,
            excess_kurtosis: Some(0.0),
        };
        let risk = cornish_fisher(&sample, 0.99, 5).unwrap();
        let normal = super::super::parametric_normal(&sample, 0.99, 5).unwrap();
        assert!((risk.value_at_risk - normal.value_at_risk).abs() < 1e-15);
        assert!((risk.conditional_value_at_risk - normal.conditional_value_at_risk).abs() < 1e-15);
        assert!(risk.monotone);
        let boudt = risk.conditional_value_at_risk_boudt.unwrap();
        assert!((boudt - normal.conditional_value_at_risk).abs() < 1e-15);
    }

    #[test]
    fn strong_kurtosis_is_not_monotone() {
        let sample = Sample {
            observations: 100,
            mean: 0.0,
            standard_deviation: 0.02,
            skewness: Some(-0.3),
            excess_kurtosis: Some(16.0),
        };
        let risk = cornish_fisher(&sample, 0.95, 1).unwrap();
        assert!(!risk.monotone && risk.conditional_value_at_risk_boudt.is_none());
    }
}
