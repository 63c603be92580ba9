use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::AssetHistory;

/// The input of a VaR and CVaR task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VarCvar {
    /// The portfolio and its history.
    pub portfolio: AssetHistory,
    /// The date of each return; nothing where they aren't known.
    pub dates: Vec<Date>,
    /// Where value at risk is told, each in (0, 1).
    pub confidence_levels: Vec<f64>,
    /// For how many trading days, each in 1–2,520.
    pub horizons: Vec<u32>,
    /// Methods beside historical, normal and Cornish-Fisher.
    pub variants: Vec<VarCvarVariant>,
    /// How figures of one day become those of a horizon.
    pub horizon_scaling: HorizonScaling,
    /// Whether and how the risk is told by asset.
    pub decomposition: Option<Decomposition>,
    /// Whether and how value at risk is tested against the past.
    pub backtest: Option<Backtest>,
    /// Whether other measures of risk are told.
    pub risk_measures: bool,
}

/// A method beside historical, normal and Cornish-Fisher; decay factors are in (0, 1).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum VarCvarVariant {
    /// The interpolated quantile of the history.
    HistoricalLinear,
    /// Older returns count less.
    WeightedHistorical {
        /// The decay factor.
        lambda: f64,
    },
    /// Returns are rescaled to today's volatility.
    FilteredHistorical(VolatilityFilter),
    /// A smoothed history.
    Kernel,
    /// A normal distribution with an exponentially weighted volatility and no mean.
    Ewma {
        /// The decay factor.
        lambda: f64,
    },
    /// A Student-t distribution.
    StudentT {
        /// Above 2; fitted when not given.
        degrees_of_freedom: Option<f64>,
    },
}

/// The volatilities of filtered historical simulation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum VolatilityFilter {
    /// Exponentially weighted.
    Ewma {
        /// The decay factor.
        lambda: f64,
    },
    /// GARCH(1,1), fitted by maximum likelihood.
    Garch,
}

/// How figures of one day become those of a horizon h.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HorizonScaling {
    /// As each method has it: distributions scale their moments (mean times h, deviation times √h), histories and zero-mean
    /// volatilities their figures by √h.
    #[default]
    ByMethod,
    /// Every figure of one day times √h.
    SquareRootOfTime,
}

/// Which risk is told by asset.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Decomposition {
    /// In (0, 1).
    pub confidence_level: f64,
    /// In 1–2,520.
    pub horizon: u32,
    /// The normal method's mean.
    pub mean: DecompositionMean,
}

/// Which mean the normal distribution has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecompositionMean {
    /// Zero: over short horizons the sample's mean is mostly noise.
    #[default]
    Zero,
    /// The sample's.
    Sample,
}

/// A backtest over a rolling window.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Backtest {
    /// In (0, 1).
    pub confidence_level: f64,
    /// The days that each forecast rests on: at least 2, fewer than the history has.
    pub window: usize,
    /// How value at risk is forecast.
    pub forecast: BacktestForecast,
}

/// How value at risk is forecast for the next day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum BacktestForecast {
    /// From the window's order statistics.
    Historical,
    /// From its interpolated quantile.
    HistoricalLinear,
    /// From a normal distribution with its mean and standard deviation.
    Normal,
    /// From a normal distribution with its exponentially weighted volatility.
    Ewma {
        /// The decay factor in (0, 1).
        lambda: f64,
    },
}
