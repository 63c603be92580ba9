use super::central::CentralSums;
use crate::QuantError;

/// The standard deviation `√(Σ(x-m)² / (n - ddof))`, in the values' unit.
///
/// * `ddof`: 1 for the sample's, 0 for the population's.
///
/// # Errors
/// `TooFewRows` for `ddof` values or fewer, `Empty`, `NotFinite`, `Overflow`.
pub fn standard_deviation(values: &[f64], ddof: usize) -> Result<f64, QuantError> {
    let sums = CentralSums::of(values)?;
    if values.len() <= ddof {
        return Err(QuantError::TooFewRows { rows: values.len(), minimum: ddof + 1 });
    }
    Ok((sums.second / (values.len() - ddof) as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ddof_is_explicit() {
        let values = [1.0, 2.0, 3.0, 4.0];
        assert!((standard_deviation(&values, 0).unwrap() - 1.25f64.sqrt()).abs() < 1e-15);
        assert!((standard_deviation(&values, 1).unwrap() - (5.0f64 / 3.0).sqrt()).abs() < 1e-15);
        assert!(matches!(standard_deviation(&[1.0], 1), Err(QuantError::TooFewRows { minimum: 2, .. })));
    }

    #[test]
    fn of_equal_values_is_zero() {
        assert!(standard_deviation(&[0.1; 99], 1).unwrap().abs() < f64::MIN_POSITIVE);
    }
}
