//! Efficient frontiers: the least risk for each return.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Figures, Objective, Outcome, Problem, Repair, RiskMeasure, Solution, Solver, mean_risk,
    universe::Universe,
};
use crate::{QuantError, estimate::linear::dot};

/// The most points of a frontier.
pub const MOST_POINTS: usize = 1000;

/// A frontier that is asked for. The problem's method is not looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrontierProblem {
    /// Inputs and constraints.
    pub problem: Problem,
    /// The measure of risk.
    #[serde(default)]
    pub measure: RiskMeasure,
    /// How many points, 2 to [`MOST_POINTS`].
    pub points: usize,
    /// The weights that are held now, to be marked; they needn't meet the constraints.
    #[serde(default)]
    pub current: Option<Vec<f64>>,
}

/// A portfolio of the frontier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FrontierPoint {
    /// The annual return that was asked for, as a fraction.
    pub target_return: f64,
    /// The measure's risk of the portfolio.
    pub risk: f64,
    /// One weight an asset.
    pub weights: Vec<f64>,
    /// The portfolio's figures.
    pub figures: Figures,
}

/// A frontier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FrontierSolution {
    /// How it was found, or which constraints conflict.
    pub outcome: Outcome,
    /// The measure of risk.
    pub measure: RiskMeasure,
    /// Points at equally spaced returns, from the least risk to the largest return.
    pub points: Vec<FrontierPoint>,
    /// The portfolio of least risk; null where there is none.
    pub minimum_risk: Option<FrontierPoint>,
    /// The portfolio of the largest excess return a unit of risk; null where none returns more than the rate without
    /// risk.
    pub tangency: Option<FrontierPoint>,
    /// The portfolio that is held now, where it was given.
    pub current: Option<FrontierPoint>,
    /// The number of corner portfolios of the exact frontier; null where it wasn't found by the critical line.
    pub corners: Option<usize>,
    /// What was changed in the inputs.
    pub repairs: Vec<Repair>,
}

/// The efficient frontier of a problem: N portfolios at equally spaced returns from that of the portfolio of least risk to
/// the largest that the constraints allow, each of least risk with at least its return.
///
/// Variance under bounds comes from one critical line, whose corner portfolios are exact; everything else is one conic
/// program a point.
///
/// # Errors
/// As [`super::optimise`], and `OutOfRange` for fewer than 2 or more than [`MOST_POINTS`] points.
pub fn frontier(asked: &FrontierProblem) -> Result<FrontierSolution, QuantError> {
    if !(2..=MOST_POINTS).contains(&asked.points) {
        let value = asked.points as f64;
        return Err(QuantError::OutOfRange { name: "points", range: "from 2 to 1000", value });
    }
    asked.measure.check()?;
    let universe = Universe::prepare(&asked.problem)?;
    Ok(FrontierSolution { current: current(asked, &universe)?, ..efficient(asked, &universe)? })
}

fn efficient(asked: &FrontierProblem, universe: &Universe) -> Result<FrontierSolution, QuantError> {
    let conflicts = universe.bound_conflicts();
    if !conflicts.is_empty() {
        return Ok(without_points(asked, Outcome::Infeasible { conflicts }, universe.repairs.clone()));
    }
    let bounds_alone = asked.problem.constraints.are_bounds() && asked.measure == RiskMeasure::Variance;
    if bounds_alone && let Some(solution) = exact(asked, universe)? {
        return Ok(solution);
    }
    by_points(asked, universe)
}

fn current(asked: &FrontierProblem, universe: &Universe) -> Result<Option<FrontierPoint>, QuantError> {
    let Some(weights) = &asked.current else { return Ok(None) };
    if weights.len() != universe.assets() {
        let (found, expected) = (weights.len(), universe.assets());
        return Err(QuantError::AssetsMismatch { what: "current", found, expected });
    }
    point(universe, asked.measure, dot(weights, &universe.mean), weights.clone()).map(Some)
}

