use super::finite;
use crate::{
    QuantError,
    sum::sum_by,
    var_cvar::{check_confidence_levels, must_be_returns},
};

/// Entropic value at risk `min_(t>0) t (ln(Σ exp(-r_i/t) / n) - ln α)` (Ahmadi-Javid 2012), at least `CVaR` and at most the
/// worst loss.
///
/// The minimum of the convex function is found by golden section over `ln t`. Where the tail holds no more than the worst
/// return, and for constant returns, the infimum is the worst loss itself, as t goes to 0.
///
/// # Errors
/// `Empty`, `NotFinite`, `OutOfRange` for the level, `Overflow`.
pub fn entropic_value_at_risk(returns: &[f64], confidence_level: f64) -> Result<f64, QuantError> {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    check_confidence_levels(&[confidence_level])?;
    must_be_returns(returns)?;
    let lowest = returns.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = returns.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let range = finite(highest - lowest)?;
    let alpha = 1.0 - confidence_level;
    let n = returns.len() as f64;
    if range <= 0.0 {
        return Ok(-lowest);
    }
    // Around the worst loss, so that no exponential overflows.
    let bound = |ln_t: f64| {
        let t = range * libm::exp(ln_t);
        let mean = sum_by(returns, |value| libm::exp((lowest - value) / t)) / n;
        t * (libm::log(mean) - libm::log(alpha)) - lowest
    };
    let (mut low, mut high) = (-16.0, 16.0);
    let (mut left, mut right) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut at_left, mut at_right) = (bound(left), bound(right));
    while high - low > 1e-9 {
        if at_left <= at_right {
            (high, right, at_right) = (right, left, at_left);
            left = high - GOLDEN * (high - low);
            at_left = bound(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = low + GOLDEN * (high - low);
            at_right = bound(right);
        }
    }
    finite(at_left.min(at_right).min(-lowest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lies_between_the_mean_loss_and_the_worst() {
        let returns = [-0.03, 0.01, 0.02, -0.01, 0.005];
        assert!((entropic_value_at_risk(&returns, 0.99).unwrap() - 0.03).abs() < 1e-12);
        let mild = entropic_value_at_risk(&returns, 0.5).unwrap();
        assert!(mild > 0.001 && mild < 0.03);
        assert!((entropic_value_at_risk(&[0.01; 3], 0.95).unwrap() + 0.01).abs() < 1e-16);
    }

    #[test]
    fn of_two_equally_likely_returns() {
        let value = entropic_value_at_risk(&[-1.0, 1.0], 0.25).unwrap();
        let brute = (1..200_000).map(|i| {
            let t = f64::from(i) * 1e-4;
            t * (libm::log(f64::midpoint(libm::exp(1.0 / t), libm::exp(-1.0 / t))) - libm::log(0.75))
        });
        assert!((value - brute.filter(|x| x.is_finite()).fold(f64::INFINITY, f64::min)).abs() < 1e-8);
    }
}
