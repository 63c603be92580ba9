use super::{finite, must_be_finite};
use crate::{QuantError, sum::sum_by};

/// The arithmetic mean, in the values' unit.
///
/// Summed around the first value, so that the mean of equal values is exactly that value and their variance exactly 0.
///
/// # Errors
/// `Empty` without values, `NotFinite` for NaN or infinities, `Overflow` for values that spread over the range of `f64`.
pub fn mean(values: &[f64]) -> Result<f64, QuantError> {
    must_be_finite(values)?;
    finite(unchecked(values), "the mean")
}

pub(super) fn unchecked(values: &[f64]) -> f64 {
    let first = values[0];
    first + sum_by(values, |value| value - first) / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equal_values_is_that_value() {
        assert_eq!(mean(&[0.1; 1000]).unwrap().to_bits(), 0.1f64.to_bits());
        assert!((mean(&[1.0, 2.0, 6.0]).unwrap() - 3.0).abs() < 1e-15);
    }

    #[test]
    fn refuses_what_has_no_mean() {
        assert_eq!(mean(&[]), Err(QuantError::Empty { what: "values" }));
        assert!(matches!(mean(&[1.0, f64::NAN]), Err(QuantError::NotFinite { column: 1, .. })));
        assert!(matches!(mean(&[f64::MAX, -f64::MAX]), Err(QuantError::Overflow { .. })));
    }
}
