use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{check_confidence_levels, check_horizon, finite_pair, quantile};
use crate::{QuantError, moments, normal};

/// Value at risk from a smoothed history.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct KernelRisk {
    /// The confidence level, for example 0.95.
    pub confidence_level: f64,
    /// The horizon in periods (days).
    pub horizon: u32,
    /// The loss, as a fraction of value, that is not exceeded with the confidence level's probability.
    pub value_at_risk: f64,
    /// The mean loss beyond it, as a fraction of value.
    pub conditional_value_at_risk: f64,
    /// The kernel's bandwidth, as a fraction; 0 for constant returns.
    pub bandwidth: f64,
}

/// Kernel value at risk: the α quantile of the returns' Gaussian kernel estimate `F(x) = Σ Φ((x - r_t)/b) / n` and the mean
/// beyond it in closed form, `CVaR = -Σ (r_t Φ(u_t) - b φ(u_t)) / (α n)` with `u_t = (-VaR - r_t)/b`; times `√h`.
///
/// The bandwidth is Silverman's (1986, equation 3.31), `b = 0.9 min(σ, IQR/1.34) n^(-1/5)`, and of σ alone where the
/// quartiles are equal. Constant returns have `b = 0` and both figures minus that return.
///
/// * `returns`: simple returns, one a period, in any order, at least two.
///
/// # Errors
/// `TooFewRows`, `NotFinite`, `OutOfRange` for a level or horizon outside its range, `Overflow`.
pub fn kernel(returns: &[f64], confidence_level: f64, horizon: u32) -> Result<KernelRisk, QuantError> {
    check_confidence_levels(&[confidence_level])?;
    check_horizon(horizon)?;
    let deviation = moments::standard_deviation(returns, 1)?;
    let sorted = quantile::sorted(returns);
    let range = quantile::quantile(&sorted, 0.75) - quantile::quantile(&sorted, 0.25);
    let n = returns.len() as f64;
    let spread = if range > 0.0 { deviation.min(range / 1.34) } else { deviation };
    let bandwidth = 0.9 * spread * libm::pow(n, -0.2);
    let alpha = 1.0 - confidence_level;
    let (var, cvar) =
        if bandwidth > 0.0 { smoothed(&sorted, alpha, bandwidth) } else { (-sorted[0], -sorted[0]) };
    let root = f64::from(horizon).sqrt();
    let (value_at_risk, conditional_value_at_risk) = finite_pair(var * root, cvar * root)?;
    Ok(KernelRisk { confidence_level, horizon, value_at_risk, conditional_value_at_risk, bandwidth })
}

fn smoothed(sorted: &[f64], alpha: f64, bandwidth: f64) -> (f64, f64) {
    const HALVINGS: usize = 200;
    let n = sorted.len() as f64;
    let below =
        |x: f64| sorted.iter().map(|value| normal::distribution((x - value) / bandwidth)).sum::<f64>() / n;
    let (mut low, mut high) = (sorted[0] - 40.0 * bandwidth, sorted[sorted.len() - 1] + 40.0 * bandwidth);
    let mut x = quantile::quantile(sorted, alpha);
    for _ in 0..HALVINGS {
        let excess = below(x) - alpha;
        if excess > 0.0 {
            high = x;
        } else {
            low = x;
        }
        let slope = sorted.iter().map(|value| normal::density((x - value) / bandwidth)).sum::<f64>()
            / (n * bandwidth);
        let newton = x - excess / slope;
        let next = if newton > low && newton < high { newton } else { f64::midpoint(low, high) };
        let done = (next - x).abs() <= 1e-14 * bandwidth;
        x = next;
        if done {
            break;
        }
    }
    let beyond = sorted.iter().map(|value| {
        let u = (x - value) / bandwidth;
        value * normal::distribution(u) - bandwidth * normal::density(u)
    });
    (-x, -beyond.sum::<f64>() / (alpha * n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_a_symmetric_history_is_its_centre() {
        let returns: Vec<f64> = (-50..=50).map(|i| f64::from(i) / 1000.0).collect();
        let risk = kernel(&returns, 0.5, 1).unwrap();
        assert!(risk.value_at_risk.abs() < 1e-15 && risk.conditional_value_at_risk > 0.02);
        let tail = kernel(&returns, 0.999_999, 1).unwrap();
        assert!(tail.value_at_risk > 0.05 && tail.conditional_value_at_risk > tail.value_at_risk);
    }

    #[test]
    fn constant_returns_have_no_bandwidth() {
        let risk = kernel(&[0.01; 20], 0.95, 1).unwrap();
        assert!((risk.value_at_risk + 0.01).abs() < 1e-16 && risk.bandwidth.abs() < f64::MIN_POSITIVE);
        assert!(kernel(&[0.01], 0.95, 1).is_err());
    }
}
