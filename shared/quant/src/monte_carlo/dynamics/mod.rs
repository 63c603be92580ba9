//! The models of the assets' daily log-returns.

mod block_length;
mod copula_fit;
mod fitted;
mod student_t;

use serde::{Deserialize, Serialize};

pub use block_length::optimal_block_length;
pub use copula_fit::{CopulaFit, MAXIMUM_FITTED_DEGREES, MINIMUM_DEGREES, fit_copula};
pub use fitted::FittedModel;
pub(super) use student_t::NormalScores;

use crate::{
    Matrix, QuantError, Returns, Weights,
    estimate::garch::{Garch, garch},
    moments::covariance,
};

/// Which model of the assets' returns to fit to a history.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub enum ModelChoice {
    /// Correlated geometric Brownian motion.
    #[default]
    GeometricBrownianMotion,
    /// Normal log-returns, joined by a Student-t copula.
    StudentTCopula {
        /// The copula's degrees of freedom, 2 to 1000; fitted by maximum likelihood when none are given.
        degrees_of_freedom: Option<f64>,
    },
    /// Days of the history, drawn independently with replacement.
    HistoricalBootstrap,
    /// Runs of days of the history, of random length (Politis & Romano 1994).
    StationaryBootstrap {
        /// The mean length of a run in days, 1 to the history's; chosen by [`optimal_block_length`] when none is given.
        mean_block_length: Option<f64>,
    },
    /// Days of standardised residuals of GARCH(1,1) models, drawn with replacement and scaled by the models' volatilities
    /// (Barone-Adesi, Giannopoulos & Vosper 1999).
    GarchFilteredHistorical,
}

/// A model of the assets' daily log-returns with all its parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Dynamics {
    /// Correlated geometric Brownian motion: independent draws from a normal distribution.
    GeometricBrownianMotion(Normal),
    /// The normal distribution of each asset, joined by the copula of a Student-t distribution: the same standard deviations,
    /// and assets that have their extreme days together.
    StudentTCopula {
        /// The distributions of the assets, and the correlation of the copula.
        normal: Normal,
        /// The degrees of freedom.
        degrees_of_freedom: f64,
        /// How they were fitted, where they were.
        fit: Option<CopulaFit>,
    },
    /// Days of a history in runs of geometric length, wrapped around at its end; of length 1, days are independent.
    Bootstrap {
        /// The log-returns, days × assets.
        log_returns: Matrix,
        /// The mean length of a run, at least 1.
        mean_block_length: f64,
        /// Whether the length was chosen from the history.
        estimated: bool,
    },
    /// Historical simulation filtered by GARCH(1,1).
    GarchFilteredHistorical {
        /// The models, one an asset.
        models: Vec<Garch>,
        /// The standardised residuals, days × assets.
        residuals: Matrix,
        /// The variances of the first simulated day, one an asset.
        variances: Vec<f64>,
    },
}

/// The moments of normally distributed daily log-returns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Normal {
    /// The mean of the daily log-returns, one an asset; the drift of the price is `μ_i = m_i + C_ii / 2`.
    pub log_return_mean: Vec<f64>,
    /// The covariance of the daily log-returns, assets × assets.
    pub covariance: Matrix,
}

impl Dynamics {
    /// Fits a model to a history. The moments are the mean and the sample covariance (ddof = 1) of its daily log-returns.
    ///
    /// * `weights`: only the choice of a block length depends on them.
    ///
    /// # Errors
    /// `OutOfRange` for degrees of freedom or a block length outside their range, `TooFewRows` for fewer than 50 days where a
    /// model is fitted by maximum likelihood, `AssetsMismatch`, `Overflow`.
    pub fn fit(history: &Returns, weights: &Weights, choice: ModelChoice) -> Result<Self, QuantError> {
        weights.must_cover(history.assets())?;
        let log_returns = history.log();
        Ok(match choice {
            ModelChoice::GeometricBrownianMotion => Self::GeometricBrownianMotion(Normal::of(&log_returns)?),
            ModelChoice::StudentTCopula { degrees_of_freedom } => {
                let normal = Normal::of(&log_returns)?;
                let fit = match degrees_of_freedom {
                    None => Some(fit_copula(&log_returns, &normal.covariance)?),
                    Some(_) => None,
                };
                let degrees_of_freedom =
                    degrees_of_freedom.or(fit.map(|fit| fit.degrees_of_freedom)).unwrap_or(MINIMUM_DEGREES);
                Self::StudentTCopula { normal, degrees_of_freedom, fit }
            }
            ModelChoice::HistoricalBootstrap => {
                Self::Bootstrap { log_returns, mean_block_length: 1.0, estimated: false }
            }
            ModelChoice::StationaryBootstrap { mean_block_length } => {
                let chosen = match mean_block_length {
                    Some(length) => length,
                    None => optimal_block_length(&history.portfolio(weights)?)?,
                };
                let estimated = mean_block_length.is_none();
                Self::Bootstrap { log_returns, mean_block_length: chosen, estimated }
            }
            ModelChoice::GarchFilteredHistorical => Self::filtered(&log_returns)?,
        })
    }

