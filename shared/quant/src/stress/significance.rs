use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::solve::Solver;

/// Student's t of the coefficients of a regression: each over its own standard error (homoscedastic, as `statsmodels`
/// tells them). Null for a redundant factor, and where nothing is left unexplained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TStatistics {
    /// Of the intercept.
    pub intercept: Option<f64>,
    /// Of the betas, in the factors' order.
    pub betas: Vec<Option<f64>>,
}

/// What the standard errors of all assets' coefficients have in common.
pub(super) struct Significance {
    periods: f64,
    degrees_of_freedom: f64,
    /// The variances of the coefficients, in units of the residuals' variance: the intercept's, and the betas'.
    intercept: f64,
    betas: Vec<Option<f64>>,
}

impl Significance {
    pub(super) fn new(solver: &Solver, factor_means: &[f64], periods: usize, redundant: &[usize]) -> Self {
        let count = factor_means.len();
        let used = count - redundant.len();
        let freedom = (periods - used - 1) as f64;
        let periods = periods as f64;
        let of_means = solver.solve(factor_means);
        let distance: f64 = of_means.iter().zip(factor_means).map(|(left, right)| left * right).sum();
        let beta = |factor: usize| {
            let unit: Vec<f64> = (0..count).map(|other| f64::from(u8::from(other == factor))).collect();
            (!redundant.contains(&factor)).then(|| solver.solve(&unit)[factor] / (periods - 1.0))
        };
        Self {
            periods,
            degrees_of_freedom: freedom,
            intercept: 1.0 / periods + distance / (periods - 1.0),
            betas: (0..count).map(beta).collect(),
        }
    }

    /// The residuals' variance, given the sample variance of all and of what is explained.
    pub(super) fn residual_variance(&self, total: f64, explained: f64) -> f64 {
        (total - explained).max(0.0) * (self.periods - 1.0) / self.degrees_of_freedom
    }

    pub(super) fn of(&self, intercept: f64, betas: &[f64], residual_variance: f64) -> TStatistics {
        let ratio = |value: f64, unit: f64| Some(value / (unit * residual_variance).sqrt());
        let finite = |ratio: Option<f64>| ratio.filter(|ratio| ratio.is_finite());
        TStatistics {
            intercept: finite(ratio(intercept, self.intercept)),
            betas: betas.iter().zip(&self.betas).map(|(beta, unit)| finite(ratio(*beta, (*unit)?))).collect(),
        }
    }
}
