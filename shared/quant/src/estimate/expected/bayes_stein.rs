use super::{EstimatedReturns, shrink};
use crate::{
    QuantError, Returns,
    estimate::linear::{centred, cholesky, dot, gram, scaled},
};
use faer::{Mat, linalg::solvers::Solve};

/// Arithmetic means, shrunk towards their grand mean b (Jorion 1986):
/// `a = (N + 2) / (N + 2 + T (μ - b)' S⁻¹ (μ - b))` with the sample covariance S (ddof = 1).
///
/// # Errors
/// `OutOfRange` for a covariance that has no inverse (no more periods than assets, constant or collinear assets).
pub fn bayes_stein(returns: &Returns, periods_per_year: f64) -> Result<EstimatedReturns, QuantError> {
    let (means, centred) = centred(returns)?;
    let (periods, assets) = (returns.periods() as f64, means.len() as f64);
    let covariance = scaled(&gram(&centred), 1.0 / (periods - 1.0));
    let factor = cholesky(&covariance).ok_or(QuantError::OutOfRange {
        name: "covariance",
        range: "positive definite for the Bayes-Stein estimator",
        value: 0.0,
    })?;
    let grand = means.iter().sum::<f64>() / assets;
    let spread: Vec<f64> = means.iter().map(|mean| mean - grand).collect();
    let solved = factor.solve(Mat::from_fn(spread.len(), 1, |i, _| spread[i]));
    let solved: Vec<f64> = (0..spread.len()).map(|i| solved[(i, 0)]).collect();
    let intensity = (assets + 2.0) / (assets + 2.0 + periods * dot(&spread, &solved));
    Ok(shrink(&means, grand, intensity, periods_per_year))
}
