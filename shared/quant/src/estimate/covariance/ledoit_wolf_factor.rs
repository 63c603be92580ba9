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
    let periods = rows as f64;
    let sample = scaled(&gram(&x), 1.0 / periods);
    let market: Vec<f64> = (0..rows).map(|row| x.row(row).iter().sum::<f64>() / n as f64).collect();
    let variance = dot(&market, &market) / periods;
    if variance <= 0.0 {
        let range = "of a market that moves";
        return Err(QuantError::OutOfRange { name: "the market's variance", range, value: variance });
    }
    let betas: Vec<f64> = times(&sample, &vec![1.0 / n as f64; n]);
    let mut target = Matrix::zeros(n, n);
    let mut driven = x.clone();
    for i in 0..n {
        for j in 0..n {
            target[(i, j)] = if i == j { sample[(i, i)] } else { betas[i] * betas[j] / variance };
        }
    }
    for (row, &factor) in market.iter().enumerate() {
        for column in 0..n {
            driven[(row, column)] *= factor;
        }
    }
    let squares = x.map(|value| value * value);
    let (yy, yz, zz) = (gram(&squares), transposed_product(&squares, &driven), gram(&driven));
    let (mut distance, mut pi, mut rho) = (0.0, 0.0, 0.0);
    for i in 0..n {
        for j in 0..n {
            let s = sample[(i, j)];
            distance += (s - target[(i, j)]).powi(2);
            let asymptotic = yy[(i, j)] / periods - s * s;
            pi += asymptotic;
            if i == j {
                rho += asymptotic;
            } else {
                let v1 = (yz[(i, j)] / periods - betas[i] * s) * betas[j] / variance;
                let v3 = (zz[(i, j)] / periods - variance * s) * betas[i] * betas[j] / (variance * variance);
                rho += 2.0 * v1 - v3;
            }
        }
    }
    let shrinkage = if distance > 0.0 { ((pi - rho) / distance / periods).clamp(0.0, 1.0) } else { 0.0 };
    Ok(EstimatedCovariance::shrunk(blend(&target, &sample, shrinkage), shrinkage))
}
