use super::finite;
use crate::{QuantError, moments::mean, sum::sum_by, var_cvar::must_be_returns};

/// Semi-deviation `√(Σ min(r_t - r̄, 0)² / (n - 1))` (Markowitz 1959), in the returns' unit.
///
/// # Errors
/// `TooFewRows` for fewer than two returns, `NotFinite`, `Overflow`.
pub fn semi_deviation(returns: &[f64]) -> Result<f64, QuantError> {
    let mean = if returns.is_empty() { 0.0 } else { mean(returns)? };
    lower_partial_moment(returns, mean, 2)
}

/// Lower partial moment below a threshold (Bawa 1975), as a root in the returns' unit: order 1 `Σ max(τ - r_t, 0) / n`,
/// order 2 `√(Σ max(τ - r_t, 0)² / (n - 1))`, as Riskfolio-Lib has it.
///
/// * `order`: 1 or 2.
///
/// # Errors
/// `OutOfRange` for another order, `TooFewRows` for fewer returns than the order, `NotFinite`, `Overflow`.
pub fn lower_partial_moment(returns: &[f64], threshold: f64, order: u8) -> Result<f64, QuantError> {
    if !(1..=2).contains(&order) {
        return Err(QuantError::OutOfRange { name: "order", range: "1 or 2", value: f64::from(order) });
    }
    if !threshold.is_finite() {
        return Err(QuantError::OutOfRange { name: "threshold", range: "a number", value: threshold });
    }
    if returns.len() < usize::from(order) {
        return Err(QuantError::TooFewRows { rows: returns.len(), minimum: usize::from(order) });
    }
    must_be_returns(returns)?;
    let n = returns.len() as f64;
    let short = |value: f64| (threshold - value).max(0.0);
    finite(match order {
        1 => sum_by(returns, short) / n,
        _ => (sum_by(returns, |value| short(value) * short(value)) / (n - 1.0)).sqrt(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_falls_short_counts() {
        let returns = [-0.02, 0.01, -0.01, 0.03];
        assert!((lower_partial_moment(&returns, 0.0, 1).unwrap() - 0.0075).abs() < 1e-15);
        assert!((lower_partial_moment(&returns, 0.0, 2).unwrap() - (5e-4f64 / 3.0).sqrt()).abs() < 1e-15);
        assert!(semi_deviation(&[0.1; 5]).unwrap().abs() < f64::MIN_POSITIVE);
        assert!(matches!(semi_deviation(&[]), Err(QuantError::TooFewRows { .. })));
        assert!(lower_partial_moment(&returns, 0.0, 3).is_err());
    }
}
