use super::{Term, portfolio_terms};
use crate::{
    Returns,
    optimise::program::{Expression, Program},
};

/// The annual semideviation `√(m / T Σ min(r_t - B, 0)²)` for m periods a year (Markowitz, Todd, Xu & Yamane 1993): one
/// shortfall a period, `n_t ≥ B - r_t` and `n_t ≥ 0`.
pub(super) fn add(
    program: &mut Program,
    first: usize,
    returns: &Returns,
    benchmark: f64,
    periods_per_year: f64,
) -> Term {
    let periods = returns.periods();
    let shortfall = program.variables(periods);
    for t in 0..periods {
        let mut terms = portfolio_terms(returns.simple().row(t), first, 1.0);
        terms.push((shortfall + t, 1.0));
        program.at_least_zero(Expression::new(terms, -benchmark), None);
        program.at_least_zero(Expression::new(vec![(shortfall + t, 1.0)], 0.0), None);
    }
    let scale = periods_per_year / periods as f64;
    Term::Norm {
        rows: (0..periods).map(|t| vec![(shortfall + t, scale.sqrt())]).collect(),
        square: (0..periods).map(|t| (shortfall + t, shortfall + t, scale)).collect(),
    }
}

pub(super) fn value(portfolio: &[f64], benchmark: f64, periods_per_year: f64) -> f64 {
    let squares: f64 = portfolio.iter().map(|value| (value - benchmark).min(0.0).powi(2)).sum();
    (periods_per_year * squares / portfolio.len() as f64).sqrt()
}
