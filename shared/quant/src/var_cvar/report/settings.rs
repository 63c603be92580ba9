use super::super::{VolatilityFilter, check_confidence_levels, check_horizon};
use crate::{QuantError, backtest::Forecast, decomposition};

/// What a [`super::Report`] is to tell.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportSettings {
    /// Each in (0, 1), for example 0.95.
    pub confidence_levels: Vec<f64>,
    /// In periods, 1 to [`crate::var_cvar::MAXIMUM_HORIZON`].
    pub horizons: Vec<u32>,
    /// Methods beside the three that are always told.
    pub variants: Vec<Variant>,
    /// How figures of one period become those of a horizon.
    pub horizon_scaling: HorizonScaling,
    /// Whether and how the risk is told by asset.
    pub decomposition: Option<decomposition::Settings>,
    /// Whether and how value at risk is tested against the past.
    pub backtest: Option<BacktestSettings>,
    /// Whether other measures of risk are told.
    pub risk_measures: bool,
}

/// A method beside historical, normal and Cornish-Fisher.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Variant {
    /// [`crate::var_cvar::historical_linear`].
    HistoricalLinear,
    /// [`crate::var_cvar::weighted_historical`].
    WeightedHistorical {
        /// The decay factor in (0, 1).
        lambda: f64,
    },
    /// [`crate::var_cvar::filtered_historical`].
    FilteredHistorical {
        /// The volatilities that the returns are scaled by.
        volatility: VolatilityFilter,
    },
    /// [`crate::var_cvar::kernel`].
    Kernel,
    /// [`crate::var_cvar::ewma`].
    Ewma {
        /// The decay factor in (0, 1).
        lambda: f64,
    },
    /// [`crate::var_cvar::student_t`].
    StudentT {
        /// Above 2; [`crate::var_cvar::degrees_of_freedom`] of the sample when not given.
        degrees_of_freedom: Option<f64>,
    },
}

/// How figures of one period become those of a horizon h.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum HorizonScaling {
    /// As each method has it: distributions scale their moments (`μ h`, `σ √h`), histories and zero-mean volatilities
    /// their figures by `√h`.
    #[default]
    ByMethod,
    /// Every figure of one period times `√h`, as Basel's market risk rules once had it.
    SquareRootOfTime,
}

/// A backtest over a rolling window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BacktestSettings {
    /// In (0, 1), for example 0.99.
    pub confidence_level: f64,
    /// The returns that each forecast rests on.
    pub window: usize,
    /// How value at risk is forecast.
    pub forecast: Forecast,
}

impl ReportSettings {
    /// The three usual methods and nothing more.
    pub fn new(confidence_levels: Vec<f64>, horizons: Vec<u32>) -> Self {
        Self {
            confidence_levels,
            horizons,
            variants: Vec::new(),
            horizon_scaling: HorizonScaling::default(),
            decomposition: None,
            backtest: None,
            risk_measures: false,
        }
    }

    pub(super) fn check(&self) -> Result<(), QuantError> {
        check_confidence_levels(&self.confidence_levels)?;
        if self.horizons.is_empty() {
            return Err(QuantError::Empty { what: "horizons" });
        }
        self.horizons.iter().try_for_each(|&horizon| check_horizon(horizon))
    }
}
