use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    QuantError,
    rank::rank,
    var_cvar::{
        Sample, check_confidence_levels, ewma, must_be_returns, parametric_normal, quantile::quantile,
    },
};

/// How value at risk is forecast for one period ahead.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = ValueAtRiskForecast)]
pub enum Forecast {
    /// Minus the window's `⌈α n⌉`-th lowest return.
    Historical,
    /// Minus the window's interpolated (type-7) quantile.
    HistoricalLinear,
    /// A normal distribution with the window's mean and standard deviation.
    Normal,
    /// A normal distribution with mean zero and the window's exponentially weighted volatility.
    Ewma {
        /// The decay factor in (0, 1), for example 0.94.
        lambda: f64,
    },
}

/// The forecasts for the returns from index `window` on, each from the `window` returns before it.
///
/// The window of the historical methods is kept sorted: one removal and one insertion a step.
///
/// # Errors
/// `TooFewRows` for no more returns than the window, `NotFinite`, `OutOfRange` for a level, window (at least 2) or decay
/// outside its range, `Overflow`.
pub fn rolling_forecasts(
    returns: &[f64],
    confidence_level: f64,
    window: usize,
    forecast: Forecast,
) -> Result<Vec<f64>, QuantError> {
    check_confidence_levels(&[confidence_level])?;
    if window < 2 {
        return Err(QuantError::OutOfRange { name: "window", range: "at least 2", value: window as f64 });
    }
    if returns.len() <= window {
        return Err(QuantError::TooFewRows { rows: returns.len(), minimum: window.saturating_add(1) });
    }
    must_be_returns(returns)?;
    let alpha = 1.0 - confidence_level;
    let before = returns[..returns.len() - 1].windows(window);
    match forecast {
        Forecast::Historical => {
            let at = rank(alpha, window as u64) as usize - 1;
            Ok(sorted_windows(returns, window, |sorted| -sorted[at]))
        }
        Forecast::HistoricalLinear => Ok(sorted_windows(returns, window, |sorted| -quantile(sorted, alpha))),
        Forecast::Normal => before
            .map(|window| Ok(parametric_normal(&Sample::of(window)?, confidence_level, 1)?.value_at_risk))
            .collect(),
        Forecast::Ewma { lambda } => {
            before.map(|window| Ok(ewma(window, confidence_level, 1, lambda)?.value_at_risk)).collect()
        }
    }
}

fn sorted_windows(returns: &[f64], window: usize, figure: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let mut sorted = returns[..window].to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let mut figures = Vec::with_capacity(returns.len() - window);
    figures.push(figure(&sorted));
    for (leaves, enters) in returns.iter().zip(&returns[window..returns.len() - 1]) {
        let place =
            |value: &f64, sorted: &[f64]| sorted.partition_point(|held| held.total_cmp(value).is_lt());
        sorted.remove(place(leaves, &sorted));
        sorted.insert(place(enters, &sorted), *enters);
        figures.push(figure(&sorted));
    }
    figures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_forecast_rests_on_the_window_before_it() {
        let returns: Vec<f64> = (0..40).map(|i| f64::from(i * 13 % 17 - 8) / 100.0).collect();
        for forecast in [Forecast::Historical, Forecast::HistoricalLinear, Forecast::Normal] {
            let all = rolling_forecasts(&returns, 0.9, 10, forecast).unwrap();
            assert_eq!(all.len(), 30);
            let last = rolling_forecasts(&returns[29..], 0.9, 10, forecast).unwrap();
            assert_eq!(last.len(), 1);
            assert_eq!(all[29].to_bits(), last[0].to_bits());
        }
    }

    #[test]
    fn refuses_short_histories() {
        let few = rolling_forecasts(&[0.1; 10], 0.9, 10, Forecast::Historical);
        assert_eq!(few, Err(QuantError::TooFewRows { rows: 10, minimum: 11 }));
        assert!(rolling_forecasts(&[0.1; 10], 0.9, 1, Forecast::Historical).is_err());
        assert!(rolling_forecasts(&[0.1; 10], 0.9, 5, Forecast::Ewma { lambda: 2.0 }).is_err());
    }
}
