use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{beta, sharpe};
use crate::{QuantError, moments::standard_deviation};

/// Figures over a moving window. Entry i is of the `window` returns that end with the return of index `window - 1 + i`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = RollingFigures)]
pub struct Rolling {
    /// The window in periods.
    pub window: usize,
    /// The annual volatility (ddof = 1).
    pub volatility: Vec<f64>,
    /// The annual Sharpe ratio; null for a window without spread.
    pub sharpe: Vec<Option<f64>>,
    /// The beta to the benchmark; null for a window in which it doesn't move. Null as a whole without a benchmark.
    pub beta: Option<Vec<Option<f64>>>,
}

/// Volatility, Sharpe ratio and beta over a moving window, each computed afresh, so that no rounding piles up.
///
/// * `risk_free`: the rate of one period.
/// * `window`: in periods, from 2 to the number of returns.
///
/// # Errors
/// `OutOfRange` for the window, `LengthMismatch` for a benchmark of another length, `NotFinite`, `Overflow`.
pub fn rolling(
    returns: &[f64],
    benchmark: Option<&[f64]>,
    window: usize,
    risk_free: f64,
    periods_per_year: f64,
) -> Result<Rolling, QuantError> {
    if window < 2 || window > returns.len() {
        let range = "from 2 to the number of returns";
        return Err(QuantError::OutOfRange { name: "rolling_window", range, value: window as f64 });
    }
    if let Some(benchmark) = benchmark.filter(|benchmark| benchmark.len() != returns.len()) {
        let (found, expected) = (benchmark.len(), returns.len());
        return Err(QuantError::LengthMismatch { what: "the benchmark", found, expected });
    }
    let root = periods_per_year.sqrt();
    let windows = || returns.windows(window);
    let betas = |benchmark: &[f64]| {
        windows().zip(benchmark.windows(window)).map(|(own, other)| beta(own, other)).collect()
    };
    Ok(Rolling {
        window,
        volatility: windows()
            .map(|own| Ok(standard_deviation(own, 1)? * root))
            .collect::<Result<_, QuantError>>()?,
        sharpe: windows().map(|own| sharpe(own, risk_free, periods_per_year)).collect::<Result<_, _>>()?,
        beta: benchmark.map(betas).transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_entry_a_window() {
        let returns = [0.01, -0.01, 0.02, 0.02];
        let figures = rolling(&returns, Some(&[0.01, -0.01, 0.0, 0.0]), 2, 0.0, 1.0).unwrap();
        assert_eq!(figures.volatility.len(), 3);
        assert!((figures.sharpe[0].unwrap()).abs() < 1e-15 && figures.sharpe[2].is_none());
        let beta = figures.beta.unwrap();
        assert!((beta[0].unwrap() - 1.0).abs() < 1e-12 && beta[2].is_none());
        assert!(
            rolling(&returns, None, 5, 0.0, 1.0).is_err() && rolling(&returns, None, 1, 0.0, 1.0).is_err()
        );
        assert!(rolling(&returns, Some(&[0.1]), 2, 0.0, 1.0).is_err());
    }
}
