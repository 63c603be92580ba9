use super::{
    Objective, RiskMeasure, Solution,
    mean_risk::critical_line,
    program::{Expression, Program, Verdict},
    solution::{Outcome, Solver},
    universe::Universe,
};
use crate::{
    QuantError, Returns,
    estimate::linear::{dot, times},
};

/// Problems with fewer returns than this are given to the solver whole.
const LARGE: usize = 40_000;
/// A scenario or asset that is left out may be wrong by this much, in the unit of a period's return.
const TOLERANCE: f64 = 1e-9;
const ROUNDS: usize = 60;

/// The least conditional value at risk under bounds, with or without a least return, for many assets and scenarios.
///
/// Few scenarios are in the tail and few assets are held, so a small program with some of both is solved (Künzi-Bay &
/// Mayer 2006 for the scenarios, Dantzig & Wolfe 1960 for the assets). Scenarios that turn out to lose more than ζ and
/// assets whose reduced cost has the wrong sign are added until there are none: the answer is that of the whole program.
///
/// `None` where the problem is small or of another kind, or the small programs have no answer.
pub(super) fn solve(
    universe: &Universe,
    objective: Objective,
    measure: RiskMeasure,
) -> Result<Option<Solution>, QuantError> {
    let RiskMeasure::Cvar { confidence_level } = measure else { return Ok(None) };
    let returns = universe.history()?;
    let target = match objective {
        Objective::MinimumRisk => None,
        Objective::EfficientReturn { target_return } => Some(target_return),
        _ => return Ok(None),
    };
    let small = returns.periods() * returns.assets() < LARGE;
    if small || !universe.problem.constraints.are_bounds() {
        return Ok(None);
    }
    let Some(line) = critical_line(universe) else { return Ok(None) };
    let start = match target {
        None => Some(line.minimum_variance().weights.clone()),
        Some(target) => line.at_return(target),
    };
    let Some(start) = start else { return Ok(None) };
    let mut part = Part::around(universe, returns, &start, confidence_level);
    let mut iterations = 0;
    for _ in 0..ROUNDS {
        let Some(found) = part.solve(universe, returns, confidence_level, target)? else { return Ok(None) };
        iterations += found.iterations;
        if !part.grow(universe, returns, &found) {
            let outcome = Outcome::Solved { solver: Solver::Clarabel, iterations };
            let weights = universe.tidied(&found.weights);
            return universe.clone().solved(weights, outcome, Some(measure)).map(Some);
        }
    }
    Ok(None)
}

/// The scenarios and assets of a small program; the other assets are at their lower bound.
struct Part {
    scenarios: Vec<bool>,
    assets: Vec<bool>,
}

struct Found {
    weights: Vec<f64>,
    zeta: f64,
    /// What the objective loses with a unit more of each asset.
    reduced_costs: Vec<f64>,
    iterations: u32,
}

impl Part {
    /// The worst scenarios of some weights, and the assets that these hold.
    fn around(universe: &Universe, returns: &Returns, weights: &[f64], confidence_level: f64) -> Self {
        let portfolio = times(returns.simple(), weights);
        let mut order: Vec<usize> = (0..portfolio.len()).collect();
        order.sort_by(|&a, &b| portfolio[a].total_cmp(&portfolio[b]));
        let tail = 3.0 * (1.0 - confidence_level) * portfolio.len() as f64;
        let mut scenarios = vec![false; portfolio.len()];
        order.iter().take(tail as usize + 20).for_each(|&t| scenarios[t] = true);
        let assets = weights.iter().zip(&universe.lower).map(|(w, low)| *w > low + 1e-12).collect();
        Self { scenarios, assets }
    }

