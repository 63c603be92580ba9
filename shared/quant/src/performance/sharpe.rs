use crate::{
    QuantError,
    moments::{Estimator, excess_kurtosis, mean, skewness, standard_deviation},
    normal,
};

/// Sharpe ratio `mean(r - f) / σ · √p` (Sharpe 1994), with the standard deviation σ of ddof = 1.
///
/// * `risk_free`: the rate f of one period, for example `0.02 / 252`.
/// * `periods_per_year`: p; 1 leaves the ratio per period.
///
/// `None` for returns without spread.
///
/// # Errors
/// `TooFewRows` for fewer than two returns, `NotFinite`, `Overflow`.
pub fn sharpe(returns: &[f64], risk_free: f64, periods_per_year: f64) -> Result<Option<f64>, QuantError> {
    let deviation = standard_deviation(returns, 1)?;
    let value = (mean(returns)? - risk_free) / deviation * periods_per_year.sqrt();
    Ok(value.is_finite().then_some(value))
}

/// Probabilistic Sharpe ratio (Bailey & López de Prado 2012): the probability that the true ratio exceeds a benchmark,
/// `Φ((S - S*) √(n-1) / √(1 - g₁ S + (g₂ + 2)/4 S²))` with the ratio S per period, the skewness `g₁` and excess kurtosis
/// `g₂`, both biased.
///
/// `None` where the moments have no value or the variance of the estimate is not positive.
///
/// # Errors
/// `TooFewRows`, `NotFinite`, `Overflow`.
pub fn probabilistic_sharpe(returns: &[f64], benchmark: f64) -> Result<Option<f64>, QuantError> {
    let Some(ratio) = sharpe(returns, 0.0, 1.0)? else { return Ok(None) };
    let moments = (skewness(returns, Estimator::Biased)?, excess_kurtosis(returns, Estimator::Biased)?);
    let (Some(skewness), Some(kurtosis)) = moments else { return Ok(None) };
    let variance = 1.0 - skewness * ratio + (kurtosis + 2.0) / 4.0 * ratio * ratio;
    let z = (ratio - benchmark) * ((returns.len() - 1) as f64 / variance).sqrt();
    Ok(z.is_finite().then(|| normal::distribution(z)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_known_returns_and_of_constant_ones() {
        let returns = [0.01, 0.03, 0.02];
        assert!((sharpe(&returns, 0.01, 4.0).unwrap().unwrap() - 2.0).abs() < 1e-12);
        assert_eq!(sharpe(&[0.01; 5], 0.0, 252.0), Ok(None));
        assert_eq!(probabilistic_sharpe(&[0.01; 5], 0.0), Ok(None));
        assert!(sharpe(&[0.01], 0.0, 252.0).is_err());
    }
}
