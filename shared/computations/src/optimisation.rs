//! Portfolio optimisation.

use quant::optimise::{Conventions, Outcome, Problem, Repair, RiskFigure};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ByAsset;

/// The input of an optimisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// The assets' names; the problem knows their places.
    pub assets: Vec<String>,
    /// How many days of prices were left out, because an asset has no price there.
    pub incomplete_days: usize,
    /// The problem.
    pub problem: Problem,
}

/// The result of an optimisation.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Optimisation {
    /// How it ended: an infeasible problem is an answer, too, and names the constraints that conflict.
    pub outcome: Outcome<String>,
    /// One weight an asset; null where no weights meet the constraints.
    #[schema(value_type = Option<BTreeMap<String, f64>>, example = json!({"AAPL": 0.21, "CVX": 0.07, "JNJ": 0.72}))]
    pub weights: Option<ByAsset<f64>>,
    /// The portfolio's figures; null without weights.
    pub figures: Option<Figures>,
    /// Each asset's cluster, numbered from 0, for methods that cluster.
    #[schema(value_type = Option<BTreeMap<String, usize>>)]
    pub clusters: Option<ByAsset<usize>>,
    /// The assets in the order of the hierarchy's leaves, for methods that have one.
    pub leaf_order: Option<Vec<String>>,
    /// What the market and the views came to, for `black_litterman`.
    pub black_litterman: Option<BlackLitterman>,
    /// What was changed in the inputs before they could be used.
    pub repairs: Vec<Repair<String>>,
    /// How many days of prices were left out, because an asset has no price there.
    pub incomplete_days: usize,
    /// How the figures are meant.
    pub conventions: Conventions,
}

/// Figures of a portfolio. Returns, volatilities and ratios are annual.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = OptimisationFigures)]
pub struct Figures {
    /// The expected annual return, as a fraction.
    pub expected_return: f64,
    /// The annual volatility, as a fraction.
    pub volatility: f64,
    /// The excess return over the volatility; null without volatility.
    pub sharpe: Option<f64>,
    /// Each asset's share of the variance; they sum to 1. Null without volatility.
    #[schema(value_type = Option<BTreeMap<String, f64>>)]
    pub risk_contributions: Option<ByAsset<f64>>,
    /// The weighted mean volatility over the portfolio's; null without volatility.
    pub diversification_ratio: Option<f64>,
    /// The method's own measure of risk, where it isn't the volatility.
    pub risk: Option<RiskFigure>,
}

/// What a Black-Litterman model found on the way.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct BlackLitterman {
    /// The expected annual returns before the views.
    #[schema(value_type = BTreeMap<String, f64>)]
    pub prior: ByAsset<f64>,
    /// The expected annual returns with the views.
    #[schema(value_type = BTreeMap<String, f64>)]
    pub posterior_returns: ByAsset<f64>,
    /// The covariance with the views' uncertainty, assets × assets.
    pub posterior_covariance: Vec<Vec<f64>>,
    /// The views' uncertainty, one a view.
    pub omega: Vec<f64>,
    /// The weights that the posterior implies without any constraint; null where they sum to 0.
    #[schema(value_type = Option<BTreeMap<String, f64>>)]
    pub implied_weights: Option<ByAsset<f64>>,
}
