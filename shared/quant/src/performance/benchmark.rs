use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{annual_return, cumulative_return, must_be_wealth};
use crate::{
    Matrix, QuantError,
    moments::{covariance, standard_deviation},
};

/// A portfolio against a benchmark over the same periods. Null where a figure has no value, for example for a benchmark
/// without variance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BenchmarkFigures {
    /// The benchmark's cumulative return.
    pub cumulative_return: f64,
    /// The benchmark's annual return.
    pub annual_return: Option<f64>,
    /// The benchmark's annual volatility.
    pub annual_volatility: f64,
    /// The slope of the portfolio's returns on the benchmark's.
    pub beta: Option<f64>,
    /// Jensen's alpha, compounded to a year.
    pub alpha: Option<f64>,
    /// The intercept without a risk-free rate, times the periods a year.
    pub alpha_simple: Option<f64>,
    /// The correlation of the returns.
    pub correlation: Option<f64>,
    /// Its square.
    pub r_squared: Option<f64>,
    /// The annual standard deviation of the active return.
    pub tracking_error: f64,
    /// The annual mean active return over the tracking error.
    pub information_ratio: Option<f64>,
    /// The annual mean excess return over beta.
    pub treynor: Option<f64>,
    /// The ratio of annual returns over the periods in which the benchmark did not fall.
    pub up_capture: Option<f64>,
    /// The ratio of annual returns over the periods in which the benchmark fell.
    pub down_capture: Option<f64>,
    /// The ratio of annual returns over all periods.
    pub capture: Option<f64>,
}

/// The figures of a portfolio against a benchmark, with the per-period risk-free rate f and p periods a year:
///
/// * `β = cov(r, b) / var(b)`, `α = (1 + mean(r - f - β (b - f)))^p - 1` (Jensen 1968, compounded as empyrical does),
///   `α_simple = p (mean r - β mean b)`;
/// * tracking error `σ(r - b) √p` (ddof = 1), information ratio `mean(r - b) / σ(r - b) · √p` (Grinold & Kahn 2000);
/// * Treynor ratio `p mean(r - f) / β`;
/// * capture: annual return of r over that of b, over the periods with `b >= 0` (up), with `b < 0` (down), over all.
///
/// # Errors
/// `LengthMismatch` for a benchmark of another length, `TooFewRows` for fewer than two returns, `NotFinite`, `TotalLoss`,
/// `Overflow`.
pub fn against_benchmark(
    returns: &[f64],
    benchmark: &[f64],
    risk_free: f64,
    periods_per_year: f64,
) -> Result<BenchmarkFigures, QuantError> {
    must_be_wealth(returns)?;
    must_be_wealth(benchmark)?;
    let (means, covariances) = joint(returns, benchmark)?;
    let active: Vec<f64> = returns.iter().zip(benchmark).map(|(r, b)| r - b).collect();
    let tracking = standard_deviation(&active, 1)?;
    let root = periods_per_year.sqrt();
    let [mean, benchmark_mean] = means;
    let [own, both, other] = covariances;
    let beta = number(both / other);
    let correlation = number(both / (own * other).sqrt());
    let captured = |keep: &dyn Fn(f64) -> bool| {
        let pairs: Vec<(f64, f64)> =
            returns.iter().copied().zip(benchmark.iter().copied()).filter(|&(_, b)| keep(b)).collect();
        let annual = |values: Vec<f64>| {
            let n = values.len();
            cumulative_return(&values).ok().and_then(|total| annual_return(total, n, periods_per_year))
        };
        let ours = annual(pairs.iter().map(|pair| pair.0).collect())?;
        let theirs = annual(pairs.iter().map(|pair| pair.1).collect())?;
        number(ours / theirs)
    };
    let total = cumulative_return(benchmark)?;
    let alpha = |beta: f64| {
        let excess = mean - risk_free - beta * (benchmark_mean - risk_free);
        number(libm::expm1(libm::log1p(excess) * periods_per_year))
    };
    Ok(BenchmarkFigures {
        cumulative_return: total,
        annual_return: annual_return(total, benchmark.len(), periods_per_year),
        annual_volatility: other.sqrt() * root,
        beta,
        alpha: beta.and_then(alpha),
        alpha_simple: beta.map(|beta| periods_per_year * (mean - beta * benchmark_mean)),
        correlation,
        r_squared: correlation.map(|value| value * value),
        tracking_error: tracking * root,
        information_ratio: number((mean - benchmark_mean) / tracking * root),
        treynor: beta.and_then(|beta| number((mean - risk_free) * periods_per_year / beta)),
        up_capture: captured(&|b| b >= 0.0),
        down_capture: captured(&|b| b < 0.0),
        capture: captured(&|_| true),
    })
}

/// `cov(r, b) / var(b)`; `None` for a benchmark without variance.
///
/// # Errors
/// As [`against_benchmark`].
pub fn beta(returns: &[f64], benchmark: &[f64]) -> Result<Option<f64>, QuantError> {
    let (_, [_, both, other]) = joint(returns, benchmark)?;
    Ok(number(both / other))
}

/// The two means, and the variance, covariance and variance.
fn joint(returns: &[f64], benchmark: &[f64]) -> Result<([f64; 2], [f64; 3]), QuantError> {
    if returns.len() != benchmark.len() {
        let (found, expected) = (benchmark.len(), returns.len());
        return Err(QuantError::LengthMismatch { what: "the benchmark", found, expected });
    }
    let pairs: Vec<[f64; 2]> = returns.iter().zip(benchmark).map(|(&r, &b)| [r, b]).collect();
    let (means, matrix) = covariance(&Matrix::from_rows("returns", &pairs)?)?;
    Ok(([means[0], means[1]], [matrix[(0, 0)], matrix[(0, 1)], matrix[(1, 1)]]))
}

fn number(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twice_the_benchmark_has_a_beta_of_two() {
        let benchmark = [0.01, -0.02, 0.03, 0.0];
        let doubled: Vec<f64> = benchmark.iter().map(|b| 2.0 * b).collect();
        let figures = against_benchmark(&doubled, &benchmark, 0.0, 252.0).unwrap();
        assert!((figures.beta.unwrap() - 2.0).abs() < 1e-12);
        assert!((figures.r_squared.unwrap() - 1.0).abs() < 1e-12);
        assert!(figures.alpha.unwrap().abs() < 1e-12);
        assert!(
            (figures.information_ratio.unwrap() - figures.treynor.unwrap() / figures.tracking_error).abs()
                < 1e-9
        );
    }

    #[test]
    fn the_benchmark_itself_has_no_active_risk() {
        let returns = [0.01, 0.02, 0.03];
        let figures = against_benchmark(&returns, &returns, 0.0, 252.0).unwrap();
        assert_eq!((figures.information_ratio, figures.down_capture), (None, None));
        let flat = against_benchmark(&returns, &[0.0; 3], 0.0, 252.0).unwrap();
        assert_eq!((flat.beta, flat.alpha, flat.correlation, flat.capture), (None, None, None, None));
        assert!(against_benchmark(&returns, &returns[1..], 0.0, 252.0).is_err());
    }
}
