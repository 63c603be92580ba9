use crate::{QuantError, moments::mean};

/// The mean block length of the stationary bootstrap that is best for a mean's variance (Politis & White 2004 with the
/// correction of Patton, Politis & White 2009), at least 1.
///
/// `b = (2 G² / D)^(1/3) n^(1/3)` with `G = Σ λ(k/M) |k| R(k)`, `D = 2 (Σ λ(k/M) R(k))²`, the autocovariances R and the flat-top
/// window λ; M is twice the lag after which `max(5, ⌊log₁₀ n⌋)` autocorrelations are below `2 √(log₁₀ n / n)`. At most
/// `min(3 √n, n/3)`. Constant returns have the length 1.
///
/// * `returns`: one a period, oldest first.
///
/// # Errors
/// `Empty`, `NotFinite`, `Overflow`.
pub fn optimal_block_length(returns: &[f64]) -> Result<f64, QuantError> {
    let mean = mean(returns)?;
    let n = returns.len();
    let deviations: Vec<f64> = returns.iter().map(|value| value - mean).collect();
    let count = n as f64;
    let limit = (3.0 * count.sqrt()).min(count / 3.0).ceil().max(1.0);
    let run = (count.log10() as usize).max(5);
    let most = ((count.sqrt().ceil() as usize) + run).min(n.saturating_sub(2));
    let bound = 2.0 * (count.log10() / count).sqrt();
    let products =
        |lag: usize| -> f64 { deviations[lag..].iter().zip(&deviations).map(|(a, b)| a * b).sum() };
    let covariances: Vec<f64> = (0..=most).map(|lag| products(lag) / count).collect();
    let insignificant = |lag: usize| {
        let sum = |values: &[f64]| values.iter().map(|x| x * x).sum::<f64>();
        let scale = (sum(&deviations[lag..]) * sum(&deviations[..n - lag])).sqrt();
        covariances[lag].abs() * count < bound * scale
    };
    let quiet_after = (0..most.saturating_sub(run)).find(|lag| (1..=run).all(|k| insignificant(lag + k)));
    let width = quiet_after.map_or(most, |lag| (2 * lag.max(1)).min(most));
    let (mut slope, mut level) = (0.0, covariances[0]);
    for (lag, covariance) in covariances.iter().enumerate().take(width + 1).skip(1) {
        let share = lag as f64 / width as f64;
        let window = if share <= 0.5 { 1.0 } else { 2.0 * (1.0 - share) };
        slope += 2.0 * window * lag as f64 * covariance;
        level += 2.0 * window * covariance;
    }
    let length = (slope * slope / (level * level)).cbrt() * count.cbrt();
    if length.is_nan() { Ok(1.0) } else { Ok(length.clamp(1.0, limit)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An autoregression of order 1 from a small congruential generator.
    fn autoregression(coefficient: f64) -> Vec<f64> {
        let mut state = 7u64;
        let mut value = 0.0;
        (0..4000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                value = coefficient * value + (state >> 11) as f64 / 2f64.powi(53) - 0.5;
                value
            })
            .collect()
    }

    #[test]
    fn grows_with_the_memory_of_the_series() {
        let length = |coefficient| optimal_block_length(&autoregression(coefficient)).unwrap();
        assert!(length(0.0) < 6.0, "{}", length(0.0));
        // Of AR(1): G/Σ R = 2ρ/(1-ρ²), so b = (4ρ²/(1-ρ²)² n)^(1/3) is 30.5 for 0.7.
        assert!((20.0..45.0).contains(&length(0.7)), "{}", length(0.7));
        assert!(length(0.95) > length(0.7));
    }

    #[test]
    fn short_and_constant_series_have_blocks_of_one_day() {
        assert!((optimal_block_length(&[0.01; 100]).unwrap() - 1.0).abs() < 1e-12);
        for n in 1..12u32 {
            let returns: Vec<f64> = (0..n).map(|i| f64::from(i * i % 5)).collect();
            let length = optimal_block_length(&returns).unwrap();
            assert!((1.0..=4.0).contains(&length), "{n} {length}");
        }
    }
}
