use super::{Estimator, central::CentralSums};
use crate::QuantError;

/// Excess kurtosis (0 for a normal distribution): `g2 = m4 / m2² - 3` with the central moments `m_k = Σ(x-m)^k / n`, or
/// unbiased `G2 = (n-1) / ((n-2)(n-3)) · ((n+1) g2 + 6)` (Joanes & Gill 1998). No unit.
///
/// `None` where it has no value: for equal values, and unbiased for fewer than four.
///
/// # Errors
/// `Empty`, `NotFinite`, `Overflow`.
pub fn excess_kurtosis(values: &[f64], estimator: Estimator) -> Result<Option<f64>, QuantError> {
    let sums = CentralSums::of(values)?;
    let n = values.len() as f64;
    let variance = sums.second / n;
    let biased = sums.fourth / n / (variance * variance) - 3.0;
    let value = match estimator {
        Estimator::Biased => biased,
        Estimator::Unbiased => (n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * biased + 6.0),
    };
    Ok(value.is_finite().then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_scipy() {
        let values = [1.0, 2.0, 3.0, 4.0, 10.0];
        let biased = excess_kurtosis(&values, Estimator::Biased).unwrap().unwrap();
        let unbiased = excess_kurtosis(&values, Estimator::Unbiased).unwrap().unwrap();
        assert!((biased - -0.211_999_999_999_999_97).abs() < 1e-14);
        assert!((unbiased - 3.152).abs() < 1e-13);
    }

    #[test]
    fn has_no_value_without_spread() {
        assert_eq!(excess_kurtosis(&[0.1; 7], Estimator::Biased), Ok(None));
        assert_eq!(excess_kurtosis(&[0.1, 0.2, 0.4], Estimator::Unbiased), Ok(None));
    }
}
