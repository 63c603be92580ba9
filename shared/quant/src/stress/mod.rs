//! Stress tests: what a portfolio loses under named shocks, replayed crises and tighter correlations, and which shock it
//! takes to lose a given part of it.
//!
//! Shocks are simple returns (-0.2 = -20 %); profit and loss is in the currency of the notional, negative = money lost.

mod conventions;
mod correlation;
mod factor_model;
mod impact;
mod nearest_correlation;
mod propagate;
mod replay;
mod reverse;
mod significance;
mod solve;
mod stress_test;
mod window;

pub use conventions::Conventions;
pub use correlation::{
    CorrelationRepair, CorrelationStress, CorrelationStressed, Correlations, stress_correlations,
};
pub use factor_model::{FactorImpact, FactorModel};
pub use impact::{Impact, group_shocks, impact};
pub use nearest_correlation::{NearestCorrelation, nearest_correlation};
pub use propagate::{Propagated, propagate};
pub use replay::{Replay, replay};
pub use reverse::{ReverseStress, reverse_stress};
pub use significance::TStatistics;
pub use stress_test::{
    ReplayOutcome, ReplayWindow, ReverseOutcome, Scenario, ScenarioOutcome, Shocks, StressTest,
    StressTestSettings, stress_test,
};
pub use window::{CRISES, Crisis};
