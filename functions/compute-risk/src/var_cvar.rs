//! VaR and CVaR from history.

use domain::{risk, task::Failure};
use quant::{Returns, Weights};
use serde::Serialize;

use crate::{failure::not_computable, risk::numbers};

/// A calculation that is ready to run.
pub struct VarCvar {
    returns: Returns,
    weights: Weights,
    confidence_levels: Vec<f64>,
    horizons: Vec<u32>,
}

impl VarCvar {
    pub(crate) fn prepare(input: risk::VarCvar) -> Result<Self, Failure> {
        let (returns, weights) = numbers(input.portfolio)?;
        Ok(Self { returns, weights, confidence_levels: input.confidence_levels, horizons: input.horizons })
    }

    pub(crate) fn compute(&self) -> Result<impl Serialize, Failure> {
        let portfolio = self.returns.portfolio(&self.weights).map_err(not_computable)?;
        quant::var_cvar::var_cvar(&portfolio, &self.confidence_levels, &self.horizons).map_err(not_computable)
    }
}
