//! Efficient frontiers.

use quant::optimise::{Conventions, FrontierProblem, Outcome, Repair, RiskMeasure};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{ByAsset, optimisation::Figures};

/// The input of an efficient frontier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// The assets' names; the problem knows their places.
    pub assets: Vec<String>,
    /// How many days of prices were left out, because an asset has no price there.
    pub incomplete_days: usize,
    /// The problem.
    pub problem: FrontierProblem,
}

/// An efficient frontier: the least risk for each return.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Frontier {
    /// How it was found: an infeasible problem is an answer, too, and names the constraints that conflict.
    pub outcome: Outcome<String>,
    /// The measure of risk.
    pub measure: RiskMeasure,
    /// Points at equally spaced returns, from the least risk to the largest return; none where no weights meet the constraints.
    pub points: Vec<Point>,
    /// The portfolio of least risk; null where there is none.
    pub minimum_risk: Option<Point>,
    /// The portfolio of the largest excess return a unit of risk; null where none returns more than the rate without risk.
    pub tangency: Option<Point>,
    /// The stored portfolio as it is now; null without one.
    pub current: Option<Point>,
    /// The number of corner portfolios of the exact frontier; null where it wasn't found by the critical line.
    pub corners: Option<usize>,
    /// What was changed in the inputs before they could be used.
    pub repairs: Vec<Repair<String>>,
    /// How many days of prices were left out, because an asset has no price there.
    pub incomplete_days: usize,
    /// How the figures are meant.
    pub conventions: Conventions,
}

/// A portfolio beside or on the frontier.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = FrontierPortfolio)]
pub struct Point {
    /// The annual return that was asked for, as a fraction.
    pub target_return: f64,
    /// The measure's risk: annual for volatility and semideviation, of one day for the others; positive = loss.
    pub risk: f64,
    /// One weight an asset.
    #[schema(value_type = BTreeMap<String, f64>, example = json!({"AAPL": 0.21, "CVX": 0.07, "JNJ": 0.72}))]
    pub weights: ByAsset<f64>,
    /// The portfolio's figures.
    pub figures: Figures,
}
