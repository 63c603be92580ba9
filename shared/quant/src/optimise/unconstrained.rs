//! Minimum-variance and tangency portfolios without any bound, by formula.

use faer::{Mat, linalg::solvers::Solve};

use super::naive::normalised;
use crate::{Matrix, QuantError, estimate::linear::cholesky};

/// `Σ⁻¹1 / 1ᵀΣ⁻¹1` (Merton 1972).
///
/// # Errors
/// `OutOfRange` for a covariance that isn't positive definite.
pub fn minimum_variance(covariance: &Matrix) -> Result<Vec<f64>, QuantError> {
    Ok(normalised(solved(covariance, &vec![1.0; covariance.rows()])?))
}

/// `Σ⁻¹(μ - rf) / 1ᵀΣ⁻¹(μ - rf)` (Merton 1972): the largest Sharpe ratio, if the denominator is positive.
///
/// # Errors
/// `OutOfRange` for a covariance that isn't positive definite, and where the denominator isn't positive: the formula
/// would then give the *least* Sharpe ratio. `AssetsMismatch`.
pub fn tangency(mean: &[f64], covariance: &Matrix, risk_free_rate: f64) -> Result<Vec<f64>, QuantError> {
    let (what, found, expected) = ("expected_returns", mean.len(), covariance.rows());
    if found != expected {
        return Err(QuantError::AssetsMismatch { what, found, expected });
    }
    let excess: Vec<f64> = mean.iter().map(|value| value - risk_free_rate).collect();
    let direction = solved(covariance, &excess)?;
    let value: f64 = direction.iter().sum();
    if value > 0.0 {
        return Ok(normalised(direction));
    }
    Err(QuantError::OutOfRange { name: "1'S^-1(mu - rf)", range: "above 0 for a tangency portfolio", value })
}

pub(super) fn solved(covariance: &Matrix, right: &[f64]) -> Result<Vec<f64>, QuantError> {
    let range = "positive definite";
    let factor =
        cholesky(covariance).ok_or(QuantError::OutOfRange { name: "covariance", range, value: 0.0 })?;
    let solution = factor.solve(Mat::from_fn(right.len(), 1, |i, _| right[i]));
    Ok((0..right.len()).map(|i| solution[(i, 0)]).collect())
}