    fn filtered(log_returns: &Matrix) -> Result<Self, QuantError> {
        let (days, assets) = (log_returns.rows(), log_returns.columns());
        let mut residuals = Matrix::zeros(days, assets);
        let (mut models, mut variances) = (Vec::with_capacity(assets), Vec::with_capacity(assets));
        for asset in 0..assets {
            let returns = log_returns.column(asset);
            let model = garch(&returns)?;
            let filtered = model.filter(&returns);
            for (day, residual) in filtered.residuals.into_iter().enumerate() {
                residuals[(day, asset)] = residual;
            }
            models.push(model);
            variances.push(filtered.forecast);
        }
        Ok(Self::GarchFilteredHistorical { models, residuals, variances })
    }

    /// The number of assets.
    pub fn assets(&self) -> usize {
        match self {
            Self::GeometricBrownianMotion(normal) | Self::StudentTCopula { normal, .. } => {
                normal.log_return_mean.len()
            }
            Self::Bootstrap { log_returns, .. } => log_returns.columns(),
            Self::GarchFilteredHistorical { models, .. } => models.len(),
        }
    }

    /// Whether the paths follow from normals, so that these may be taken with both signs.
    pub(super) fn is_driven_by_normals(&self) -> bool {
        matches!(self, Self::GeometricBrownianMotion(_) | Self::StudentTCopula { .. })
    }

    pub(super) fn validate(&self) -> Result<(), QuantError> {
        let refuse = |name, range, value| Err(QuantError::OutOfRange { name, range, value });
        match self {
            Self::GeometricBrownianMotion(normal) => normal.validate(),
            Self::StudentTCopula { normal, degrees_of_freedom, .. } => {
                if !(MINIMUM_DEGREES..=1000.0).contains(degrees_of_freedom) {
                    return refuse("degrees_of_freedom", "from 2 to 1000", *degrees_of_freedom);
                }
                normal.validate()
            }
            Self::Bootstrap { log_returns, mean_block_length, .. } => {
                let days = log_returns.rows() as f64;
                if !(1.0..=days).contains(mean_block_length) {
                    return refuse("mean_block_length", "from 1 to the days of history", *mean_block_length);
                }
                Ok(())
            }
            Self::GarchFilteredHistorical { models, residuals, variances } => {
                let expected = models.len();
                for (what, found) in [("residuals", residuals.columns()), ("variances", variances.len())] {
                    if found != expected {
                        return Err(QuantError::AssetsMismatch { what, found, expected });
                    }
                }
                Ok(())
            }
        }
    }
}

impl Normal {
    pub(super) fn of(log_returns: &Matrix) -> Result<Self, QuantError> {
        let (log_return_mean, covariance) = covariance(log_returns)?;
        Ok(Self { log_return_mean, covariance })
    }

    fn validate(&self) -> Result<(), QuantError> {
        let assets = self.log_return_mean.len();
        if self.covariance.rows() != assets {
            let (what, found) = ("the covariance", self.covariance.rows());
            return Err(QuantError::AssetsMismatch { what, found, expected: assets });
        }
        if let Some(column) = self.log_return_mean.iter().position(|mean| !mean.is_finite()) {
            return Err(QuantError::NotFinite { what: "log_return_mean", row: 0, column });
        }
        Ok(())
    }
}
