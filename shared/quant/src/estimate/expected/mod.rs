//! Estimators of expected annual returns.

mod bayes_stein;
mod capm;
mod ema;
mod historical;
mod james_stein;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use bayes_stein::bayes_stein;
pub use capm::capm;
pub use ema::ema;
pub(in crate::estimate) use ema::exponential_weights;
pub use historical::historical_mean;
pub use james_stein::james_stein;

use crate::{QuantError, Returns};

fn yes() -> bool {
    true
}

fn default_span() -> f64 {
    500.0
}

/// How the assets' expected annual returns are found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum ReturnsModel {
    /// The mean of the history.
    Mean {
        /// Whether returns are compounded (geometric mean) or averaged (arithmetic mean).
        #[serde(default = "yes")]
        compounding: bool,
    },
    /// The exponentially weighted mean of the history.
    Ema {
        /// The span in periods; the newest return weighs `2 / (span + 1)`.
        #[serde(default = "default_span")]
        span: f64,
        /// Whether the mean is compounded over the year.
        #[serde(default = "yes")]
        compounding: bool,
    },
    /// The capital asset pricing model.
    Capm {
        /// The annual rate without risk, as a fraction.
        #[serde(default)]
        risk_free_rate: f64,
        /// The market's returns in the history's periods; without them the assets' equally weighted mean.
        #[serde(default)]
        market: Option<Vec<f64>>,
        /// Whether the market's return is compounded.
        #[serde(default = "yes")]
        compounding: bool,
    },
    /// Arithmetic means, shrunk towards their grand mean by James and Stein.
    JamesStein,
    /// Arithmetic means, shrunk towards their grand mean by Jorion's Bayes-Stein estimator.
    BayesStein,
    /// Values of one's own.
    Given {
        /// One annual return an asset, as a fraction.
        values: Vec<f64>,
    },
}

impl Default for ReturnsModel {
    fn default() -> Self {
        Self::Mean { compounding: true }
    }
}

/// Expected returns, and how strongly they were shrunk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EstimatedReturns {
    /// One annual return an asset, as a fraction.
    pub values: Vec<f64>,
    /// How far the means were moved towards their grand mean, 0 to 1; null for an estimator that doesn't shrink.
    pub shrinkage: Option<f64>,
    /// Whether the formula's shrinkage was outside 0 to 1 and was set to the nearer end.
    pub shrinkage_clipped: bool,
}

impl EstimatedReturns {
    pub(crate) fn plain(values: Vec<f64>) -> Self {
        Self { values, shrinkage: None, shrinkage_clipped: false }
    }
}

impl ReturnsModel {
    /// The assets' expected annual returns.
    ///
    /// * `history`: simple returns; not needed for given values.
    /// * `periods_per_year`: 252 for trading days.
    ///
    /// # Errors
    /// `Empty` without a history where one is needed, `AssetsMismatch`, `OutOfRange`, `NotFinite`, `Overflow`.
    pub fn estimate(
        &self,
        history: Option<&Returns>,
        periods_per_year: f64,
    ) -> Result<EstimatedReturns, QuantError> {
        let needed = || history.ok_or(QuantError::Empty { what: "returns" });
        let estimate = match self {
            Self::Mean { compounding } => historical_mean(needed()?, periods_per_year, *compounding)?,
            Self::Ema { span, compounding } => ema(needed()?, periods_per_year, *span, *compounding)?,
            Self::Capm { risk_free_rate, market, compounding } => {
                capm(needed()?, market.as_deref(), *risk_free_rate, periods_per_year, *compounding)?
            }
            Self::JamesStein => return james_stein(needed()?, periods_per_year),
            Self::BayesStein => return bayes_stein(needed()?, periods_per_year),
            Self::Given { values } => values.clone(),
        };
        match estimate.iter().position(|value| !value.is_finite()) {
            Some(column) => Err(QuantError::NotFinite { what: "expected_returns", row: 0, column }),
            None => Ok(EstimatedReturns::plain(estimate)),
        }
    }
}

/// Means moved by `intensity` towards their grand mean, annualised; the intensity is clipped to 0..=1.
fn shrink(means: &[f64], grand: f64, intensity: f64, periods_per_year: f64) -> EstimatedReturns {
    let kept = if intensity.is_nan() { 1.0 } else { intensity.clamp(0.0, 1.0) };
    let values = means.iter().map(|mean| ((1.0 - kept) * mean + kept * grand) * periods_per_year).collect();
    let shrinkage_clipped = !(0.0..=1.0).contains(&intensity);
    EstimatedReturns { values, shrinkage: Some(kept), shrinkage_clipped }
}
