use domain::{
    Invalid, Validation,
    risk::{AssetHistory, Rebalance, Sampling, SimulationModel},
};
use serde::Deserialize;
use utoipa::ToSchema;

/// The fewest days of history that a model is fitted to by maximum likelihood.
const FEWEST_FITTED_DAYS: usize = 50;
/// The most work of a fit, in units of one asset and day of a copula's likelihood: some seconds.
const MOST_FITTING: usize = 200_000_000;
/// A GARCH model costs as much an asset and day.
const GARCH_FITTING: usize = 100;
/// The fewest paths with Sobol' points.
const FEWEST_SOBOL_PATHS: u64 = 1024;
/// The most dimensions of Sobol' points: assets × days.
const MOST_SOBOL_DIMENSIONS: usize = 4096;

/// How the assets' daily log-returns come about.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(example = json!({"kind": "student_t_copula", "degrees_of_freedom": 5}))]
pub enum ModelRequest {
    /// Correlated geometric Brownian motion: normal log-returns, independent from day to day.
    GeometricBrownianMotion {},
    /// Normal log-returns, joined by a Student-t copula: the assets have their extreme days together.
    StudentTCopula {
        /// 2–1,000, fewer for stronger dependence in the tails; fitted to the history by maximum likelihood when not given,
        /// which takes 50 days.
        #[schema(minimum = 2, maximum = 1000, example = 5)]
        degrees_of_freedom: Option<f64>,
    },
    /// Days of the history, drawn independently with replacement, all assets together.
    HistoricalBootstrap {},
    /// Runs of days of the history, of random length (Politis & Romano 1994), which keep its dependence over time.
    StationaryBootstrap {
        /// The mean length of a run in days, 1 to the history's; chosen from the history (Politis & White 2004) when not
        /// given.
        #[schema(minimum = 1, example = 10)]
        mean_block_length: Option<f64>,
    },
    /// Days of standardised residuals of a GARCH(1,1) model of each asset, drawn with replacement and scaled by the models'
    /// volatilities, which start from today's. Takes 50 days of history.
    GarchFilteredHistorical {},
}

impl Default for ModelRequest {
    fn default() -> Self {
        Self::GeometricBrownianMotion {}
    }
}

impl From<ModelRequest> for SimulationModel {
    fn from(model: ModelRequest) -> Self {
        match model {
            ModelRequest::GeometricBrownianMotion {} => Self::GeometricBrownianMotion,
            ModelRequest::StudentTCopula { degrees_of_freedom } => {
                Self::StudentTCopula { degrees_of_freedom }
            }
            ModelRequest::HistoricalBootstrap {} => Self::HistoricalBootstrap,
            ModelRequest::StationaryBootstrap { mean_block_length } => {
                Self::StationaryBootstrap { mean_block_length }
            }
            ModelRequest::GarchFilteredHistorical {} => Self::GarchFilteredHistorical,
        }
    }
}

/// Model, sampling and what goes with them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scheme {
    pub(super) model: ModelRequest,
    pub(super) sampling: Sampling,
    pub(super) rebalance: Rebalance,
    pub(super) path_statistics: bool,
}

impl Scheme {
    /// Notes what doesn't go together, as far as the request alone tells.
    pub(super) fn check(&self, paths: Option<u64>, validation: &mut Validation) {
        if let ModelRequest::StudentTCopula { degrees_of_freedom: Some(degrees) } = self.model {
            let detail = format!("must be from 2 to 1000, but is {degrees}");
            validation.require((2.0..=1000.0).contains(&degrees), "/model/degrees_of_freedom", detail);
        }
        if let ModelRequest::StationaryBootstrap { mean_block_length: Some(length) } = self.model {
            let detail = format!("must be at least 1 (day), but is {length}");
            validation.require(length >= 1.0, "/model/mean_block_length", detail);
        }
        let brownian = matches!(self.model, ModelRequest::GeometricBrownianMotion {});
        let normal = brownian || matches!(self.model, ModelRequest::StudentTCopula { .. });
        let (fits, models) = match self.sampling {
            Sampling::Random => (true, ""),
            Sampling::Antithetic => (normal, "geometric_brownian_motion or student_t_copula"),
            Sampling::MomentMatched | Sampling::Sobol => (brownian, "geometric_brownian_motion"),
        };
        validation.require(fits, "/sampling", format!("goes with the model {models} only"));
        validation.require(
            self.path_statistics || (brownian && self.rebalance == Rebalance::None),
            "/path_statistics",
            "can be false only with the model geometric_brownian_motion and rebalance none: nothing else has an exact \
             distribution of the final value to draw from",
        );
        self.check_paths(paths, validation);
    }

    fn check_paths(&self, paths: Option<u64>, validation: &mut Validation) {
        let Some(paths) = paths else { return };
        match self.sampling {
            Sampling::Antithetic => validation.require(
                paths.is_multiple_of(2),
                "/num_simulations",
                format!("must be even with antithetic sampling, but is {paths}"),
            ),
            Sampling::Sobol => validation.require(
                paths >= FEWEST_SOBOL_PATHS,
                "/num_simulations",
                format!("must be at least {FEWEST_SOBOL_PATHS} with Sobol' points, but is {paths}"),
            ),
            Sampling::Random | Sampling::MomentMatched => {}
        }
    }

    /// Whether the history is long enough, and not too wide for Sobol' points.
    ///
    /// # Errors
    /// Points to the model or the sampling that doesn't fit it.
    pub(super) fn check_history(&self, history: &AssetHistory, time_horizon: u32) -> Result<(), Invalid> {
        let mut validation = Validation::new();
        let days = history.returns.len();
        let fitted = matches!(
            self.model,
            ModelRequest::GarchFilteredHistorical {}
                | ModelRequest::StudentTCopula { degrees_of_freedom: None }
        );
        validation.require(
            !fitted || days >= FEWEST_FITTED_DAYS,
            "/model",
            format!("is fitted to at least {FEWEST_FITTED_DAYS} days of history, but there are {days}"),
        );
        let assets = history.weights.len();
        let fitting = match self.model {
            ModelRequest::GarchFilteredHistorical {} => GARCH_FITTING * assets * days,
            ModelRequest::StudentTCopula { degrees_of_freedom: None } => assets * assets * days,
            _ => 0,
        };
        validation.require(
            fitting <= MOST_FITTING,
            "/model",
            format!(
                "can't be fitted to {assets} assets over {days} days: give fewer days, or degrees_of_freedom"
            ),
        );
        if let ModelRequest::StationaryBootstrap { mean_block_length: Some(length) } = self.model {
            let detail = format!("must be at most the {days} days of history, but is {length}");
            validation.require(length <= days as f64, "/model/mean_block_length", detail);
        }
        let steps = if self.path_statistics { time_horizon as usize } else { 1 };
        let dimensions = assets * steps;
        validation.require(
            self.sampling != Sampling::Sobol || dimensions <= MOST_SOBOL_DIMENSIONS,
            "/sampling",
            format!("Sobol' points have at most {MOST_SOBOL_DIMENSIONS} dimensions (assets × days), but {dimensions} are needed"),
        );
        validation.finish(Some(()))
    }
}
