use statrs::distribution::{Continuous, ContinuousCDF, StudentsT};

use crate::{QuantError, monte_carlo::elementary::ln, normal};

/// Steps of the table a unit of the transformed variable.
const DENSITY: f64 = 128.0;
/// The table ends here: beyond `w = 16` no draw falls.
const ENTRIES: usize = 16 * 128 + 2;

/// The map `Φ⁻¹(T_ν(t))` from a Student-t variable to the normal of the same probability.
///
/// `w = √(ν ln(1 + t²/ν))` is nearly normal already (Wallace 1959), so the ratio of the normal to it is smooth, and a table of
/// the ratio with linear interpolation is within 1e-6 everywhere.
#[derive(Debug, Clone)]
pub(in crate::monte_carlo) struct NormalScores {
    degrees: f64,
    ratios: Vec<f64>,
}

impl NormalScores {
    pub(in crate::monte_carlo) fn new(degrees: f64) -> Result<Self, QuantError> {
        let distribution = student_t(degrees)?;
        let at_zero = distribution.pdf(0.0) / normal::density(0.0);
        let mut ratios = vec![at_zero];
        for entry in 1..ENTRIES {
            let w = entry as f64 / DENSITY;
            let t = (degrees * libm::expm1(w * w / degrees)).sqrt();
            let tail = distribution.cdf(-t);
            let last = ratios[entry - 1];
            // Where the tail has no digits left the ratio hardly changes any more.
            let ratio = if tail > 1e-280 { -normal::quantile(tail)? / w } else { last };
            ratios.push(ratio);
        }
        Ok(Self { degrees, ratios })
    }

    /// `Φ⁻¹(T_ν(t))`.
    #[inline(always)]
    pub(in crate::monte_carlo) fn of(&self, t: f64) -> f64 {
        let w = (-self.degrees * ln(1.0 / (1.0 + t * t / self.degrees))).max(0.0).sqrt();
        let at = (w * DENSITY).min((ENTRIES - 2) as f64);
        let entry = at as usize;
        let (low, high) = (self.ratios[entry], self.ratios[entry + 1]);
        let ratio = (high - low).mul_add(at - entry as f64, low);
        (ratio * w).copysign(t)
    }
}

pub(super) fn student_t(degrees: f64) -> Result<StudentsT, QuantError> {
    StudentsT::new(0.0, 1.0, degrees).map_err(|_| QuantError::OutOfRange {
        name: "degrees_of_freedom",
        range: "positive",
        value: degrees,
    })
}

/// The quantile of a probability of at most 1/2: Wallace's approximation, then Newton's steps.
pub(super) fn lower_quantile(
    distribution: &StudentsT,
    degrees: f64,
    probability: f64,
) -> Result<f64, QuantError> {
    let z = normal::quantile(probability)? * (8.0 * degrees + 3.0) / (8.0 * degrees + 1.0);
    let mut t = -(degrees * libm::expm1(z * z / degrees)).sqrt();
    for _ in 0..6 {
        let step = (distribution.cdf(t) - probability) / distribution.pdf(t);
        if !step.is_finite() || step.abs() <= 1e-13 * t.abs() {
            break;
        }
        // A step from far out must not leave the lower half.
        t = (t - step).clamp(2.0 * t, 0.5 * t);
    }
    Ok(t)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_have_the_probability_of_the_variable() {
        for degrees in [2.0, 3.5, 8.0, 200.0] {
            let (scores, distribution) = (NormalScores::new(degrees).unwrap(), student_t(degrees).unwrap());
            for i in 1..2000 {
                let t = -0.01 * f64::from(i) - 1e-3;
                let tail = distribution.cdf(t);
                let z = normal::quantile(tail).unwrap();
                assert!((scores.of(t) - z).abs() < 2e-6, "{degrees} {t}: {} {z}", scores.of(t));
                assert_eq!(scores.of(-t).to_bits(), (-scores.of(t)).to_bits());
            }
            assert!(scores.of(0.0).abs() < 1e-7);
        }
    }

    #[test]
    fn quantiles_invert_the_distribution() {
        for degrees in [2.0, 4.0, 30.0] {
            let distribution = student_t(degrees).unwrap();
            for p in [1e-5, 0.001, 0.05, 0.3, 0.4999] {
                let t = lower_quantile(&distribution, degrees, p).unwrap();
                assert!((distribution.cdf(t) / p - 1.0).abs() < 1e-9, "{degrees} {p}");
            }
        }
    }
}
