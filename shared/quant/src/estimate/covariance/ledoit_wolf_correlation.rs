use super::EstimatedCovariance;
use crate::{
    Matrix, QuantError, Returns,
    estimate::linear::{blend, centred, gram, scaled, transposed_product},
};

/// Ledoit and Wolf's shrinkage towards equal correlations ("Honey, I shrunk the sample covariance matrix", 2004).
///
/// The blend takes the sample covariance with ddof = 1 and the intensity moments over T, as `PyPortfolioOpt` and the
/// authors' code do.
///
/// # Errors
/// `OutOfRange` for fewer than two assets or one that doesn't move.
pub fn ledoit_wolf_constant_correlation(returns: &Returns) -> Result<EstimatedCovariance, QuantError> {
    let (_, x) = centred(returns)?;
    let n = x.columns();
    let periods = x.rows() as f64;
    let products = gram(&x);
    let population = scaled(&products, 1.0 / periods);
    let sample = scaled(&products, 1.0 / (periods - 1.0));
    let deviations: Vec<f64> = (0..n).map(|i| sample[(i, i)].sqrt()).collect();
    if n < 2 || deviations.iter().any(|&deviation| deviation <= 0.0) {
        let range = "two or more, each with a positive variance, for the constant-correlation target";
        return Err(QuantError::OutOfRange { name: "assets", range, value: n as f64 });
    }
    let pairs = (0..n).flat_map(|i| (0..n).map(move |j| (i, j))).filter(|(i, j)| i != j);
    let total: f64 = pairs.map(|(i, j)| sample[(i, j)] / (deviations[i] * deviations[j])).sum();
    let mean_correlation = total / (n * (n - 1)) as f64;
    let mut target = Matrix::zeros(n, n);
    for i in 0..n {
        for j in 0..n {
            let value = mean_correlation * deviations[i] * deviations[j];
            target[(i, j)] = if i == j { sample[(i, i)] } else { value };
        }
    }
    let squares = gram(&x.map(|value| value * value));
    let cubes = transposed_product(&x.map(|value| value.powi(3)), &x);
    let (mut pi, mut rho, mut gamma) = (0.0, 0.0, 0.0);
    for i in 0..n {
        for j in 0..n {
            let s = sample[(i, j)];
            let asymptotic = squares[(i, j)] / periods - 2.0 * population[(i, j)] * s + s * s;
            pi += asymptotic;
            gamma += (s - target[(i, j)]).powi(2);
            rho += if i == j {
                asymptotic
            } else {
                let theta =
                    cubes[(i, j)] / periods - population[(i, i)] * s - population[(i, j)] * sample[(i, i)]
                        + sample[(i, i)] * s;
                mean_correlation * deviations[j] / deviations[i] * theta
            };
        }
    }
    let shrinkage = if gamma > 0.0 { ((pi - rho) / gamma / periods).clamp(0.0, 1.0) } else { 0.0 };
    Ok(EstimatedCovariance::shrunk(blend(&target, &sample, shrinkage), shrinkage))
}
