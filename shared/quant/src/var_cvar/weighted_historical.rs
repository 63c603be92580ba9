use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{check_confidence_levels, check_horizon, ewma::check_lambda, finite_pair, must_be_returns};
use crate::QuantError;

/// Value at risk from a history whose older returns count less.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WeightedHistoricalRisk {
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
    /// `1 / Σ p_t²`: how many equally weighted returns tell as much.
    pub effective_observations: f64,
}

/// Exponentially weighted historical value at risk (Boudoukh, Richardson & Whitelaw 1998): return t of n has the probability
/// `p_t = λ^(n-t) (1-λ)/(1-λⁿ)`; `VaR = -x_(k)` with the first k whose probabilities of the sorted returns reach α, and
/// `CVaR = VaR + Σ p max(-x - VaR, 0) / α` (Rockafellar & Uryasev 2002). Times `√h` for a horizon h.
///
/// As λ nears 1 it becomes [`super::historical`]. A small λ leaves few effective observations: the answer tells how many.
///
/// * `returns`: simple returns, one a period, oldest first.
/// * `lambda`: the decay factor in (0, 1), for example 0.98.
///
/// # Errors
/// `Empty`, `NotFinite`, `OutOfRange` for a level, horizon or λ outside its range, `Overflow`.
pub fn weighted_historical(
    returns: &[f64],
    confidence_level: f64,
    horizon: u32,
    lambda: f64,
) -> Result<WeightedHistoricalRisk, QuantError> {
    check_confidence_levels(&[confidence_level])?;
    check_horizon(horizon)?;
    check_lambda(lambda)?;
    must_be_returns(returns)?;
    let mut weight = 1.0;
    let mut entries: Vec<(f64, f64)> = Vec::with_capacity(returns.len());
    for &value in returns.iter().rev() {
        entries.push((value, weight));
        weight *= lambda;
    }
    let total: f64 = entries.iter().rev().map(|(_, weight)| weight).sum();
    let effective_observations =
        1.0 / entries.iter().map(|(_, weight)| (weight / total) * (weight / total)).sum::<f64>();
    entries.sort_by(|left, right| left.0.total_cmp(&right.0));
    let alpha = 1.0 - confidence_level;
    let (mut mass, mut var) = (0.0, 0.0);
    for (value, weight) in &entries {
        mass += weight / total;
        var = -value;
        if mass >= alpha * (1.0 - 1e-12) {
            break;
        }
    }
    let shortfall: f64 = entries.iter().map(|(value, weight)| weight / total * (-value - var).max(0.0)).sum();
    let root = f64::from(horizon).sqrt();
    let (value_at_risk, conditional_value_at_risk) =
        finite_pair(var * root, (var + shortfall / alpha) * root)?;
    Ok(WeightedHistoricalRisk {
        confidence_level,
        horizon,
        lambda,
        value_at_risk,
        conditional_value_at_risk,
        effective_observations,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recent_losses_count_more() {
        let mut returns = vec![0.01; 100];
        returns[0] = -0.1;
        let old = weighted_historical(&returns, 0.95, 1, 0.95).unwrap();
        returns.reverse();
        let recent = weighted_historical(&returns, 0.95, 1, 0.95).unwrap();
        assert!((old.value_at_risk + 0.01).abs() < 1e-15 && (recent.value_at_risk - 0.1).abs() < 1e-15);
        assert!((old.effective_observations - 39.0).abs() < 1.0);
    }

    #[test]
    fn without_decay_it_is_the_plain_history() {
        let returns: Vec<f64> = (0..200).map(|i| f64::from(i * 37 % 200 - 100) / 1000.0).collect();
        let weighted = weighted_historical(&returns, 0.9475, 10, 1.0 - 1e-12).unwrap();
        let plain = super::super::historical(&returns, &[0.9475], 10).unwrap()[0];
        assert!((weighted.value_at_risk - plain.value_at_risk).abs() < 1e-9);
        assert!((weighted.conditional_value_at_risk - plain.conditional_value_at_risk).abs() < 1e-9);
    }
}
