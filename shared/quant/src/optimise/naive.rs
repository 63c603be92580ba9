use super::{Solution, solution::Solver, universe::Universe};
use crate::QuantError;

/// `w_i = 1 / N` (`DeMiguel`, Garlappi & Uppal 2009).
pub(super) fn equal_weight(universe: Universe) -> Result<Solution, QuantError> {
    let n = universe.assets();
    universe.exact(vec![1.0 / n as f64; n], Solver::ClosedForm)
}

/// `w_i ∝ 1 / σ_i`.
pub(super) fn inverse_volatility(universe: Universe) -> Result<Solution, QuantError> {
    let inverse = (0..universe.assets()).map(|i| 1.0 / universe.covariance[(i, i)].sqrt()).collect();
    universe.exact(normalised(inverse), Solver::ClosedForm)
}

/// `w_i ∝ 1 / σ_i²`.
pub(super) fn inverse_variance(universe: Universe) -> Result<Solution, QuantError> {
    let inverse = (0..universe.assets()).map(|i| 1.0 / universe.covariance[(i, i)]).collect();
    universe.exact(normalised(inverse), Solver::ClosedForm)
}

/// The values, scaled to sum to 1.
pub(super) fn normalised(values: Vec<f64>) -> Vec<f64> {
    let sum: f64 = values.iter().sum();
    values.into_iter().map(|value| value / sum).collect()
}