fn exact(asked: &FrontierProblem, universe: &Universe) -> Result<Option<FrontierSolution>, QuantError> {
    let Some(line) = mean_risk::critical_line(universe) else { return Ok(None) };
    let (least, most) = (line.minimum_variance().expected, line.maximum_return().expected);
    let points = targets(least, most, asked.points)
        .into_iter()
        .filter_map(|target| line.at_return(target).map(|weights| (target, weights)))
        .map(|(target, weights)| point(universe, asked.measure, target, weights))
        .collect::<Result<Vec<_>, _>>()?;
    let marked = |weights: Vec<f64>| point(universe, asked.measure, dot(&weights, &universe.mean), weights);
    let tangency = line.maximum_ratio(asked.problem.risk_free_rate, &universe.covariance);
    let outcome = Outcome::Solved { solver: Solver::CriticalLine, iterations: line.corners.len() as u32 };
    Ok(Some(FrontierSolution {
        points,
        minimum_risk: Some(marked(line.minimum_variance().weights.clone())?),
        tangency: tangency.map(marked).transpose()?,
        corners: Some(line.corners.len()),
        ..without_points(asked, outcome, universe.repairs.clone())
    }))
}

fn by_points(asked: &FrontierProblem, universe: &Universe) -> Result<FrontierSolution, QuantError> {
    let solve = |objective| -> Result<Solution, QuantError> {
        let (answer, first) = mean_risk::program(universe, objective, asked.measure)?;
        universe.clone().answered(answer, first, asked.measure)
    };
    let expected = |solution: &Solution| solution.figures.as_ref().map(|figures| figures.expected_return);
    let lowest = solve(Objective::MinimumRisk)?;
    // The largest return is that of any risk: the measure's own limit is left far away.
    let highest = solve(Objective::EfficientRisk { target_risk: 1e3 })?;
    let (Some(least), Some(most)) = (expected(&lowest), expected(&highest)) else {
        return Ok(without_points(asked, lowest.outcome, universe.repairs.clone()));
    };
    let marked = |solution: &Solution| -> Result<Option<FrontierPoint>, QuantError> {
        let Some(weights) = solution.weights.clone() else { return Ok(None) };
        point(universe, asked.measure, dot(&weights, &universe.mean), weights).map(Some)
    };
    let mut points = Vec::with_capacity(asked.points);
    let last = asked.points - 1;
    for (index, target) in targets(least, most.max(least), asked.points).into_iter().enumerate() {
        let solution = match index {
            0 => lowest.clone(),
            _ if index == last => highest.clone(),
            _ => solve(Objective::EfficientReturn { target_return: target })?,
        };
        let Some(weights) = solution.weights else {
            return Ok(without_points(asked, solution.outcome, universe.repairs.clone()));
        };
        points.push(point(universe, asked.measure, target, weights)?);
    }
    let has_ratio = asked.problem.constraints.costs.l2 <= 0.0 && most > asked.problem.risk_free_rate;
    let ratio = if has_ratio { marked(&solve(Objective::MaximumRatio)?)? } else { None };
    Ok(FrontierSolution {
        points,
        minimum_risk: marked(&lowest)?,
        tangency: ratio,
        ..without_points(asked, lowest.outcome, universe.repairs.clone())
    })
}

fn targets(least: f64, most: f64, points: usize) -> Vec<f64> {
    (0..points).map(|i| least + (most - least) * i as f64 / (points - 1) as f64).collect()
}

fn point(
    universe: &Universe,
    measure: RiskMeasure,
    target_return: f64,
    weights: Vec<f64>,
) -> Result<FrontierPoint, QuantError> {
    let figures = universe.figures(&weights, Some(measure))?;
    let risk = figures.risk.as_ref().map_or(figures.volatility, |risk| risk.value);
    Ok(FrontierPoint { target_return, risk, weights, figures })
}

fn without_points(asked: &FrontierProblem, outcome: Outcome, repairs: Vec<Repair>) -> FrontierSolution {
    FrontierSolution {
        outcome,
        measure: asked.measure,
        points: Vec::new(),
        minimum_risk: None,
        tangency: None,
        current: None,
        corners: None,
        repairs,
    }
}
