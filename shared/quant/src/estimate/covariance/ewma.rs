use super::weighted_gram;
use crate::{Matrix, QuantError, Returns, estimate::expected::exponential_weights};

/// The exponentially weighted covariance per period around 0 (`RiskMetrics` 1996): `Σ w_k x xᵀ` with weights
/// `2^(-k / half_life)`, k periods back, scaled to sum to 1.
///
/// # Errors
/// `OutOfRange` for a half-life that isn't positive.
pub fn ewma(returns: &Returns, half_life: f64) -> Result<Matrix, QuantError> {
    if !(half_life > 0.0 && half_life.is_finite()) {
        return Err(QuantError::OutOfRange { name: "half_life", range: "above 0", value: half_life });
    }
    let weights = exponential_weights(returns.periods(), libm::exp2(-1.0 / half_life));
    Ok(weighted_gram(returns.simple(), &weights))
}
