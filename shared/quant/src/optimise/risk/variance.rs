use super::Term;
use crate::optimise::universe::Universe;

/// The annual volatility, `√(wᵀΣw)` (Markowitz 1952).
pub(super) fn add(first: usize, universe: &Universe) -> Term {
    let n = universe.assets();
    let mut square = Vec::with_capacity(n * (n + 1) / 2);
    for i in 0..n {
        square.push((first + i, first + i, universe.covariance[(i, i)]));
        square.extend((0..i).map(|j| (first + j, first + i, 2.0 * universe.covariance[(j, i)])));
    }
    let shifted = |row: Vec<(usize, f64)>| row.into_iter().map(|(i, value)| (first + i, value)).collect();
    Term::Norm { rows: universe.root_rows().into_iter().map(shifted).collect(), square }
}
