//! Moments of a sample, one statistic a file.

mod central;
mod correlation;
mod covariance;
mod kurtosis;
mod mean;
mod principal_components;
mod skewness;
mod standard_deviation;

pub use correlation::{Correlation, correlation};
pub use covariance::covariance;
pub use kurtosis::excess_kurtosis;
pub use mean::mean;
pub use principal_components::{PrincipalComponents, principal_components};
pub use skewness::skewness;
pub use standard_deviation::standard_deviation;

use crate::QuantError;

/// Which of the two usual estimators of skewness and kurtosis is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Estimator {
    /// The moments of the sample as if it were the population: `g1`, `g2` (`SciPy`: `bias=True`).
    Biased,
    /// Corrected so that it is unbiased for normal samples: `G1`, `G2` (`SciPy`: `bias=False`, Excel, pandas).
    Unbiased,
}

fn must_be_finite(values: &[f64]) -> Result<(), QuantError> {
    if values.is_empty() {
        return Err(QuantError::Empty { what: "values" });
    }
    match values.iter().position(|value| !value.is_finite()) {
        Some(column) => Err(QuantError::NotFinite { what: "values", row: 0, column }),
        None => Ok(()),
    }
}

fn finite(value: f64, what: &'static str) -> Result<f64, QuantError> {
    if value.is_finite() { Ok(value) } else { Err(QuantError::Overflow { what }) }
}
