use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{check_confidence_levels, finite_pair};
use crate::{QuantError, rank::rank};

/// Value at risk from the order statistics of a history.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HistoricalRisk {
    /// The confidence level, for example 0.95.
    pub confidence_level: f64,
    /// The horizon in periods (days).
    pub horizon: u32,
    /// The loss, as a fraction of value, that is not exceeded with the confidence level's probability: the figure of one
    /// period times the square root of the horizon.
    pub value_at_risk: f64,
    /// The mean loss beyond it, scaled in the same way.
    pub conditional_value_at_risk: f64,
    /// The same figures from overlapping windows of compounded returns; null for a horizon of 1, or where fewer windows
    /// than `1/α` fit into the history.
    pub overlapping: Option<OverlappingRisk>,
}

/// Value at risk from overlapping windows, each as long as the horizon, of compounded returns `Π(1 + r) - 1`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OverlappingRisk {
    /// The number of windows.
    pub windows: usize,
    /// The loss, as a fraction of value, that is not exceeded with the confidence level's probability.
    pub value_at_risk: f64,
    /// The mean loss beyond it, as a fraction of value.
    pub conditional_value_at_risk: f64,
}

/// Historical value at risk: `VaR = -x_(k)` with `k = ⌈α n⌉` and the returns sorted ascending, and
/// `CVaR = VaR + Σ max(-x - VaR, 0) / (α n)` (Rockafellar & Uryasev 2002), both times `√h` for a horizon h.
///
/// * `returns`: simple returns, one a period, oldest first.
/// * `confidence_levels`: each in (0, 1).
/// * `horizon`: in periods, at least 1.
///
/// Gives one entry a confidence level, in their order.
///
/// # Errors
/// `Empty` without returns or levels, `OutOfRange` for a level or horizon outside its range, `NotFinite`, `Overflow`.
pub fn historical(
    returns: &[f64],
    confidence_levels: &[f64],
    horizon: u32,
) -> Result<Vec<HistoricalRisk>, QuantError> {
    check_confidence_levels(confidence_levels)?;
    if horizon == 0 {
        return Err(QuantError::OutOfRange { name: "horizon", range: "at least 1", value: 0.0 });
    }
    let single = order_statistics(returns, confidence_levels)?;
    let windows = if horizon == 1 { Vec::new() } else { compounded(returns, horizon as usize) };
    let overlapping = if windows.is_empty() {
        vec![None; confidence_levels.len()]
    } else {
        let tails = order_statistics(&windows, confidence_levels)?;
        let enough = |level: f64| windows.len() as f64 * (1.0 - level) >= 1.0 - 1e-9;
        let entry = |(&level, (value_at_risk, conditional_value_at_risk)): (&f64, _)| {
            let windows = windows.len();
            enough(level).then_some(OverlappingRisk { windows, value_at_risk, conditional_value_at_risk })
        };
        confidence_levels.iter().zip(tails).map(entry).collect()
    };
    let root = f64::from(horizon).sqrt();
    let entries = confidence_levels.iter().zip(single).zip(overlapping);
    entries
        .map(|((&confidence_level, (var, cvar)), overlapping)| {
            let (value_at_risk, conditional_value_at_risk) = finite_pair(var * root, cvar * root)?;
            Ok(HistoricalRisk {
                confidence_level,
                horizon,
                value_at_risk,
                conditional_value_at_risk,
                overlapping,
            })
        })
        .collect()
}

/// The pair (`VaR`, `CVaR`) of each level, over one period.
fn order_statistics(returns: &[f64], levels: &[f64]) -> Result<Vec<(f64, f64)>, QuantError> {
    if returns.is_empty() {
        return Err(QuantError::Empty { what: "returns" });
    }
    if !returns.iter().fold(true, |all, value| all & value.is_finite()) {
        let column = returns.iter().position(|value| !value.is_finite()).unwrap_or(0);
        return Err(QuantError::NotFinite { what: "returns", row: 0, column });
    }
    let n = returns.len();
    let mut order: Vec<(usize, u64)> =
        levels.iter().enumerate().map(|(at, level)| (at, rank(1.0 - level, n as u64))).collect();
    order.sort_by_key(|&(_, k)| std::cmp::Reverse(k));
    let mut tail = candidates(returns, order[0].1 as usize);
    let mut rest = tail.as_mut_slice();
    let mut figures = vec![(0.0, 0.0); levels.len()];
    for (at, k) in order {
        let (worse, &mut quantile, _) = rest.select_nth_unstable_by(k as usize - 1, f64::total_cmp);
        let shortfall: f64 = worse.iter().map(|value| quantile - value).sum();
        figures[at] = finite_pair(-quantile, shortfall / ((1.0 - levels[at]) * n as f64) - quantile)?;
        rest = &mut rest[..k as usize];
    }
    Ok(figures)
}