    fn solve(
        &self,
        universe: &Universe,
        returns: &Returns,
        confidence_level: f64,
        target: Option<f64>,
    ) -> Result<Option<Found>, QuantError> {
        let chosen = |flags: &[bool]| (0..flags.len()).filter(|&i| flags[i]).collect::<Vec<_>>();
        let (scenarios, assets) = (chosen(&self.scenarios), chosen(&self.assets));
        let fixed: Vec<f64> = universe
            .lower
            .iter()
            .zip(&self.assets)
            .map(|(low, free)| if *free { 0.0 } else { *low })
            .collect();
        let mut program = Program::new(false);
        let first = program.variables(assets.len());
        let zeta = program.variables(1 + scenarios.len());
        let held = |values: &[f64], sign: f64| -> Vec<(usize, f64)> {
            assets.iter().enumerate().map(|(k, &asset)| (first + k, sign * values[asset])).collect()
        };
        let ones = vec![1.0; universe.assets()];
        program.equal_zero(Expression::new(held(&ones, 1.0), fixed.iter().sum::<f64>() - 1.0), None);
        for (k, &t) in scenarios.iter().enumerate() {
            let row = returns.simple().row(t);
            let mut terms = held(row, 1.0);
            terms.extend([(zeta, 1.0), (zeta + 1 + k, 1.0)]);
            program.at_least_zero(Expression::new(terms, dot(row, &fixed)), None);
        }
        if let Some(target) = target {
            let rest = dot(&universe.mean, &fixed) - target;
            program.at_least_zero(Expression::new(held(&universe.mean, 1.0), rest), None);
        }
        for k in 0..scenarios.len() {
            program.at_least_zero(Expression::new(vec![(zeta + 1 + k, 1.0)], 0.0), None);
        }
        for (k, &asset) in assets.iter().enumerate() {
            program.at_least_zero(Expression::new(vec![(first + k, 1.0)], -universe.lower[asset]), None);
            program.at_least_zero(Expression::new(vec![(first + k, -1.0)], universe.upper[asset]), None);
        }
        let weight = 1.0 / ((1.0 - confidence_level) * returns.periods() as f64);
        program.minimise_linear((0..scenarios.len()).map(|k| (zeta + 1 + k, weight)));
        program.minimise_linear([(zeta, 1.0)]);
        let answer = program.solve()?;
        if !matches!(answer.verdict, Verdict::Solved | Verdict::SolvedInaccurately) {
            return Ok(None);
        }
        let mut weights = fixed;
        assets.iter().enumerate().for_each(|(k, &asset)| weights[asset] = answer.values[first + k]);
        let mut reduced_costs = vec![-answer.multipliers[0]; universe.assets()];
        for (k, &t) in scenarios.iter().enumerate() {
            let price = answer.multipliers[1 + k];
            let row = returns.simple().row(t);
            reduced_costs.iter_mut().zip(row).for_each(|(cost, value)| *cost -= price * value);
        }
        if target.is_some() {
            let price = answer.multipliers[1 + scenarios.len()];
            reduced_costs.iter_mut().zip(&universe.mean).for_each(|(cost, value)| *cost -= price * value);
        }
        Ok(Some(Found { weights, zeta: answer.values[zeta], reduced_costs, iterations: answer.iterations }))
    }

    /// Adds what was wrongly left out; whether there was any.
    fn grow(&mut self, universe: &Universe, returns: &Returns, found: &Found) -> bool {
        let mut grown = false;
        for (t, value) in times(returns.simple(), &found.weights).into_iter().enumerate() {
            if !self.scenarios[t] && -value > found.zeta + TOLERANCE {
                self.scenarios[t] = true;
                grown = true;
            }
        }
        let wanted = |i: usize| found.reduced_costs[i] < -TOLERANCE && universe.upper[i] > universe.lower[i];
        let mut outside: Vec<usize> =
            (0..self.assets.len()).filter(|&i| !self.assets[i] && wanted(i)).collect();
        outside.sort_by(|&a, &b| found.reduced_costs[a].total_cmp(&found.reduced_costs[b]));
        for &asset in outside.iter().take(40) {
            self.assets[asset] = true;
            grown = true;
        }
        grown
    }
}
