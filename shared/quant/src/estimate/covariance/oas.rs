use super::EstimatedCovariance;
use crate::{
    QuantError, Returns,
    estimate::linear::{blend, centred, gram, identity, scaled, trace},
};

/// The oracle approximating shrinkage towards the mean variance times the identity (Chen, Wiesel, Eldar & Hero 2010), of
/// the population covariance (ddof = 0), in scikit-learn's form, whose numerator and denominator leave the terms in
/// `2 / N` away.
///
/// # Errors
/// `Overflow` where a mean is no number.
pub fn oracle_approximating(returns: &Returns) -> Result<EstimatedCovariance, QuantError> {
    let (_, x) = centred(returns)?;
    let (t, n) = (x.rows() as f64, x.columns() as f64);
    let empirical = scaled(&gram(&x), 1.0 / t);
    let mean_square = empirical.values().iter().map(|value| value * value).sum::<f64>() / (n * n);
    let mean_variance = trace(&empirical) / n;
    let square = mean_variance * mean_variance;
    let denominator = (t + 1.0) * (mean_square - square / n);
    let shrinkage = if denominator > 0.0 { ((mean_square + square) / denominator).min(1.0) } else { 1.0 };
    let target = identity(x.columns(), mean_variance);
    Ok(EstimatedCovariance::shrunk(blend(&target, &empirical, shrinkage), shrinkage))
}
