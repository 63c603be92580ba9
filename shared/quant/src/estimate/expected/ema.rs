use crate::{QuantError, Returns};

/// The exponentially weighted mean return of each asset, annualised: `m = Σ (1-a)^k r_(T-k) / Σ (1-a)^k` with
/// `a = 2 / (span + 1)` (pandas `ewm(span, adjust=True).mean()`), then `(1 + m)^p - 1` with compounding and `p m`
/// without, for p periods a year.
///
/// # Errors
/// `OutOfRange` for a span below 1.
pub fn ema(
    returns: &Returns,
    periods_per_year: f64,
    span: f64,
    compounding: bool,
) -> Result<Vec<f64>, QuantError> {
    if !(span >= 1.0 && span.is_finite()) {
        return Err(QuantError::OutOfRange { name: "span", range: "at least 1", value: span });
    }
    let weights = exponential_weights(returns.periods(), 1.0 - 2.0 / (span + 1.0));
    let mut means = vec![0.0; returns.assets()];
    for (row, weight) in weights.iter().enumerate() {
        for (mean, value) in means.iter_mut().zip(returns.simple().row(row)) {
            *mean += weight * value;
        }
    }
    let annual = |mean: f64| {
        if compounding { libm::expm1(libm::log1p(mean) * periods_per_year) } else { mean * periods_per_year }
    };
    Ok(means.into_iter().map(annual).collect())
}

/// Weights `λ^(n-1), …, λ, 1`, oldest first, scaled to sum to 1.
pub(in crate::estimate) fn exponential_weights(n: usize, decay: f64) -> Vec<f64> {
    let mut weights = vec![1.0; n];
    for row in (0..n.saturating_sub(1)).rev() {
        weights[row] = weights[row + 1] * decay;
    }
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}
