use super::sample;
use crate::{
    Matrix, QuantError, Returns,
    estimate::linear::{correlation, eigen, recompose},
};

/// The sample covariance per period without noise (López de Prado 2020, "Machine learning for asset managers", section
/// 2.5): the density of Marčenko and Pastur is fitted to the eigenvalues of the correlation, those below its upper edge
/// `σ² (1 + √(N/T))²` are replaced by their mean, and the diagonal is scaled back to 1.
///
/// The eigenvalues' density is smoothed by a Gaussian kernel of bandwidth 0.01, and σ² minimises the squared distance on
/// 1,000 points, as the book's code does.
///
/// # Errors
/// `Overflow` where the correlation has no eigenvalues.
pub fn denoised(returns: &Returns) -> Result<Matrix, QuantError> {
    let covariance = sample(returns)?;
    let (correlation, deviations) = correlation(&covariance);
    let (mut values, vectors) = eigen(&correlation)?;
    let n = values.len();
    let ratio = n as f64 / returns.periods() as f64;
    let edge = noise_variance(&values, ratio) * (1.0 + ratio.sqrt()).powi(2);
    let noise = values.partition_point(|&value| value <= edge);
    let mean = values[..noise].iter().sum::<f64>() / noise.max(1) as f64;
    values[..noise].fill(mean);
    let mut clean = recompose(&values, &vectors);
    let diagonal: Vec<f64> = (0..n).map(|i| clean[(i, i)].max(0.0).sqrt()).collect();
    for i in 0..n {
        for j in 0..n {
            let scale = diagonal[i] * diagonal[j];
            let value = if scale > 0.0 { clean[(i, j)] / scale } else { 0.0 };
            clean[(i, j)] = if i == j { covariance[(i, i)] } else { value * deviations[i] * deviations[j] };
        }
    }
    Ok(clean)
}

/// The variance in (0, 1) whose density is nearest to the eigenvalues', by descent from 0.5 to the nearest minimum and
/// golden-section steps: the distance has many minima, and the usual codes take this one.
fn noise_variance(eigenvalues: &[f64], ratio: f64) -> f64 {
    const STEP: f64 = 0.01;
    let error = |step: i32| distance(STEP * f64::from(step), eigenvalues, ratio);
    let mut at = 50;
    let direction = if error(49) < error(51) { -1 } else { 1 };
    while (2..99).contains(&at) && error(at + direction) < error(at) {
        at += direction;
    }
    let golden = (5.0f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (STEP * f64::from(at - 1), STEP * f64::from(at + 1));
    for _ in 0..30 {
        let (left, right) = (high - golden * (high - low), low + golden * (high - low));
        if distance(left, eigenvalues, ratio) < distance(right, eigenvalues, ratio) {
            high = right;
        } else {
            low = left;
        }
    }
    f64::midpoint(low, high)
}

/// The squared distance between the Marčenko-Pastur density of a variance and the eigenvalues' smoothed density.
fn distance(variance: f64, eigenvalues: &[f64], ratio: f64) -> f64 {
    const POINTS: u32 = 1000;
    const BANDWIDTH: f64 = 0.01;
    let variance = variance.max(1e-5);
    let (low, high) = (variance * (1.0 - ratio.sqrt()).powi(2), variance * (1.0 + ratio.sqrt()).powi(2));
    let norm = eigenvalues.len() as f64 * BANDWIDTH * (2.0 * std::f64::consts::PI).sqrt();
    let error = |point: u32| {
        let x = low + (high - low) * f64::from(point) / f64::from(POINTS - 1);
        let theory = ((high - x) * (x - low)).max(0.0).sqrt()
            / (2.0 * std::f64::consts::PI * variance * ratio * x.max(f64::MIN_POSITIVE));
        let near = eigenvalues.iter().map(|value| (value - x) / BANDWIDTH).filter(|z| z.abs() < 8.0);
        let smoothed = near.map(|z| libm::exp(-0.5 * z * z)).sum::<f64>() / norm;
        (theory - smoothed).powi(2)
    };
    (0..POINTS).map(error).sum()
}
