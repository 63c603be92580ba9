use super::{Objective, RiskMeasure, Solution, mean_risk, universe::Universe};
use crate::QuantError;

/// Maximum diversification (Choueifaty & Coignard 2008): the largest `Σ w_i σ_i / √(wᵀΣw)`, which is a maximum Sharpe
/// ratio with the volatilities in place of the expected returns and no rate without risk.
pub(super) fn solve(universe: Universe) -> Result<Solution, QuantError> {
    let mut problem = universe.problem.clone();
    problem.risk_free_rate = 0.0;
    let volatilities = (0..universe.assets()).map(|i| universe.covariance[(i, i)].sqrt()).collect();
    let stand_in = Universe { problem: &problem, mean: volatilities, ..universe.clone() };
    let mut solution = mean_risk::solve(stand_in, Objective::MaximumRatio, RiskMeasure::Variance)?;
    if let Some(weights) = &solution.weights {
        solution.figures = Some(universe.figures(weights, None)?);
    }
    Ok(solution)
}