/// Values among which the k smallest are: a sample tells where the tail begins, one pass collects it (after Floyd & Rivest
/// 1975), which is much less work than a selection over all values.
fn candidates(returns: &[f64], k: usize) -> Vec<f64> {
    const SAMPLE: usize = 4096;
    let n = returns.len();
    let share = k as f64 / n as f64;
    if n < 8 * SAMPLE || share > 0.25 {
        return returns.to_vec();
    }
    let mut sample: Vec<f64> = returns.iter().step_by(n / SAMPLE).copied().collect();
    let expected = share * sample.len() as f64;
    let margin = 4.0 * expected.sqrt() + 4.0;
    let at = ((expected + margin) as usize).min(sample.len() - 1);
    let (_, &mut threshold, _) = sample.select_nth_unstable_by(at, f64::total_cmp);
    let mut tail = Vec::with_capacity((2.0 * share * n as f64) as usize);
    tail.extend(returns.iter().copied().filter(|&value| value <= threshold));
    if tail.len() >= k { tail } else { returns.to_vec() }
}

/// The compounded returns of all windows of `horizon` periods; none where the history is shorter.
fn compounded(returns: &[f64], horizon: usize) -> Vec<f64> {
    returns.windows(horizon).map(|window| window.iter().map(|r| 1.0 + r).product::<f64>() - 1.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_hundred_known_returns() {
        let returns: Vec<f64> = (1..=100).rev().map(|i| f64::from(i - 50) / 100.0).collect();
        let risk = historical(&returns, &[0.95, 0.99], 1).unwrap();
        assert!((risk[0].value_at_risk - 0.45).abs() < 1e-15);
        assert!((risk[0].conditional_value_at_risk - 0.47).abs() < 1e-15);
        assert!((risk[1].value_at_risk - 0.49).abs() < 1e-15);
        assert!((risk[1].conditional_value_at_risk - 0.49).abs() < 1e-15);
        assert_eq!(risk[0].overlapping, None);
    }

    #[test]
    fn the_tail_of_many_values_is_the_tail_of_all() {
        let returns: Vec<f64> = (0..100_000u64).map(|i| (i * 7919 % 100_003) as f64 / 1e5 - 0.5).collect();
        let fast = order_statistics(&returns, &[0.9, 0.99]).unwrap();
        let mut sorted = returns.clone();
        sorted.sort_by(f64::total_cmp);
        assert_eq!(fast[0].0.to_bits(), (-sorted[9_999]).to_bits());
        assert_eq!(fast[1].0.to_bits(), (-sorted[999]).to_bits());
        let mean = -sorted[..10_000].iter().sum::<f64>() / 10_000.0;
        assert!((fast[0].1 - mean).abs() < 1e-12);
    }

    #[test]
    fn windows_compound_and_need_enough_data() {
        let risk = historical(&[0.1, -0.1, 0.2, 0.1], &[0.5, 0.95], 2).unwrap();
        let overlapping = risk[0].overlapping.unwrap();
        assert_eq!(overlapping.windows, 3);
        assert!((overlapping.value_at_risk - -0.08).abs() < 1e-15);
        assert_eq!(risk[1].overlapping, None);
    }

    #[test]
    fn refuses_bad_input() {
        assert!(matches!(
            historical(&[0.1, f64::NAN], &[0.9], 1),
            Err(QuantError::NotFinite { column: 1, .. })
        ));
        assert!(matches!(historical(&[], &[0.9], 1), Err(QuantError::Empty { .. })));
        assert!(matches!(historical(&[0.1], &[0.9], 0), Err(QuantError::OutOfRange { .. })));
        assert!(matches!(historical(&[0.1], &[1.0], 1), Err(QuantError::OutOfRange { .. })));
    }
}
