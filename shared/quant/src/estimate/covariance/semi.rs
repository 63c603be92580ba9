use crate::{
    Matrix, QuantError, Returns,
    estimate::linear::{gram, scaled},
};

/// The semicovariance per period, `Σ min(x - B, 0) min(x - B, 0)ᵀ / T` for a benchmark B (Estrada 2008): a positive
/// semidefinite approximation that doesn't depend on the weights.
///
/// # Errors
/// `OutOfRange` for a benchmark that isn't finite.
pub fn semi(returns: &Returns, benchmark: f64) -> Result<Matrix, QuantError> {
    if !benchmark.is_finite() {
        return Err(QuantError::OutOfRange { name: "benchmark", range: "finite", value: benchmark });
    }
    let drops = returns.simple().map(|value| (value - benchmark).min(0.0));
    Ok(scaled(&gram(&drops), 1.0 / returns.periods() as f64))
}
