use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::AssetHistory;

/// The input of a stress test. Shocks are simple returns (-0.2 = -20 %).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StressTest {
    /// The portfolio and its history.
    pub portfolio: AssetHistory,
    /// What the portfolio is worth, in its currency.
    pub notional: f64,
    /// Shocks with a name.
    pub scenarios: Vec<StressScenario>,
    /// The factors that scenarios shock.
    pub factors: Option<StressFactors>,
    /// Stretches of past prices.
    pub replays: Vec<StressReplay>,
    /// Tighter correlations.
    pub correlation_stress: Vec<CorrelationStress>,
    /// Parts of the portfolio's value to lose, each in (0, 1].
    pub reverse_stress: Vec<f64>,
}

/// Shocks with a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StressScenario {
    /// The name.
    pub name: String,
    /// What is shocked.
    pub shocks: StressShocks,
}

/// What is shocked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum StressShocks {
    /// One an asset; all others stay as they are.
    Assets(Vec<Option<f64>>),
    /// One an asset, at least one; all others follow as they usually do.
    Propagated(Vec<Option<f64>>),
    /// One a factor.
    Factors(Vec<f64>),
}

/// Factors of the assets' returns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StressFactors {
    /// One name a factor.
    pub names: Vec<String>,
    /// Simple daily returns: rows are the days of the portfolio's history, columns are factors.
    pub returns: Vec<Vec<f64>>,
}

/// A stretch of past prices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StressReplay {
    /// Its name.
    pub name: String,
    /// The date of each close; nothing where they aren't known.
    pub dates: Vec<Date>,
    /// Closes × assets, at least two rows, above 0.
    pub prices: Vec<Vec<f64>>,
}

/// Tighter correlations and higher volatilities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CorrelationStress {
    /// The stressed correlations.
    pub correlations: StressedCorrelations,
    /// What each volatility is multiplied by; 0 to 100.
    pub volatility_multiple: f64,
    /// The confidence level of the value at risk, in (0, 1).
    pub confidence_level: f64,
    /// Its horizon in trading days, 1–2,520.
    pub horizon: u32,
}

/// The stressed correlations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum StressedCorrelations {
    /// Each correlation ρ becomes `ρ + k (1 - ρ)`, with k from -1 to 1.
    TowardsOne(f64),
    /// Assets × assets, symmetric with a unit diagonal.
    Given(Vec<Vec<f64>>),
}
