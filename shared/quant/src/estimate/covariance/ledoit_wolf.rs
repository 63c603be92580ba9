use super::EstimatedCovariance;
use crate::{
    QuantError, Returns,
    estimate::linear::{blend, centred, gram, identity, scaled, trace},
};

/// Ledoit and Wolf's shrinkage towards the mean variance times the identity ("A well-conditioned estimator for
/// large-dimensional covariance matrices", 2004), of the *population* covariance (ddof = 0), as scikit-learn.
///
/// # Errors
/// `Overflow` where a mean is no number.
pub fn ledoit_wolf_constant_variance(returns: &Returns) -> Result<EstimatedCovariance, QuantError> {
    let (_, x) = centred(returns)?;
    let (t, n) = (x.rows() as f64, x.columns() as f64);
    let empirical = scaled(&gram(&x), 1.0 / t);
    let mean_variance = trace(&empirical) / n;
    let squares: f64 =
        (0..x.rows()).map(|row| x.row(row).iter().map(|value| value * value).sum::<f64>().powi(2)).sum();
    let norm: f64 = empirical.values().iter().map(|value| value * value).sum();
    let distance = (norm - n * mean_variance * mean_variance) / n;
    let noise = ((squares / t - norm) / (n * t)).min(distance);
    let shrinkage = if noise > 0.0 && distance > 0.0 { noise / distance } else { 0.0 };
    let target = identity(x.columns(), mean_variance);
    Ok(EstimatedCovariance::shrunk(blend(&target, &empirical, shrinkage), shrinkage))
}
