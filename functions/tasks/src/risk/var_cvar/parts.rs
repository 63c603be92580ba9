use domain::{
    Validation,
    risk::{Backtest, BacktestForecast, Decomposition, DecompositionMean},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{MAXIMUM_HORIZON, variants::decay};
use crate::{risk::levels, state::within};

const USUAL_WINDOW: usize = 250;

/// Which risk is told by asset.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecompositionRequest {
    /// Between 0 and 1; 0.95 when not given.
    #[schema(example = 0.95)]
    confidence_level: Option<f64>,
    /// In trading days, 1–2,520; one day when not given.
    #[schema(minimum = 1, maximum = 2520, example = 1)]
    horizon: Option<u32>,
    /// Which mean the normal method has; `zero` when not given.
    #[serde(default)]
    mean: DecompositionMean,
}

/// A backtest of one day's value at risk over a rolling window.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BacktestRequest {
    /// Between 0 and 1; 0.99 when not given.
    #[schema(example = 0.99)]
    confidence_level: Option<f64>,
    /// The days that each forecast rests on: at least 2, and fewer than the history has; 250 when not given.
    #[schema(minimum = 2, example = 250)]
    window: Option<usize>,
    /// How value at risk is forecast; `historical` when not given.
    #[serde(default)]
    forecast: Forecast,
    /// The decay factor of the forecast `ewma`; 0.94 when not given.
    ewma_lambda: Option<f64>,
}

/// How value at risk is forecast for the next day.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Forecast {
    /// Minus the window's ⌈α n⌉-th lowest return.
    #[default]
    Historical,
    /// Minus the window's interpolated quantile.
    HistoricalLinear,
    /// A normal distribution with the window's mean and standard deviation.
    Normal,
    /// A normal distribution without mean and with the window's exponentially weighted volatility.
    Ewma,
}

impl DecompositionRequest {
    pub(super) fn parse(&self, validation: &mut Validation) -> Decomposition {
        let (confidence_level, horizon) = (self.confidence_level.unwrap_or(0.95), self.horizon.unwrap_or(1));
        levels::check(confidence_level, "/decomposition/confidence_level", validation);
        validation.check("/decomposition/horizon", within(horizon, 1, MAXIMUM_HORIZON));
        Decomposition { confidence_level, horizon, mean: self.mean }
    }
}

impl BacktestRequest {
    pub(super) fn parse(&self, validation: &mut Validation) -> Backtest {
        let (confidence_level, window) =
            (self.confidence_level.unwrap_or(0.99), self.window.unwrap_or(USUAL_WINDOW));
        levels::check(confidence_level, "/backtest/confidence_level", validation);
        validation.require(window >= 2, "/backtest/window", format!("must be at least 2, but is {window}"));
        let lambda = decay(self.ewma_lambda, 0.94, "/backtest/ewma_lambda", validation);
        let forecast = match self.forecast {
            Forecast::Historical => BacktestForecast::Historical,
            Forecast::HistoricalLinear => BacktestForecast::HistoricalLinear,
            Forecast::Normal => BacktestForecast::Normal,
            Forecast::Ewma => BacktestForecast::Ewma { lambda },
        };
        Backtest { confidence_level, window, forecast }
    }
}
