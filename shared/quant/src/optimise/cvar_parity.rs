use super::{
    RiskMeasure, Solution,
    naive::normalised,
    program::{Cone, Expression, Program, Verdict},
    risk::Term,
    risk_parity::checked_budgets,
    solution::{Outcome, Solver},
    universe::Universe,
};
use crate::QuantError;

/// Risk parity for the conditional value at risk, long only: the minimum of `CVaR(y)` with `Σ b_i ln y_i ≥ 0` over
/// `y > 0`, scaled to sum to 1 (Bruder & Roncalli 2012), by exponential cones.
pub(super) fn solve(
    universe: Universe,
    budgets: Option<&[f64]>,
    confidence_level: f64,
) -> Result<Solution, QuantError> {
    let n = universe.assets();
    let budgets = checked_budgets(budgets, n)?;
    let measure = RiskMeasure::Cvar { confidence_level };
    measure.check()?;
    let mut program = Program::new(false);
    let first = program.variables(n);
    let logarithm = program.variables(n);
    let Term::Linear(risk) = measure.add(&mut program, first, &universe)? else {
        return Err(QuantError::Unsupported { what: "risk parity for this measure" });
    };
    program.minimise_linear(risk);
    let sum = budgets.iter().enumerate().map(|(i, budget)| (logarithm + i, *budget)).collect();
    program.at_least_zero(Expression::new(sum, 0.0), None);
    for i in 0..n {
        let one = |variable: usize| Expression::new(vec![(variable, 1.0)], 0.0);
        let block = vec![one(logarithm + i), Expression::new(Vec::new(), 1.0), one(first + i)];
        program.in_cone(Cone::Exponential, block, None);
    }
    let answer = program.solve()?;
    let (solver, iterations) = (Solver::Clarabel, answer.iterations);
    let weights = || normalised(answer.values[first..first + n].to_vec());
    match answer.verdict {
        Verdict::Solved => universe.solved(weights(), Outcome::Solved { solver, iterations }, Some(measure)),
        Verdict::SolvedInaccurately => {
            universe.solved(weights(), Outcome::SolvedInaccurately { solver, iterations }, Some(measure))
        }
        _ => Err(QuantError::Overflow { what: "the CVaR risk parity of this history" }),
    }
}
