use super::{Estimator, central::CentralSums};
use crate::QuantError;

/// Skewness: `g1 = m3 / m2^1.5` with the central moments `m_k = Σ(x-m)^k / n`, or unbiased
/// `G1 = g1 √(n(n-1)) / (n-2)` (Joanes & Gill 1998). No unit.
///
/// `None` where it has no value: for equal values, and unbiased for fewer than three.
///
/// # Errors
/// `Empty`, `NotFinite`, `Overflow`.
pub fn skewness(values: &[f64], estimator: Estimator) -> Result<Option<f64>, QuantError> {
    let sums = CentralSums::of(values)?;
    let n = values.len() as f64;
    let variance = sums.second / n;
    let biased = sums.third / n / (variance * variance.sqrt());
    let value = match estimator {
        Estimator::Biased => biased,
        Estimator::Unbiased => biased * (n * (n - 1.0)).sqrt() / (n - 2.0),
    };
    Ok(value.is_finite().then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_scipy() {
        let values = [1.0, 2.0, 3.0, 10.0];
        let biased = skewness(&values, Estimator::Biased).unwrap().unwrap();
        let unbiased = skewness(&values, Estimator::Unbiased).unwrap().unwrap();
        assert!((biased - 1.018_233_764_908_628_4).abs() < 1e-14);
        assert!((unbiased - 1.763_632_614_803_888).abs() < 1e-14);
    }

    #[test]
    fn has_no_value_without_spread() {
        assert_eq!(skewness(&[0.1; 7], Estimator::Biased), Ok(None));
        assert_eq!(skewness(&[0.1, 0.2], Estimator::Unbiased), Ok(None));
    }
}
