use super::{mean, must_be_finite};
use crate::{QuantError, sum::sum_by};

/// Sums of powers of the deviations from the mean: `Σ(x-m)²`, `Σ(x-m)³`, `Σ(x-m)⁴`.
pub(super) struct CentralSums {
    pub(super) second: f64,
    pub(super) third: f64,
    pub(super) fourth: f64,
}

impl CentralSums {
    /// All zero where the values are equal but for the last digits of their mean, as `SciPy` decides it.
    pub(super) fn of(values: &[f64]) -> Result<Self, QuantError> {
        must_be_finite(values)?;
        let mean = mean::unchecked(values);
        let second = sum_by(values, |value| (value - mean) * (value - mean));
        let third = sum_by(values, |value| (value - mean) * (value - mean) * (value - mean));
        let fourth = sum_by(values, |value| {
            let square = (value - mean) * (value - mean);
            square * square
        });
        if !(second.is_finite() && third.is_finite() && fourth.is_finite()) {
            return Err(QuantError::Overflow { what: "a sum of powers" });
        }
        let rounding = f64::EPSILON * mean;
        if second <= rounding * rounding * values.len() as f64 {
            return Ok(Self { second: 0.0, third: 0.0, fourth: 0.0 });
        }
        Ok(Self { second, third, fourth })
    }
}
