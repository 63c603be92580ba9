use serde::{Deserialize, Serialize};

use super::AssetHistory;

/// What happens to the weights over the horizon.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rebalance {
    /// Buy and hold: the weights drift with the prices.
    #[default]
    None,
    /// Back to the initial weights at each day's close.
    Daily,
}

/// The model of the assets' daily log-returns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub enum SimulationModel {
    /// Correlated geometric Brownian motion.
    #[default]
    GeometricBrownianMotion,
    /// Normal log-returns, joined by a Student-t copula.
    StudentTCopula {
        /// 2–1,000; fitted to the history when there are none.
        degrees_of_freedom: Option<f64>,
    },
    /// Days of the history, drawn independently.
    HistoricalBootstrap,
    /// Runs of days of the history, of random length.
    StationaryBootstrap {
        /// In days, 1 to the history's; chosen from the history when there is none.
        mean_block_length: Option<f64>,
    },
    /// Historical simulation, filtered by GARCH(1,1).
    GarchFilteredHistorical,
}

/// How the random numbers of a simulation are drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sampling {
    /// Independent paths.
    #[default]
    Random,
    /// Pairs of paths with opposite random numbers.
    Antithetic,
    /// Random numbers of each day matched to mean 0 and variance 1 over 1,024 paths.
    MomentMatched,
    /// Scrambled Sobol' points through a Brownian bridge.
    Sobol,
}

/// The input of a Monte Carlo task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MonteCarlo {
    /// The portfolio and its history.
    pub portfolio: AssetHistory,
    /// How many paths: 1–100,000,000.
    pub num_simulations: u64,
    /// How many trading days each path has: 1–2,520.
    pub time_horizon: u32,
    /// What the random numbers follow from.
    pub seed: u64,
    /// Where value at risk is told, each in (0, 1).
    pub confidence_levels: Vec<f64>,
    /// What the portfolio is worth at the start, in its currency.
    pub initial_value: f64,
    /// Whether the weights are restored daily.
    pub rebalance: Rebalance,
    /// The model of the assets.
    pub model: SimulationModel,
    /// How random numbers are drawn.
    pub sampling: Sampling,
    /// Whether drawdowns and the chart over time are wanted.
    pub path_statistics: bool,
}
