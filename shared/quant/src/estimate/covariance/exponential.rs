use super::weighted_gram;
use crate::{
    Matrix, QuantError, Returns,
    estimate::{expected::exponential_weights, linear::centred},
};

/// The exponentially weighted covariance per period around the means m of the *whole* history (`PyPortfolioOpt`'s
/// `exp_cov`): `Σ w_k (x - m)(x - m)ᵀ` with weights `(1 - a)^k`, `a = 2 / (span + 1)`, scaled to sum to 1.
///
/// # Errors
/// `OutOfRange` for a span below 1.
pub fn exponential(returns: &Returns, span: f64) -> Result<Matrix, QuantError> {
    if !(span >= 1.0 && span.is_finite()) {
        return Err(QuantError::OutOfRange { name: "span", range: "at least 1", value: span });
    }
    let (_, centred) = centred(returns)?;
    Ok(weighted_gram(&centred, &exponential_weights(returns.periods(), 1.0 - 2.0 / (span + 1.0))))
}
