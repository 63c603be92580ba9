use serde::{Deserialize, Serialize};
use statrs::distribution::{Continuous, ContinuousCDF, StudentsT};
use utoipa::ToSchema;

use super::{Sample, check_confidence_levels, check_horizon, finite_pair};
use crate::QuantError;

/// Value at risk from a Student-t distribution.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StudentTRisk {
    /// The confidence level, for example 0.95.
    pub confidence_level: f64,
    /// The horizon in periods (days).
    pub horizon: u32,
    /// The degrees of freedom.
    pub degrees_of_freedom: f64,
    /// The loss, as a fraction of value, that is not exceeded with the confidence level's probability.
    pub value_at_risk: f64,
    /// The mean loss beyond it, as a fraction of value.
    pub conditional_value_at_risk: f64,
    /// The quantile `t_α` of the tail's probability.
    pub t: f64,
}

/// Student-t value at risk, scaled so that the variance is the sample's: with `s = σ √((ν-2)/ν)`, `VaR = -(μ + s t_α)` and
/// `CVaR = -μ + s f(t_α)/α (ν + t_α²)/(ν - 1)` (`McNeil`, Frey & Embrechts 2015, example 2.15). `μ h` and `σ √h` over a
/// horizon h: the distribution of the sum is taken to have the same degrees of freedom.
///
/// * `degrees_of_freedom`: above 2, else the variance doesn't exist; at most 10⁶.
///
/// # Errors
/// `OutOfRange` for a level, horizon or degrees of freedom outside their range, `Overflow` where a figure is no number.
pub fn student_t(
    sample: &Sample,
    confidence_level: f64,
    horizon: u32,
    degrees_of_freedom: f64,
) -> Result<StudentTRisk, QuantError> {
    check_confidence_levels(&[confidence_level])?;
    check_horizon(horizon)?;
    let refused = QuantError::OutOfRange {
        name: "degrees_of_freedom",
        range: "above 2 and at most 1000000",
        value: degrees_of_freedom,
    };
    if !(degrees_of_freedom > 2.0 && degrees_of_freedom <= 1e6) {
        return Err(refused);
    }
    let alpha = 1.0 - confidence_level;
    let distribution = StudentsT::new(0.0, 1.0, degrees_of_freedom).map_err(|_| refused)?;
    let t = quantile(&distribution, alpha);
    let mu = sample.mean * f64::from(horizon);
    let sigma = sample.standard_deviation * f64::from(horizon).sqrt();
    let scale = sigma * ((degrees_of_freedom - 2.0) / degrees_of_freedom).sqrt();
    let tail = distribution.pdf(t) / alpha * (degrees_of_freedom + t * t) / (degrees_of_freedom - 1.0);
    let (value_at_risk, conditional_value_at_risk) = finite_pair(-(mu + scale * t), scale * tail - mu)?;
    Ok(StudentTRisk {
        confidence_level,
        horizon,
        degrees_of_freedom,
        value_at_risk,
        conditional_value_at_risk,
        t,
    })
}

/// The degrees of freedom whose excess kurtosis is the sample's, `ν = 4 + 6/K` (method of moments), at most 10⁶: that of a
/// sample with no more kurtosis than a normal one.
pub fn degrees_of_freedom(sample: &Sample) -> f64 {
    const NORMAL: f64 = 1e6;
    match sample.excess_kurtosis {
        Some(excess) if excess > 0.0 => (4.0 + 6.0 / excess).min(NORMAL),
        _ => NORMAL,
    }
}

/// The library's quantile, made exact by Newton's steps on the lower tail.
fn quantile(distribution: &StudentsT, probability: f64) -> f64 {
    let lower = probability.min(1.0 - probability);
    let mut t = -distribution.inverse_cdf(lower).abs();
    for _ in 0..4 {
        let step = (distribution.cdf(t) - lower) / distribution.pdf(t);
        if !step.is_finite() || step.abs() <= f64::EPSILON * t.abs() {
            break;
        }
        t -= step;
    }
    if probability <= 0.5 { t } else { -t }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: Sample = Sample {
        observations: 100,
        mean: 0.0,
        standard_deviation: 1.0,
        skewness: Some(0.0),
        excess_kurtosis: Some(0.0),
    };

    #[test]
    fn quantile_of_five_degrees_of_freedom() {
        let risk = student_t(&SAMPLE, 0.95, 1, 5.0).unwrap();
        assert!((risk.t + 2.015_048_373_333_024).abs() < 1e-12);
        let below_the_median = student_t(&SAMPLE, 0.05, 1, 5.0).unwrap();
        assert!((risk.t + below_the_median.t).abs() < 1e-12);
    }

    #[test]
    fn many_degrees_of_freedom_are_the_normal() {
        let t = student_t(&SAMPLE, 0.99, 1, 1e6).unwrap();
        let normal = super::super::parametric_normal(&SAMPLE, 0.99, 1).unwrap();
        assert!((t.value_at_risk - normal.value_at_risk).abs() < 1e-4);
        assert!((t.conditional_value_at_risk - normal.conditional_value_at_risk).abs() < 1e-4);
        assert!(matches!(student_t(&SAMPLE, 0.99, 1, 2.0), Err(QuantError::OutOfRange { .. })));
    }
}
