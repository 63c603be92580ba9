//! Value at risk (`VaR`) and conditional value at risk (`CVaR`) of a portfolio's history of simple returns.
//!
//! Figures are fractions of the portfolio's value; positive = loss. `α = 1 - confidence level` is the tail's probability.

mod conventions;
mod cornish_fisher;
mod ewma;
mod filtered_historical;
mod historical;
mod historical_linear;
mod kernel;
pub mod measures;
mod parametric_normal;
pub(crate) mod quantile;
mod report;
mod student_t;
mod weighted_historical;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use conventions::Conventions;
pub use cornish_fisher::{CornishFisherRisk, cornish_fisher};
pub use ewma::{EwmaRisk, ewma, ewma_variances};
pub use filtered_historical::{FilteredHistoricalRisk, VolatilityFilter, filtered_historical};
pub use historical::{HistoricalRisk, OverlappingRisk, historical};
pub use historical_linear::{HistoricalLinearRisk, historical_linear};
pub use kernel::{KernelRisk, kernel};
pub use parametric_normal::{NormalRisk, parametric_normal};
pub use report::{BacktestSettings, HorizonScaling, Report, ReportSettings, Variant, report};
pub use student_t::{StudentTRisk, degrees_of_freedom, student_t};
pub use weighted_historical::{WeightedHistoricalRisk, weighted_historical};

use crate::{
    QuantError,
    moments::{Estimator, excess_kurtosis, mean, skewness, standard_deviation},
};

/// The longest horizon, in periods (days): ten years.
pub const MAXIMUM_HORIZON: u32 = 2520;

/// Value at risk and conditional value at risk by three methods.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct VarCvar {
    /// The figures, by method.
    pub methods: Methods,
    /// The history that the figures rest on.
    pub sample: Sample,
    /// How the figures are meant.
    pub conventions: Conventions,
}

/// One entry a horizon and confidence level in each method: horizons in the order asked for, and within each the
/// confidence levels.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = VarCvarMethods)]
pub struct Methods {
    /// From the order statistics of the history; horizons by the square root of time.
    pub historical: Vec<HistoricalRisk>,
    /// From a normal distribution with the history's mean and standard deviation.
    pub parametric_normal: Vec<NormalRisk>,
    /// From the Cornish-Fisher expansion, which adds the history's skewness and kurtosis.
    pub cornish_fisher: Vec<CornishFisherRisk>,
    /// From the interpolated quantile of the history; like all that follow, only where it was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub historical_linear: Vec<HistoricalLinearRisk>,
    /// From a history whose older returns count less.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weighted_historical: Vec<WeightedHistoricalRisk>,
    /// From a history rescaled to today's volatility.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filtered_historical: Vec<FilteredHistoricalRisk>,
    /// From a smoothed history.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kernel: Vec<KernelRisk>,
    /// From a normal distribution with an exponentially weighted volatility and no mean.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ewma: Vec<EwmaRisk>,
    /// From a Student-t distribution with the history's mean and standard deviation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub student_t: Vec<StudentTRisk>,
}

/// The moments of a history of portfolio returns, per period.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Sample {
    /// The number of returns.
    pub observations: usize,
    /// Their mean, as a fraction.
    pub mean: f64,
    /// Their sample standard deviation (ddof = 1), as a fraction.
    pub standard_deviation: f64,
    /// Their biased skewness; null for constant returns.
    pub skewness: Option<f64>,
    /// Their biased excess kurtosis (0 for a normal distribution); null for constant returns.
    pub excess_kurtosis: Option<f64>,
}

impl Sample {
    /// The moments of simple returns.
    ///
    /// # Errors
    /// `TooFewRows` for fewer than two returns, `NotFinite`, `Overflow`.
    pub fn of(returns: &[f64]) -> Result<Self, QuantError> {
        if returns.len() < 2 {
            return Err(QuantError::TooFewRows { rows: returns.len(), minimum: 2 });
        }
        Ok(Self {
            observations: returns.len(),
            mean: mean(returns)?,
            standard_deviation: standard_deviation(returns, 1)?,
            skewness: skewness(returns, Estimator::Biased)?,
            excess_kurtosis: excess_kurtosis(returns, Estimator::Biased)?,
        })
    }
}

/// Value at risk and conditional value at risk of a portfolio by three methods.
///
/// * `returns`: the portfolio's simple returns, one a period, oldest first ([`crate::Returns::portfolio`]).
/// * `confidence_levels`: each in (0, 1), for example 0.95.
/// * `horizons`: in periods, 1 to [`MAXIMUM_HORIZON`].
///
/// # Errors
/// `Empty` without a level or a horizon, `OutOfRange` for one outside its range, `TooFewRows` for fewer than two
/// returns, `NotFinite` for NaN or infinities, `Overflow` where a figure is no number.
pub fn var_cvar(returns: &[f64], confidence_levels: &[f64], horizons: &[u32]) -> Result<VarCvar, QuantError> {
    check_confidence_levels(confidence_levels)?;
    if horizons.is_empty() {
        return Err(QuantError::Empty { what: "horizons" });
    }
    horizons.iter().try_for_each(|&horizon| check_horizon(horizon))?;
    let sample = Sample::of(returns)?;
    let mut methods = Methods::default();
    for &horizon in horizons {
        methods.historical.extend(historical(returns, confidence_levels, horizon)?);
        for &level in confidence_levels {
            methods.parametric_normal.push(parametric_normal(&sample, level, horizon)?);
            methods.cornish_fisher.push(cornish_fisher(&sample, level, horizon)?);
        }
    }
    Ok(VarCvar { methods, sample, conventions: Conventions::default() })
}

pub(crate) fn check_confidence_levels(levels: &[f64]) -> Result<(), QuantError> {
    if levels.is_empty() {
        return Err(QuantError::Empty { what: "confidence_levels" });
    }
    match levels.iter().find(|&&level| !(level > 0.0 && level < 1.0)) {
        Some(&value) => {
            Err(QuantError::OutOfRange { name: "confidence_level", range: "between 0 and 1", value })
        }
        None => Ok(()),
    }
}

pub(crate) fn check_horizon(horizon: u32) -> Result<(), QuantError> {
    if (1..=MAXIMUM_HORIZON).contains(&horizon) {
        return Ok(());
    }
    Err(QuantError::OutOfRange { name: "horizon", range: "from 1 to 2520", value: f64::from(horizon) })
}

/// At least one return, and all of them numbers.
pub(crate) fn must_be_returns(returns: &[f64]) -> Result<(), QuantError> {
    if returns.is_empty() {
        return Err(QuantError::Empty { what: "returns" });
    }
    match returns.iter().position(|value| !value.is_finite()) {
        Some(column) => Err(QuantError::NotFinite { what: "returns", row: 0, column }),
        None => Ok(()),
    }
}

/// The pair, if both figures are numbers.
fn finite_pair(var: f64, cvar: f64) -> Result<(f64, f64), QuantError> {
    if var.is_finite() && cvar.is_finite() {
        return Ok((var, cvar));
    }
    Err(QuantError::Overflow { what: "a value at risk" })
}
