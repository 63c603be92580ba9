//! Backtests of value at risk: forecasts over a rolling window, the days that exceeded them, and whether these are as many
//! and as independent as the confidence level promises.

mod christoffersen;
mod forecast;
mod kupiec;
mod likelihood;
mod traffic_light;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use christoffersen::{Independence, christoffersen};
pub use forecast::{Forecast, rolling_forecasts};
pub use kupiec::kupiec;
pub use likelihood::LikelihoodRatio;
pub use traffic_light::{TrafficLight, Zone, traffic_light};

use crate::QuantError;

/// A backtest of value at risk over a rolling window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ValueAtRiskBacktest)]
pub struct Backtest {
    /// The confidence level of the forecasts.
    pub confidence_level: f64,
    /// The returns that each forecast rests on.
    pub window: usize,
    /// How the forecasts are made.
    pub forecast: Forecast,
    /// The forecasts, oldest first: entry i is for the return with index `window + i`, from the `window` returns before it.
    pub value_at_risk: Vec<f64>,
    /// The indices of the returns below minus their forecast.
    pub exceptions: Vec<usize>,
    /// Their dates, where they are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception_dates: Option<Vec<Date>>,
    /// How many exceptions the confidence level promises.
    pub expected_exceptions: f64,
    /// Kupiec's test of their number.
    pub kupiec: LikelihoodRatio,
    /// Christoffersen's test of their independence; null for fewer than two forecasts.
    pub christoffersen: Option<Independence>,
    /// Christoffersen's test of both at once: the sum of the two ratios, with two degrees of freedom; null as above.
    pub conditional_coverage: Option<LikelihoodRatio>,
    /// Basel's traffic light over the last 250 forecasts, or over all where there are fewer.
    pub traffic_light: TrafficLight,
}

impl Backtest {
    /// The same, with the exceptions' dates.
    ///
    /// * `dates`: one a return.
    #[must_use]
    pub fn dated(mut self, dates: &[Date]) -> Self {
        self.exception_dates = self.exceptions.iter().map(|&at| dates.get(at).copied()).collect();
        self
    }
}

/// Backtests one-period value at risk. An exception is `r_t < -VaR_t`, strictly.
///
/// * `returns`: the portfolio's simple returns, one a period, oldest first; more than `window`.
/// * `confidence_level`: in (0, 1), for example 0.99.
/// * `window`: the returns that each forecast rests on, at least 2, for example 250.
///
/// # Errors
/// `TooFewRows`, `NotFinite`, `OutOfRange` for a level, window or decay outside its range, `Overflow`.
pub fn backtest(
    returns: &[f64],
    confidence_level: f64,
    window: usize,
    forecast: Forecast,
) -> Result<Backtest, QuantError> {
    let value_at_risk = rolling_forecasts(returns, confidence_level, window, forecast)?;
    let hits: Vec<bool> = value_at_risk.iter().zip(&returns[window..]).map(|(var, r)| *r < -var).collect();
    let count = hits.iter().filter(|&&hit| hit).count();
    let exceptions = hits.iter().enumerate().filter(|&(_, &hit)| hit).map(|(i, _)| window + i).collect();
    let kupiec = kupiec(count, hits.len(), confidence_level)?;
    let christoffersen = christoffersen(&hits);
    let both = christoffersen.map(|independence| kupiec.statistic + independence.test.statistic);
    Ok(Backtest {
        confidence_level,
        window,
        forecast,
        expected_exceptions: (1.0 - confidence_level) * hits.len() as f64,
        value_at_risk,
        exceptions,
        exception_dates: None,
        kupiec,
        christoffersen,
        conditional_coverage: both.map(LikelihoodRatio::two_degrees),
        traffic_light: traffic_light(&hits, confidence_level)?,
    })
}
