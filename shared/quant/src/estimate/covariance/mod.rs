//! Estimators of a covariance per period.

mod denoised;
mod ewma;
mod exponential;
mod gerber;
mod ledoit_wolf;
mod ledoit_wolf_correlation;
mod ledoit_wolf_factor;
mod oas;
mod sample;
mod semi;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use denoised::denoised;
pub use ewma::ewma;
pub use exponential::exponential;
pub use gerber::gerber;
pub use ledoit_wolf::ledoit_wolf_constant_variance;
pub use ledoit_wolf_correlation::ledoit_wolf_constant_correlation;
pub use ledoit_wolf_factor::ledoit_wolf_single_factor;
pub use oas::oracle_approximating;
pub use sample::{sample, shrunk};
pub use semi::semi;

use super::linear::scaled;
use crate::{Matrix, QuantError, Returns};

fn default_span() -> f64 {
    180.0
}

fn default_half_life() -> f64 {
    40.0
}

fn default_threshold() -> f64 {
    0.5
}

/// How the assets' covariance is found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum CovarianceModel {
    /// The sample covariance, ddof = 1.
    #[default]
    Sample,
    /// The sample covariance, shrunk by a given share towards the mean variance times the identity.
    Shrunk {
        /// The share of the target, 0 to 1.
        intensity: f64,
    },
    /// Exponentially weighted products around the means of the whole history.
    Exponential {
        /// The span in periods; the newest period weighs `2 / (span + 1)`.
        #[serde(default = "default_span")]
        span: f64,
    },
    /// Exponentially weighted products around 0 (`RiskMetrics`).
    Ewma {
        /// After how many periods a weight is halved.
        #[serde(default = "default_half_life")]
        half_life: f64,
    },
    /// Products of the returns below a benchmark.
    Semi {
        /// The benchmark's return a period.
        #[serde(default)]
        benchmark: f64,
    },
    /// Ledoit and Wolf's shrinkage towards equal variances without correlation.
    LedoitWolfConstantVariance,
    /// Ledoit and Wolf's shrinkage towards a single-factor model.
    LedoitWolfSingleFactor,
    /// Ledoit and Wolf's shrinkage towards equal correlations.
    LedoitWolfConstantCorrelation,
    /// The oracle approximating shrinkage of Chen and others.
    Oas,
    /// The sample covariance without the noise that random-matrix theory finds in its eigenvalues.
    Denoised,
    /// The Gerber statistic: co-movements beyond a threshold.
    Gerber {
        /// The threshold in standard deviations, 0 to 1.
        #[serde(default = "default_threshold")]
        threshold: f64,
    },
    /// A matrix of one's own.
    Given {
        /// The annual covariance, assets × assets.
        #[schema(value_type = Vec<Vec<f64>>)]
        matrix: Matrix,
    },
}

/// A covariance, and how strongly it was shrunk.
#[derive(Debug, Clone, PartialEq)]
pub struct EstimatedCovariance {
    /// The covariance, assets × assets, symmetric.
    pub matrix: Matrix,
    /// The share of the shrinkage's target, 0 to 1; none for an estimator that doesn't shrink.
    pub shrinkage: Option<f64>,
}

impl EstimatedCovariance {
    fn plain(matrix: Matrix) -> Self {
        Self { matrix, shrinkage: None }
    }

    fn shrunk(matrix: Matrix, shrinkage: f64) -> Self {
        Self { matrix, shrinkage: Some(shrinkage) }
    }
}

impl CovarianceModel {
    /// The assets' annual covariance.
    ///
    /// * `history`: simple returns; not needed for a given matrix.
    /// * `periods_per_year`: 252 for trading days.
    ///
    /// # Errors
    /// `Empty` without a history where one is needed, `OutOfRange` for a parameter outside its range, `Overflow`.
    pub fn estimate(
        &self,
        history: Option<&Returns>,
        periods_per_year: f64,
    ) -> Result<EstimatedCovariance, QuantError> {
        let needed = || history.ok_or(QuantError::Empty { what: "returns" });
        let daily = match self {
            Self::Sample => EstimatedCovariance::plain(sample(needed()?)?),
            Self::Shrunk { intensity } => shrunk(needed()?, *intensity)?,
            Self::Exponential { span } => EstimatedCovariance::plain(exponential(needed()?, *span)?),
            Self::Ewma { half_life } => EstimatedCovariance::plain(ewma(needed()?, *half_life)?),
            Self::Semi { benchmark } => EstimatedCovariance::plain(semi(needed()?, *benchmark)?),
            Self::LedoitWolfConstantVariance => ledoit_wolf_constant_variance(needed()?)?,
            Self::LedoitWolfSingleFactor => ledoit_wolf_single_factor(needed()?)?,
            Self::LedoitWolfConstantCorrelation => ledoit_wolf_constant_correlation(needed()?)?,
            Self::Oas => oracle_approximating(needed()?)?,
            Self::Denoised => EstimatedCovariance::plain(denoised(needed()?)?),
            Self::Gerber { threshold } => EstimatedCovariance::plain(gerber(needed()?, *threshold)?),
            Self::Given { matrix } => return Ok(EstimatedCovariance::plain(matrix.clone())),
        };
        if let Some(at) = daily.matrix.values().iter().position(|value| !value.is_finite()) {
            let columns = daily.matrix.columns();
            return Err(QuantError::NotFinite {
                what: "covariance",
                row: at / columns,
                column: at % columns,
            });
        }
        Ok(EstimatedCovariance { matrix: scaled(&daily.matrix, periods_per_year), ..daily })
    }
}

/// `Σ_t w_t x_t x_tᵀ`.
fn weighted_gram(x: &Matrix, weights: &[f64]) -> Matrix {
    let mut rooted = x.clone();
    for (row, weight) in weights.iter().enumerate() {
        for column in 0..x.columns() {
            rooted[(row, column)] *= weight.sqrt();
        }
    }
    super::linear::gram(&rooted)
}
