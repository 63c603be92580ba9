use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    dynamics::{Dynamics, ModelChoice},
    sampling::Sampling,
};
use crate::{QuantError, Returns, Weights, var_cvar::check_confidence_levels};

/// The longest horizon in steps (trading days): ten years.
pub const MAXIMUM_STEPS: u32 = 2520;
/// The most paths of one simulation.
pub const MAXIMUM_PATHS: u64 = 100_000_000;
/// The fewest paths with Sobol' points: 8 replicates of 128.
pub const MINIMUM_SOBOL_PATHS: u64 = 1024;
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
    /// How the random numbers are drawn.
    pub sampling: Sampling,
    /// Whether drawdowns and the chart over time are wanted. Without them the final value is drawn in one exact step, which
    /// only geometric Brownian motion that is bought and held has.
    pub path_statistics: bool,
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
            sampling: Sampling::Random,
            path_statistics: true,
        }
    }
}

/// All that decides a simulation's result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Specification {
    /// The portfolio's weights, one an asset.
    pub weights: Weights,
    /// The model of the assets' daily log-returns.
    pub dynamics: Dynamics,
    /// How the simulation is run.
    pub settings: Settings,
}

impl Specification {
    /// Correlated geometric Brownian motion with the mean and the sample covariance (ddof = 1) of a history's log-returns.
    ///
    /// # Errors
    /// `AssetsMismatch` for weights of another number of assets, `Overflow`.
    pub fn from_simple_returns(
        history: &Returns,
        weights: Weights,
        settings: Settings,
    ) -> Result<Self, QuantError> {
        Self::fit(history, weights, ModelChoice::GeometricBrownianMotion, settings)
    }

    /// A model that is fitted to a history.
    ///
    /// # Errors
    /// Those of [`Dynamics::fit`].
    pub fn fit(
        history: &Returns,
        weights: Weights,
        model: ModelChoice,
        settings: Settings,
    ) -> Result<Self, QuantError> {
        let dynamics = Dynamics::fit(history, &weights, model)?;
        Ok(Self { weights, dynamics, settings })
    }

    pub(super) fn validate(&self) -> Result<(), QuantError> {
        self.weights.must_cover(self.dynamics.assets())?;
        self.dynamics.validate()?;
        self.settings.validate()?;
        self.check_combination()
    }

    /// Which samplings and shortcuts go with which model.
    fn check_combination(&self) -> Result<(), QuantError> {
        let brownian = matches!(self.dynamics, Dynamics::GeometricBrownianMotion(_));
        let unsupported = |what| Err(QuantError::Unsupported { what });
        match self.settings.sampling {
            Sampling::Antithetic if !self.dynamics.is_driven_by_normals() => {
                unsupported("antithetic sampling of a model that isn't driven by normals")
            }
            Sampling::MomentMatched if !brownian => {
                unsupported("moment-matched sampling of a model other than geometric Brownian motion")
            }
            Sampling::Sobol if !brownian => {
                unsupported("Sobol' sampling of a model other than geometric Brownian motion")
            }
            _ if !self.settings.path_statistics && !brownian => unsupported(
                "drawing only final values of a model other than geometric Brownian motion, which has no exact step,",
            ),
            _ if !self.settings.path_statistics && self.settings.rebalance == Rebalance::Daily => {
                unsupported("drawing only final values of daily rebalancing, which has no exact step,")
            }
            _ => Ok(()),
        }
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
        if self.sampling == Sampling::Antithetic && self.paths % 2 == 1 {
            return refuse("paths", "even with antithetic sampling", self.paths as f64);
        }
        if self.sampling == Sampling::Sobol && self.paths < MINIMUM_SOBOL_PATHS {
            return refuse("paths", "at least 1024 with Sobol' points", self.paths as f64);
        }
        check_confidence_levels(&self.confidence_levels)
    }
}
