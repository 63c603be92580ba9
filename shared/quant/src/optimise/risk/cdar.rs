use super::{Term, cvar::sample_cvar, cvar::tail_terms, portfolio_terms};
use crate::{
    Returns,
    optimise::program::{Expression, Program},
};

/// The conditional drawdown at risk (Chekhlov, Uryasev & Zabarankin 2005) of uncompounded cumulative returns with a
/// starting peak of 0: drawdowns `d_t ≥ d_(t-1) - r_t`, `d_t ≥ 0`, and their conditional value at risk.
pub(super) fn add(program: &mut Program, first: usize, returns: &Returns, confidence_level: f64) -> Term {
    let periods = returns.periods();
    let zeta = program.variables(1 + periods);
    let drawdown = program.variables(periods);
    for t in 0..periods {
        let mut terms = portfolio_terms(returns.simple().row(t), first, 1.0);
        terms.push((drawdown + t, 1.0));
        if t > 0 {
            terms.push((drawdown + t - 1, -1.0));
        }
        program.at_least_zero(Expression::new(terms, 0.0), None);
        program.at_least_zero(Expression::new(vec![(drawdown + t, 1.0)], 0.0), None);
        let excess = vec![(zeta + 1 + t, 1.0), (zeta, 1.0), (drawdown + t, -1.0)];
        program.at_least_zero(Expression::new(excess, 0.0), None);
        program.at_least_zero(Expression::new(vec![(zeta + 1 + t, 1.0)], 0.0), None);
    }
    Term::Linear(tail_terms(zeta, periods, confidence_level))
}

pub(super) fn value(portfolio: &[f64], confidence_level: f64) -> f64 {
    let mut drawdown = 0.0f64;
    let recoveries: Vec<f64> = portfolio
        .iter()
        .map(|value| {
            drawdown = (drawdown - value).max(0.0);
            -drawdown
        })
        .collect();
    sample_cvar(&recoveries, confidence_level)
}
