use super::{Term, portfolio_terms};
use crate::{
    Returns,
    optimise::program::{Expression, Program},
    rank::rank,
};

/// The conditional value at risk of a period, `min_ζ ζ + Σ max(-r_t - ζ, 0) / ((1 - β) T)` (Rockafellar & Uryasev 2000).
pub(super) fn add(program: &mut Program, first: usize, returns: &Returns, confidence_level: f64) -> Term {
    let periods = returns.periods();
    let zeta = program.variables(1 + periods);
    for t in 0..periods {
        let mut terms = portfolio_terms(returns.simple().row(t), first, 1.0);
        terms.extend([(zeta, 1.0), (zeta + 1 + t, 1.0)]);
        program.at_least_zero(Expression::new(terms, 0.0), None);
        program.at_least_zero(Expression::new(vec![(zeta + 1 + t, 1.0)], 0.0), None);
    }
    Term::Linear(tail_terms(zeta, periods, confidence_level))
}

/// `ζ + Σ excess / ((1 - β) T)`, where the excesses follow ζ.
pub(super) fn tail_terms(zeta: usize, periods: usize, confidence_level: f64) -> Vec<(usize, f64)> {
    let weight = 1.0 / ((1.0 - confidence_level) * periods as f64);
    let mut terms = vec![(zeta, 1.0)];
    terms.extend((0..periods).map(|t| (zeta + 1 + t, weight)));
    terms
}

/// The conditional value at risk of a sample of returns, with the boundary's fractional weight.
pub(crate) fn sample_cvar(returns: &[f64], confidence_level: f64) -> f64 {
    let n = returns.len();
    let k = rank(1.0 - confidence_level, n as u64) as usize;
    let mut values = returns.to_vec();
    let (worse, &mut quantile, _) = values.select_nth_unstable_by(k - 1, f64::total_cmp);
    let shortfall: f64 = worse.iter().map(|value| quantile - value).sum();
    shortfall / ((1.0 - confidence_level) * n as f64) - quantile
}
