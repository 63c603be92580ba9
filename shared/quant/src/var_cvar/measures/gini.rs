use super::finite;
use crate::{
    QuantError,
    rank::rank,
    var_cvar::{check_confidence_levels, must_be_returns, quantile::sorted},
};

/// Gini mean difference: the mean of `|r_s - r_t|` over all pairs, `2 Σ (2i - 1 - n) r_(i) / (n (n-1))` of the returns
/// sorted ascending (Yitzhaki 1982).
///
/// # Errors
/// `TooFewRows` for fewer than two returns, `NotFinite`, `Overflow`.
pub fn gini_mean_difference(returns: &[f64]) -> Result<f64, QuantError> {
    if returns.len() < 2 {
        return Err(QuantError::TooFewRows { rows: returns.len(), minimum: 2 });
    }
    must_be_returns(returns)?;
    let n = returns.len() as f64;
    let sum: f64 =
        sorted(returns).iter().enumerate().map(|(i, value)| (2.0 * i as f64 + 1.0 - n) * value).sum();
    finite(2.0 * sum / (n * (n - 1.0)))
}

/// Tail Gini: `2/α² ∫ a CVaR_a da` over a from 0 to α (Ogryczak & Ruszczyński 2002), by the trapezoid rule at 100 levels
/// from 0.0001 to α as Riskfolio-Lib has it, with the `CVaR` of [`crate::var_cvar::historical`].
///
/// # Errors
/// `Empty`, `NotFinite`, `OutOfRange` for the level, `Overflow`.
pub fn tail_gini(returns: &[f64], confidence_level: f64) -> Result<f64, QuantError> {
    const LEVELS: usize = 100;
    const LOWEST: f64 = 1e-4;
    check_confidence_levels(&[confidence_level])?;
    must_be_returns(returns)?;
    let alpha = 1.0 - confidence_level;
    let lowest = LOWEST.min(alpha);
    let sorted = sorted(returns);
    let n = sorted.len();
    let mut sums = Vec::with_capacity(n);
    let mut sum = 0.0;
    for value in &sorted {
        sums.push(sum);
        sum += value;
    }
    let cvar = |a: f64| {
        let k = rank(a, n as u64) as usize - 1;
        let mass = a * n as f64;
        -sums[k] / mass - (1.0 - k as f64 / mass) * sorted[k]
    };
    let level = |i: usize| lowest + (alpha - lowest) * i as f64 / (LEVELS - 1) as f64;
    let weight = |i: usize| match i {
        0 => level(1) * level(0) / (alpha * alpha),
        i if i == LEVELS - 1 => (level(i) - level(i - 1)) / alpha,
        i => (level(i + 1) - level(i - 1)) * level(i) / (alpha * alpha),
    };
    finite((0..LEVELS).map(|i| weight(i) * cvar(level(i))).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_three_values() {
        let difference = gini_mean_difference(&[1.0, 2.0, 4.0]).unwrap();
        assert!((difference - 2.0).abs() < 1e-15);
        assert!(gini_mean_difference(&[0.1; 4]).unwrap().abs() < 1e-16);
        assert!(gini_mean_difference(&[0.1]).is_err());
    }

    #[test]
    fn a_constant_tail_is_nearly_itself() {
        assert!((tail_gini(&[-0.1; 50], 0.95).unwrap() - 0.1).abs() < 1e-5);
    }
}
