use super::EstimatedCovariance;
use crate::{
    Matrix, QuantError, Returns,
    estimate::linear::{blend, centred, gram, identity, scaled, trace},
};

/// The sample covariance per period, `Σ (x - m)(x - m)ᵀ / (T - 1)` (ddof = 1).
///
/// # Errors
/// `Overflow` where a mean is no number.
pub fn sample(returns: &Returns) -> Result<Matrix, QuantError> {
    let (_, centred) = centred(returns)?;
    Ok(scaled(&gram(&centred), 1.0 / (returns.periods() - 1) as f64))
}

/// The sample covariance S (ddof = 1), shrunk by a given share: `δ (tr S / N) I + (1 - δ) S`.
///
/// # Errors
/// `OutOfRange` for a share outside 0 to 1.
pub fn shrunk(returns: &Returns, intensity: f64) -> Result<EstimatedCovariance, QuantError> {
    if !(0.0..=1.0).contains(&intensity) {
        return Err(QuantError::OutOfRange { name: "intensity", range: "from 0 to 1", value: intensity });
    }
    let sample = sample(returns)?;
    let n = sample.rows();
    let target = identity(n, trace(&sample) / n as f64);
    Ok(EstimatedCovariance::shrunk(blend(&target, &sample, intensity), intensity))
}
