//! Inputs of the risk tasks, as they are stored for the workers: complete, checked, and with nothing left to look up.

mod asset_history;
mod computed;
mod monte_carlo;
mod stress_test;
mod var_cvar;

use serde::{Deserialize, Serialize};

pub use asset_history::{AssetHistory, MAXIMUM_ASSETS, MAXIMUM_HISTORY};
pub use computed::{Computed, Provenance};
pub use monte_carlo::{MonteCarlo, Rebalance, Sampling, SimulationModel};
pub use stress_test::{
    CorrelationStress, StressFactors, StressReplay, StressScenario, StressShocks, StressTest,
    StressedCorrelations,
};
pub use var_cvar::{
    Backtest, BacktestForecast, Decomposition, DecompositionMean, HorizonScaling, VarCvar, VarCvarVariant,
    VolatilityFilter,
};

/// A task's input, by its kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum RiskInput {
    /// A Monte Carlo simulation.
    MonteCarlo(MonteCarlo),
    /// VaR and CVaR.
    VarCvar(VarCvar),
    /// A stress test.
    StressTest(StressTest),
}

impl RiskInput {
    /// The bytes that are kept for the workers; equal inputs have equal bytes, so their hash names the input.
    ///
    /// # Errors
    /// When there is no memory for them.
    pub fn to_bytes(&self) -> postcard::Result<Vec<u8>> {
        postcard::to_stdvec(self)
    }

    /// The input that was kept.
    ///
    /// # Errors
    /// When the bytes are no input of this version.
    pub fn from_bytes(bytes: &[u8]) -> postcard::Result<Self> {
        postcard::from_bytes(bytes)
    }
}
