use faer::{Mat, linalg::solvers::Solve};

use super::{
    Solution,
    naive::normalised,
    solution::{Outcome, Solver},
    universe::Universe,
};
use crate::{
    QuantError,
    estimate::linear::{cholesky, correlation, times},
};

const ITERATIONS: u32 = 100;

/// Risk parity for volatility: `w_i (Σw)_i / wᵀΣw = b_i` with long positions only, as the minimum of the convex
/// `½ xᵀCx - Σ b_i ln x_i` over the correlation C with `w_i ∝ x_i / σ_i` (Maillard, Roncalli & Teiletche 2010; Spinu
/// 2013), by Newton's method damped for self-concordance.
pub(super) fn solve(universe: Universe, budgets: Option<&[f64]>) -> Result<Solution, QuantError> {
    let n = universe.assets();
    let budgets = checked_budgets(budgets, n)?;
    let (correlation, deviations) = correlation(&universe.covariance);
    let mut x: Vec<f64> = times(&correlation, &vec![1.0; n])
        .iter()
        .zip(&budgets)
        .map(|(sum, budget)| (budget / sum.max(1.0 / n as f64)).sqrt())
        .collect();
    let least = budgets.iter().copied().fold(f64::INFINITY, f64::min).sqrt();
    for iteration in 1..=ITERATIONS {
        let product = times(&correlation, &x);
        let gradient: Vec<f64> = (0..n).map(|i| product[i] - budgets[i] / x[i]).collect();
        let error = (0..n).map(|i| (gradient[i] * x[i] / budgets[i]).abs()).fold(0.0, f64::max);
        if error < 1e-11 {
            let weights = normalised(x.iter().zip(&deviations).map(|(x, deviation)| x / deviation).collect());
            let outcome = Outcome::Solved { solver: Solver::Newton, iterations: iteration - 1 };
            return universe.solved(weights, outcome, None);
        }
        let mut hessian = correlation.clone();
        for i in 0..n {
            hessian[(i, i)] += budgets[i] / (x[i] * x[i]);
        }
        let Some(factor) = cholesky(&hessian) else { break };
        let step = factor.solve(Mat::from_fn(n, 1, |i, _| gradient[i]));
        let decrement = (0..n).map(|i| gradient[i] * step[(i, 0)]).sum::<f64>().max(0.0).sqrt() / least;
        let mut length = if decrement < 0.25 { 1.0 } else { 1.0 / (1.0 + decrement) };
        let longest = (0..n).map(|i| step[(i, 0)] / x[i]).fold(0.0, f64::max);
        // Far from the answer the bound by self-concordance is careful; half-way to the boundary is safe as well.
        if longest > 0.0 {
            length = f64::max(length, (0.5 / longest).min(1.0));
        }
        for (i, x) in x.iter_mut().enumerate() {
            *x -= length * step[(i, 0)];
        }
    }
    Err(QuantError::Overflow { what: "the risk parity of this covariance" })
}

/// Budgets that are positive and sum to 1; equal ones where none are given.
pub(super) fn checked_budgets(budgets: Option<&[f64]>, assets: usize) -> Result<Vec<f64>, QuantError> {
    let Some(budgets) = budgets else { return Ok(vec![1.0 / assets as f64; assets]) };
    if budgets.len() != assets {
        let (what, found) = ("budgets", budgets.len());
        return Err(QuantError::AssetsMismatch { what, found, expected: assets });
    }
    if let Some(&value) = budgets.iter().find(|budget| !(**budget > 0.0 && budget.is_finite())) {
        return Err(QuantError::OutOfRange { name: "a budget", range: "above 0", value });
    }
    let sum: f64 = budgets.iter().sum();
    if (sum - 1.0).abs() > crate::WEIGHT_SUM_TOLERANCE {
        return Err(QuantError::OutOfRange { name: "the sum of budgets", range: "1", value: sum });
    }
    Ok(budgets.iter().map(|budget| budget / sum).collect())
}
