use super::{Term, portfolio_terms};
use crate::{
    QuantError, Returns,
    estimate::linear::centred,
    moments::mean,
    optimise::program::{Expression, Program},
};

/// The mean absolute deviation of a period, `Σ |r_t - mean(r)| / T` (Konno & Yamazaki 1991), as twice the mean of the
/// deviations below the mean, since those above are as large.
pub(super) fn add(program: &mut Program, first: usize, returns: &Returns) -> Result<Term, QuantError> {
    let periods = returns.periods();
    let (_, centred) = centred(returns)?;
    let below = program.variables(periods);
    for t in 0..periods {
        let mut terms = portfolio_terms(centred.row(t), first, 1.0);
        terms.push((below + t, 1.0));
        program.at_least_zero(Expression::new(terms, 0.0), None);
        program.at_least_zero(Expression::new(vec![(below + t, 1.0)], 0.0), None);
    }
    Ok(Term::Linear((0..periods).map(|t| (below + t, 2.0 / periods as f64)).collect()))
}

pub(super) fn value(portfolio: &[f64]) -> Result<f64, QuantError> {
    let centre = mean(portfolio)?;
    Ok(portfolio.iter().map(|value| (value - centre).abs()).sum::<f64>() / portfolio.len() as f64)
}
