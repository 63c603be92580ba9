use super::must_be_wealth;
use crate::{
    QuantError,
    var_cvar::{
        must_be_returns,
        quantile::{quantile, sorted},
    },
};

/// Tail ratio `|q_95| / |q_5|` of type-7 quantiles. `None` where the lower quantile is 0.
///
/// # Errors
/// `Empty`, `NotFinite`.
pub fn tail_ratio(returns: &[f64]) -> Result<Option<f64>, QuantError> {
    must_be_returns(returns)?;
    let sorted = sorted(returns);
    let value = quantile(&sorted, 0.95).abs() / quantile(&sorted, 0.05).abs();
    Ok(value.is_finite().then_some(value))
}

/// Stability: the R² of a straight line through the cumulative log-returns. `None` for fewer than two returns, or where
/// these don't vary.
///
/// # Errors
/// `Empty`, `NotFinite`, `TotalLoss`.
pub fn stability(returns: &[f64]) -> Result<Option<f64>, QuantError> {
    must_be_wealth(returns)?;
    let mut sum = 0.0;
    let path = returns.iter().map(|&value| {
        sum += libm::log1p(value);
        sum
    });
    let path: Vec<f64> = path.collect();
    let n = path.len() as f64;
    let centre = (n - 1.0) / 2.0;
    let mean = path.iter().sum::<f64>() / n;
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for (i, value) in path.iter().enumerate() {
        let (x, y) = (i as f64 - centre, value - mean);
        xx += x * x;
        xy += x * y;
        yy += y * y;
    }
    let value = xy * xy / (xx * yy);
    Ok(value.is_finite().then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steady_growth_is_a_straight_line() {
        assert!((stability(&[0.01; 30]).unwrap().unwrap() - 1.0).abs() < 1e-12);
        assert_eq!((stability(&[0.0; 30]), stability(&[0.1])), (Ok(None), Ok(None)));
        assert_eq!(tail_ratio(&[0.0; 30]), Ok(None));
        assert!((tail_ratio(&[-0.1, 0.1, 0.0]).unwrap().unwrap() - 1.0).abs() < 1e-12);
    }
}
