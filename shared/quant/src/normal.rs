//! The standard normal distribution.

use statrs::distribution::{ContinuousCDF, Normal};

use crate::QuantError;

/// The density `φ(z) = exp(-z²/2) / √(2π)`.
pub fn density(z: f64) -> f64 {
    const INVERSE_ROOT_TWO_PI: f64 = 0.398_942_280_401_432_7;
    INVERSE_ROOT_TWO_PI * libm::exp(-0.5 * z * z)
}

/// The distribution function `Φ(z)`, with its full relative accuracy in the lower tail.
pub fn distribution(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// The quantile `Φ⁻¹(p)`.
///
/// # Errors
/// `OutOfRange` for probabilities outside (0, 1).
pub fn quantile(probability: f64) -> Result<f64, QuantError> {
    if !(probability > 0.0 && probability < 1.0) {
        return Err(QuantError::OutOfRange {
            name: "probability",
            range: "between 0 and 1",
            value: probability,
        });
    }
    Ok(Normal::standard().inverse_cdf(probability))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of `mpmath.erfinv` with 40 digits.
    #[test]
    #[allow(clippy::excessive_precision, clippy::unreadable_literal)]
    fn quantile_is_exact_to_the_last_digits() {
        let exact = [
            (1e-12, -7.0344838253011319326),
            (1e-6, -4.7534243088228989573),
            (0.001, -3.0902323061678135354),
            (0.01, -2.3263478740408410931),
            (0.05, -1.644853626951472688),
            (0.1, -1.2815515655446004353),
            (0.3, -0.52440051270804081597),
            (0.49, -0.025068908258711058033),
            (0.975, 1.9599639845400538556),
            (0.999, 3.0902323061678132778),
        ];
        for (p, z) in exact {
            assert!((quantile(p).unwrap() / z - 1.0).abs() < 2e-15, "{p}: {} {z}", quantile(p).unwrap());
        }
    }

    #[test]
    fn quantile_inverts_the_distribution() {
        for i in 1..1000 {
            let p = f64::from(i) / 1000.0;
            assert!((distribution(quantile(p).unwrap()) / p - 1.0).abs() < 1e-14);
        }
        assert!(quantile(0.0).is_err() && quantile(1.0).is_err() && quantile(f64::NAN).is_err());
    }
}
