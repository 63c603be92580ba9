use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Matrix, QuantError, Returns, Weights, moments::covariance, var_cvar::check_confidence_levels};

/// The longest horizon in steps (trading days): ten years.
pub const MAXIMUM_STEPS: u32 = 2520;
/// The most paths of one simulation.
pub const MAXIMUM_PATHS: u64 = 100_000_000;
/// Up to this number of paths the final values are kept one by one, and their quantiles are exact.
pub const EXACT_QUANTILE_PATHS: u64 = 1 << 20;

/// What happens to the holdings along a path.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rebalance {
    /// Buy and hold: `V_T = V_0 Σ w_i exp(X_i)`. The value may fall to 0 or below with short positions, and come back.
    #[default]
    None,
    /// Traded back to the weights every day, `V_T = V_0 Π_t (1 + Σ w_i (exp(x_it) - 1))`. A value of 0 or below, which
    /// only short positions can bring about, is ruin: the path stays there.
    Daily,
}

/// How a simulation is run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The portfolio's value at the start, in currency; positive.
    pub initial_value: f64,
    /// The horizon in steps (trading days), 1 to [`MAXIMUM_STEPS`].
    pub steps: u32,
    /// The number of paths, 1 to [`MAXIMUM_PATHS`].
    pub paths: u64,
    /// The seed. The same inputs and seed give the same bits.
    pub seed: u64,
    /// What happens to the holdings along a path.
    pub rebalance: Rebalance,
    /// The confidence levels of the risk figures, each in (0, 1).
    pub confidence_levels: Vec<f64>,
    /// Up to how many paths the final values are kept one by one; [`EXACT_QUANTILE_PATHS`] unless a test says otherwise.
    pub exact_quantile_paths: u64,
}

impl Default for Settings {
    /// 10,000 paths of 252 days from a value of 1, buy and hold, at 95 and 99 %.
    fn default() -> Self {
        Self {
            initial_value: 1.0,
            steps: 252,
            paths: 10_000,
            seed: 0,
            rebalance: Rebalance::None,
            confidence_levels: vec![0.95, 0.99],
            exact_quantile_paths: EXACT_QUANTILE_PATHS,
        }
    }
}

/// All that decides a simulation's result: correlated geometric Brownian motion whose daily log-returns are independent
/// draws from a normal distribution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Specification {
    /// The portfolio's weights, one an asset.
    pub weights: Weights,
    /// The mean of the daily log-returns, one an asset; the drift of the price is `μ_i = m_i + C_ii / 2`.
    pub log_return_mean: Vec<f64>,
    /// The covariance of the daily log-returns, assets × assets.
    pub covariance: Matrix,
    /// How the simulation is run.
    pub settings: Settings,
}

impl Specification {
    /// Drift and covariance from a history: the mean and the sample covariance (ddof = 1) of its daily log-returns.
    ///
    /// # Errors
    /// `AssetsMismatch` for weights of another number of assets, `Overflow`.
    pub fn from_simple_returns(
        history: &Returns,
        weights: Weights,
        settings: Settings,
    ) -> Result<Self, QuantError> {
        weights.must_cover(history.assets())?;
        let (log_return_mean, covariance) = covariance(&history.log())?;
        Ok(Self { weights, log_return_mean, covariance, settings })
    }

    pub(super) fn validate(&self) -> Result<(), QuantError> {
        let assets = self.log_return_mean.len();
        self.weights.must_cover(assets)?;
        if self.covariance.rows() != assets {
            let (what, found) = ("the covariance", self.covariance.rows());
            return Err(QuantError::AssetsMismatch { what, found, expected: assets });
        }
        if let Some(column) = self.log_return_mean.iter().position(|mean| !mean.is_finite()) {
            return Err(QuantError::NotFinite { what: "log_return_mean", row: 0, column });
        }
        self.settings.validate()
    }
}

impl Settings {
    fn validate(&self) -> Result<(), QuantError> {
        let refuse = |name, range, value| Err(QuantError::OutOfRange { name, range, value });
        if !(self.initial_value.is_finite() && self.initial_value > 0.0) {
            return refuse("initial_value", "positive and finite", self.initial_value);
        }
        if !(1..=MAXIMUM_STEPS).contains(&self.steps) {
            return refuse("steps", "from 1 to 2520", f64::from(self.steps));
        }
        if !(1..=MAXIMUM_PATHS).contains(&self.paths) {
            return refuse("paths", "from 1 to 100000000", self.paths as f64);
        }
        check_confidence_levels(&self.confidence_levels)
    }
}
