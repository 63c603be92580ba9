use super::{
    Objective, RiskMeasure, Solution,
    critical_line::{CriticalLine, trace},
    cvar_large,
    program::{Answer, Cone, Expression, Program},
    risk::Term,
    solution::{Conflict, Solver},
    universe::Universe,
};
use crate::QuantError;

/// Return against a measure of risk: variance under bounds by the critical line, everything else by Clarabel.
pub(super) fn solve(
    universe: Universe,
    objective: Objective,
    measure: RiskMeasure,
) -> Result<Solution, QuantError> {
    measure.check()?;
    check(&universe, objective)?;
    let conflicts = universe.bound_conflicts();
    if !conflicts.is_empty() {
        return Ok(universe.infeasible(conflicts));
    }
    if measure == RiskMeasure::Variance
        && universe.problem.constraints.are_bounds()
        && let Some(line) = critical_line(&universe)
    {
        return match on_line(&line, &universe, objective) {
            Ok(weights) => universe.exact(weights, Solver::CriticalLine),
            Err(conflict) => Ok(universe.infeasible(vec![conflict])),
        };
    }
    if let Some(solution) = cvar_large::solve(&universe, objective, measure)? {
        return Ok(solution);
    }
    let (answer, first) = program(&universe, objective, measure)?;
    universe.answered(answer, first, measure)
}

pub(super) fn critical_line(universe: &Universe) -> Option<CriticalLine> {
    trace(&universe.mean, &universe.covariance, &universe.lower, &universe.upper)
}

fn on_line(line: &CriticalLine, universe: &Universe, objective: Objective) -> Result<Vec<f64>, Conflict> {
    let (covariance, rate) = (&universe.covariance, universe.problem.risk_free_rate);
    match objective {
        Objective::MinimumRisk => Ok(line.minimum_variance().weights.clone()),
        Objective::MaximumRatio => line.maximum_ratio(rate, covariance).ok_or(Conflict::RiskFreeRate),
        Objective::MaximumUtility { risk_aversion } => Ok(line.at_lambda(1.0 / risk_aversion)),
        Objective::EfficientRisk { target_risk } => {
            line.at_volatility(target_risk, covariance).ok_or(Conflict::TargetRisk)
        }
        Objective::EfficientReturn { target_return } => {
            line.at_return(target_return).ok_or(Conflict::TargetReturn)
        }
    }
}

fn check(universe: &Universe, objective: Objective) -> Result<(), QuantError> {
    let (name, value, positive) = match objective {
        Objective::MaximumRatio if universe.problem.constraints.costs.l2 > 0.0 => {
            return Err(QuantError::Unsupported { what: "an L2 cost with the objective maximum_ratio" });
        }
        Objective::MinimumRisk | Objective::MaximumRatio => return Ok(()),
        Objective::MaximumUtility { risk_aversion } => ("risk_aversion", risk_aversion, true),
        Objective::EfficientRisk { target_risk } => ("target_risk", target_risk, true),
        Objective::EfficientReturn { target_return } => ("target_return", target_return, false),
    };
    if value.is_finite() && (value > 0.0 || !positive) {
        return Ok(());
    }
    let range = if positive { "above 0" } else { "finite" };
    Err(QuantError::OutOfRange { name, range, value })
}

/// The problem as a conic program; gives the answer and the variable of the first weight.
///
/// A ratio is maximised as `min risk(y)` with `μᵀy - rf κ - cost ≥ 1` and `w = y / κ` (Charnes & Cooper 1962).
pub(super) fn program(
    universe: &Universe,
    objective: Objective,
    measure: RiskMeasure,
) -> Result<(Answer, usize), QuantError> {
    let n = universe.assets();
    let mut program = Program::new(objective == Objective::MaximumRatio);
    let first = program.variables(n);
    let constraints = &universe.problem.constraints;
    let trades = constraints.add(&mut program, first, universe);
    let risk = measure.add(&mut program, first, universe)?;
    let mut gain: Vec<(usize, f64)> =
        universe.mean.iter().enumerate().map(|(i, m)| (first + i, *m)).collect();
    let cost: Vec<(usize, f64)> =
        trades.into_iter().flat_map(|trade| (0..n).map(move |i| (trade + i, constraints.costs.l1))).collect();
    let squares = (0..n).map(|i| (first + i, first + i, constraints.costs.l2));
    if constraints.costs.l2 > 0.0 {
        program.minimise_quadratic(squares);
    }
    match objective {
        Objective::MinimumRisk => minimise(&mut program, risk, 1.0, 1.0),
        Objective::MaximumUtility { risk_aversion } => {
            minimise(&mut program, risk, risk_aversion, 0.5 * risk_aversion);
            program.minimise_linear(gain.into_iter().map(|(variable, value)| (variable, -value)));
        }
        Objective::EfficientReturn { target_return } => {
            program.at_least_zero(Expression::new(gain, -target_return), Some(Conflict::TargetReturn));
            minimise(&mut program, risk, 1.0, 1.0);
        }
        Objective::EfficientRisk { target_risk } => {
            limit(&mut program, risk, target_risk);
            program.minimise_linear(gain.into_iter().map(|(variable, value)| (variable, -value)));
        }
        Objective::MaximumRatio => {
            if let Some(homogeniser) = program.homogeniser() {
                gain.push((homogeniser, -universe.problem.risk_free_rate));
            }
            gain.extend(cost.iter().map(|(variable, value)| (*variable, -value)));
            program.at_least_zero_as_is(Expression::new(gain, -1.0), Some(Conflict::RiskFreeRate));
            minimise(&mut program, risk, 1.0, 1.0);
        }
    }
    if objective != Objective::MaximumRatio {
        program.minimise_linear(cost);
    }
    Ok((program.solve()?, first))
}

/// Minimises `a risk` for a linear measure, `b risk²` for a norm.
fn minimise(program: &mut Program, risk: Term, a: f64, b: f64) {
    match risk {
        Term::Linear(terms) => program.minimise_linear(terms.into_iter().map(|(i, value)| (i, a * value))),
        Term::Norm { square, .. } => {
            program.minimise_quadratic(square.into_iter().map(|(i, j, value)| (i, j, b * value)));
        }
    }
}

fn limit(program: &mut Program, risk: Term, most: f64) {
    match risk {
        Term::Linear(terms) => {
            let terms = terms.into_iter().map(|(variable, value)| (variable, -value)).collect();
            program.at_least_zero(Expression::new(terms, most), Some(Conflict::TargetRisk));
        }
        Term::Norm { rows, .. } => {
            let mut block = vec![Expression::new(Vec::new(), most)];
            block.extend(rows.into_iter().map(|row| Expression::new(row, 0.0)));
            program.in_cone(Cone::SecondOrder, block, Some(&Conflict::TargetRisk));
        }
    }
}
