use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Dynamics;
use crate::estimate::garch::Garch;

/// The model of a simulation and its parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FittedModel {
    /// Correlated geometric Brownian motion.
    GeometricBrownianMotion,
    /// Normal log-returns, joined by a Student-t copula.
    StudentTCopula {
        /// The copula's degrees of freedom.
        degrees_of_freedom: f64,
        /// Whether they were fitted to the history.
        estimated: bool,
        /// The copula's log-likelihood at the fit; null where the degrees of freedom were given.
        log_likelihood: Option<f64>,
        /// Whether the fit ended at an end of its range, 2 to 200.
        at_limit: bool,
    },
    /// Days of the history, drawn independently.
    HistoricalBootstrap {
        /// The days to draw from.
        days: usize,
    },
    /// Runs of days of the history.
    StationaryBootstrap {
        /// The days to draw from.
        days: usize,
        /// The mean length of a run in days.
        mean_block_length: f64,
        /// Whether it was chosen from the history (Politis & White 2004, corrected by Patton, Politis & White 2009).
        estimated: bool,
    },
    /// Standardised residuals of GARCH(1,1) models.
    GarchFilteredHistorical {
        /// The models, one an asset.
        parameters: Vec<Garch>,
        /// The volatility of the first simulated day, one an asset.
        volatilities: Vec<f64>,
    },
}

impl Dynamics {
    pub(in crate::monte_carlo) fn fitted(&self) -> FittedModel {
        match self {
            Self::GeometricBrownianMotion(_) => FittedModel::GeometricBrownianMotion,
            Self::StudentTCopula { degrees_of_freedom, fit, .. } => FittedModel::StudentTCopula {
                degrees_of_freedom: *degrees_of_freedom,
                estimated: fit.is_some(),
                log_likelihood: fit.map(|fit| fit.log_likelihood),
                at_limit: fit.is_some_and(|fit| fit.at_limit),
            },
            Self::Bootstrap { log_returns, mean_block_length, estimated } => {
                let (days, mean_block_length, estimated) =
                    (log_returns.rows(), *mean_block_length, *estimated);
                if mean_block_length > 1.0 || estimated {
                    FittedModel::StationaryBootstrap { days, mean_block_length, estimated }
                } else {
                    FittedModel::HistoricalBootstrap { days }
                }
            }
            Self::GarchFilteredHistorical { models, variances, .. } => FittedModel::GarchFilteredHistorical {
                parameters: models.clone(),
                volatilities: variances.iter().map(|variance| variance.sqrt()).collect(),
            },
        }
    }

    pub(in crate::monte_carlo) fn model_convention(&self) -> &'static str {
        match self {
            Self::GeometricBrownianMotion(_) => {
                "correlated geometric Brownian motion: daily log-returns x_t ~ iid N(m, C), every day drawn"
            }
            Self::StudentTCopula { .. } => {
                "daily log-returns with margins N(m_i, C_ii), joined by a Student-t copula with the correlation of C; days are \
                 independent, every day drawn"
            }
            Self::Bootstrap { .. } => {
                "days of the history drawn with replacement, all assets together; in the stationary bootstrap in runs of \
                 geometric length, wrapped around at the end (Politis and Romano 1994)"
            }
            Self::GarchFilteredHistorical { .. } => {
                "x_it = m_i + sigma_it z_it, the residuals z_t of a day drawn with replacement for all assets together, \
                 sigma2_i(t+1) = omega_i + alpha_i (x_it - m_i)^2 + beta_i sigma2_it (filtered historical simulation)"
            }
        }
    }

    pub(in crate::monte_carlo) fn estimation_convention(&self) -> &'static str {
        match self {
            Self::GeometricBrownianMotion(_) => {
                "m and C are the mean and sample covariance (ddof = 1) of the historical daily log-returns"
            }
            Self::StudentTCopula { .. } => {
                "m and C are the mean and sample covariance (ddof = 1) of the historical daily log-returns; fitted degrees of \
                 freedom maximise the copula's likelihood of their ranks / (n + 1)"
            }
            Self::Bootstrap { .. } => {
                "the historical daily log-returns as they are; a chosen block length is that of the portfolio's simple \
                 returns (Politis and White 2004, corrected 2009)"
            }
            Self::GarchFilteredHistorical { .. } => {
                "GARCH(1,1) of each asset's daily log-returns by Gaussian quasi maximum likelihood, m the sample mean, \
                 alpha + beta <= 0.9999"
            }
        }
    }
}
