//! GARCH(1,1) by quasi maximum likelihood.

mod fit;
mod likelihood;
mod simplex;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use fit::{MINIMUM_OBSERVATIONS, garch};

/// A GARCH(1,1) model (Bollerslev 1986) of returns a period: `r_t = μ + ε_t`, `ε_t = σ_t z_t`,
/// `σ²_(t+1) = ω + α ε²_t + β σ²_t`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Garch {
    /// The mean `μ` of the returns.
    pub mean: f64,
    /// The constant `ω` of the variance, positive unless the returns are constant.
    pub omega: f64,
    /// The weight `α` of the last squared surprise, at least 0.
    pub alpha: f64,
    /// The weight `β` of the last variance, at least 0; `α + β` is at most 0.9999.
    pub beta: f64,
    /// The variance before the first return: the sample variance (ddof = 0).
    pub initial_variance: f64,
    /// The Gaussian log-likelihood of the returns; null for constant returns.
    pub log_likelihood: Option<f64>,
    /// How the search ended.
    pub outcome: GarchOutcome,
}

/// How the search for a GARCH model ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GarchOutcome {
    /// At a maximum.
    Converged,
    /// The last step was still larger than the tolerance; the best parameters that were found are given.
    IterationLimit,
    /// The returns are constant: every variance is 0, and so are `ω`, `α` and `β`.
    Constant,
}

/// Returns seen through a GARCH model.
#[derive(Debug, Clone, PartialEq)]
pub struct Filtered {
    /// The standardised residuals `z_t = (r_t - μ) / σ_t`, one a return; 0 for constant returns.
    pub residuals: Vec<f64>,
    /// The variances `σ²_t`, one a return.
    pub variances: Vec<f64>,
    /// The forecast of the variance for the period after the last return.
    pub forecast: f64,
}

impl Garch {
    /// `σ²_(t+1)` after a surprise `ε_t` under the variance `σ²_t`.
    #[inline]
    pub fn next_variance(&self, surprise: f64, variance: f64) -> f64 {
        self.alpha.mul_add(surprise * surprise, self.beta.mul_add(variance, self.omega))
    }

    /// The variance to which forecasts tend, `ω / (1 - α - β)`.
    pub fn long_run_variance(&self) -> f64 {
        self.omega / (1.0 - self.alpha - self.beta)
    }

    /// Residuals, variances and the next forecast for the returns that the model was fitted to.
    pub fn filter(&self, returns: &[f64]) -> Filtered {
        let mut variance = self.initial_variance;
        let (mut residuals, mut variances) =
            (Vec::with_capacity(returns.len()), Vec::with_capacity(returns.len()));
        for value in returns {
            let surprise = value - self.mean;
            variances.push(variance);
            residuals.push(if variance > 0.0 { surprise / variance.sqrt() } else { 0.0 });
            variance = self.next_variance(surprise, variance);
        }
        Filtered { residuals, variances, forecast: variance }
    }
}
