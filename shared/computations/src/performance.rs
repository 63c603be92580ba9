//! Performance analysis.

use domain::risk::Rebalance;
use jiff::civil::Date;
use quant::{
    Returns, Weights,
    performance::{GroupEffects, MoneyWeightedReturn, Performance, Settings, TimeWeightedReturn, Valuation},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The input of a performance analysis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// What is analysed.
    pub history: History,
    /// Of the start, then of each return; none for a history without dates.
    pub dates: Option<Vec<Date>>,
    /// A benchmark's returns of the same periods.
    pub benchmark: Option<Vec<f64>>,
    /// What is taken as given.
    pub settings: Settings,
}

/// The history of a portfolio.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum History {
    /// Its returns.
    Returns(Vec<f64>),
    /// Its values and cash flows.
    Valuations(Vec<Valuation>),
    /// The returns of its assets.
    Assets(AssetsHistory),
}

/// A portfolio of assets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssetsHistory {
    /// The assets' names.
    pub assets: Vec<String>,
    /// Their simple returns.
    pub returns: Returns,
    /// Their weights at the start.
    pub weights: Weights,
    /// What happens to the weights.
    pub rebalance: Rebalance,
    /// What the active return is attributed to.
    pub attribution: Option<AttributionInput>,
}

/// What an active return is attributed to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttributionInput {
    /// The groups' names.
    pub groups: Vec<String>,
    /// The place of each asset's group.
    pub group_of: Vec<usize>,
    /// The assets' weights in the benchmark at the start.
    pub benchmark: Weights,
}

/// The result of a performance analysis.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PerformanceAnalysis {
    /// The figures.
    #[serde(flatten)]
    pub performance: Performance,
    /// The active return by group; null unless asked for.
    pub attribution: Option<Attribution>,
    /// The return that counts each sub-period alike; null without valuations.
    pub time_weighted_return: Option<TimeWeightedReturn>,
    /// The return on the owner's money; null without valuations.
    pub money_weighted_return: Option<MoneyWeightedReturn>,
}

/// The attribution of an active return to groups (Brinson & Fachler 1985), over the whole time as one period in which the
/// portfolio and the benchmark are bought at their first weights and held.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = GroupAttribution)]
pub struct Attribution {
    /// The portfolio's return.
    pub portfolio_return: f64,
    /// The benchmark's return.
    pub benchmark_return: f64,
    /// Their difference: the sum of all effects.
    pub active_return: f64,
    /// The groups, by name.
    pub groups: Vec<Group>,
}

/// A group's part of the active return.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = AttributionGroup)]
pub struct Group {
    /// The group.
    #[schema(example = "health care")]
    pub group: String,
    /// Its weights, returns and effects.
    #[serde(flatten)]
    pub effects: GroupEffects,
}
