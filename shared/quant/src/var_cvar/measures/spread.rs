use super::finite;
use crate::{QuantError, moments::mean, sum::sum_by};

/// Mean absolute deviation `Σ |r_t - r̄| / n` (Konno & Yamazaki 1991), in the returns' unit.
///
/// # Errors
/// `Empty`, `NotFinite`, `Overflow`.
pub fn mean_absolute_deviation(returns: &[f64]) -> Result<f64, QuantError> {
    let mean = mean(returns)?;
    finite(sum_by(returns, |value| (value - mean).abs()) / returns.len() as f64)
}

/// The root of the fourth central moment, `√(Σ (r_t - r̄)⁴ / n)` (Cajas 2022), in squared units of the returns.
///
/// # Errors
/// `Empty`, `NotFinite`, `Overflow`.
pub fn root_fourth_moment(returns: &[f64]) -> Result<f64, QuantError> {
    let mean = mean(returns)?;
    let fourth = sum_by(returns, |value| {
        let square = (value - mean) * (value - mean);
        square * square
    });
    finite((fourth / returns.len() as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_three_values_and_of_equal_ones() {
        assert!((mean_absolute_deviation(&[1.0, 2.0, 6.0]).unwrap() - 2.0).abs() < 1e-15);
        assert!((root_fourth_moment(&[-1.0, 1.0]).unwrap() - 1.0).abs() < 1e-15);
        assert!(mean_absolute_deviation(&[0.1; 9]).unwrap().abs() < f64::MIN_POSITIVE);
        assert!(matches!(root_fourth_moment(&[]), Err(QuantError::Empty { .. })));
    }
}
