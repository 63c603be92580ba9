use super::EstimatedCovariance;
use crate::{
    Matrix, QuantError, Returns,
    estimate::linear::{blend, centred, dot, gram, scaled, times, transposed_product},
};

/// Ledoit and Wolf's shrinkage towards Sharpe's single-factor model ("Improved estimation of the covariance matrix of
/// stock returns", 2003), where the market is the equally weighted mean of the assets. Population covariance (ddof = 0).
///
/// # Errors
/// `OutOfRange` for a market that doesn't move.
pub fn ledoit_wolf_single_factor(returns: &Returns) -> Result<EstimatedCovariance, QuantError> {
    let (_, x) = centred(returns)?;
    let (rows, n) = (x.rows(), x.columns());
    let t = rows as f64;
    let sample = scaled(&gram(&x), 1.0 / t);
    let market: Vec<f64> = (0..rows).map(|row| x.row(row).iter().sum::<f64>() / n as f64).collect();
    let variance = dot(&market, &market) / t;
    if variance <= 0.0 {
        let range = "of a market that moves";
        return Err(QuantError::OutOfRange { name: "the market's variance", range, value: variance });
    }
    let betas: Vec<f64> = times(&sample, &vec![1.0 / n as f64; n]);
    let mut target = Matrix::zeros(n, n);
    let mut z = x.clone();
    for i in 0..n {
        for j in 0..n {
            target[(i, j)] = if i == j { sample[(i, i)] } else { betas[i] * betas[j] / variance };
        }
    }
    for (row, &factor) in market.iter().enumerate() {
        for column in 0..n {
            z[(row, column)] *= factor;
        }
    }
    let y = x.map(|value| value * value);
    let (yy, yz, zz) = (gram(&y), transposed_product(&y, &z), gram(&z));
    let (mut distance, mut p, mut r) = (0.0, 0.0, 0.0);
    for i in 0..n {
        for j in 0..n {
            let s = sample[(i, j)];
            distance += (s - target[(i, j)]).powi(2);
            let asymptotic = yy[(i, j)] / t - s * s;
            p += asymptotic;
            if i == j {
                r += asymptotic;
            } else {
                let v1 = (yz[(i, j)] / t - betas[i] * s) * betas[j] / variance;
                let v3 = (zz[(i, j)] / t - variance * s) * betas[i] * betas[j] / (variance * variance);
                r += 2.0 * v1 - v3;
            }
        }
    }
    let shrinkage = if distance > 0.0 { ((p - r) / distance / t).clamp(0.0, 1.0) } else { 0.0 };
    Ok(EstimatedCovariance::shrunk(blend(&target, &sample, shrinkage), shrinkage))
}
