use super::{EstimatedReturns, shrink};
use crate::{
    QuantError, Returns,
    estimate::linear::{centred, eigen, gram, scaled, trace},
};

/// Arithmetic means, shrunk towards their grand mean b (James & Stein 1961, in Jorion's 1986 form):
/// `a = (N λ̄ - 2 λ_max) / (T (μ - b)'(μ - b))` with the eigenvalues λ of the covariance (ddof = 1).
///
/// With one dominant eigenvalue the formula is negative and would push the means apart (Riskfolio-Lib does): it is
/// clipped to 0..=1 here, and the answer says so.
///
/// # Errors
/// `Overflow` where the covariance has no eigenvalues.
pub fn james_stein(returns: &Returns, periods_per_year: f64) -> Result<EstimatedReturns, QuantError> {
    let (means, centred) = centred(returns)?;
    let periods = returns.periods() as f64;
    let covariance = scaled(&gram(&centred), 1.0 / (periods - 1.0));
    let (eigenvalues, _) = eigen(&covariance)?;
    let largest = eigenvalues.last().copied().unwrap_or(0.0);
    let grand = means.iter().sum::<f64>() / means.len() as f64;
    let spread: f64 = means.iter().map(|mean| (mean - grand).powi(2)).sum();
    let intensity = (trace(&covariance) - 2.0 * largest) / (periods * spread);
    Ok(shrink(&means, grand, intensity, periods_per_year))
}
