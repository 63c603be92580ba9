//! Simulations of companies' values.

use domain::{
    task::{Failure, PayloadRef},
    valuation::Simulated,
};
use quant::valuation::Simulation;

use crate::{
    failure::{not_computable, unreadable},
    risk::ENGINE_VERSION,
};

/// A simulation that is ready to run. A million trials take a second, so it is not cut into shards.
pub struct Valuation {
    simulation: Simulation,
    input_hash: String,
}

impl Valuation {
    pub(crate) fn prepare(input: &[u8], reference: &PayloadRef) -> Result<Self, Failure> {
        let specification = postcard::from_bytes(input).map_err(unreadable)?;
        let simulation = Simulation::prepare(specification).map_err(not_computable)?;
        Ok(Self { simulation, input_hash: reference.sha256.clone() })
    }

    /// The result, as a JSON document.
    pub(crate) fn compute(&self) -> Result<Vec<u8>, Failure> {
        let figures = self.simulation.outcome().map_err(not_computable)?;
        let (engine_version, input_hash) = (ENGINE_VERSION.to_owned(), self.input_hash.clone());
        serde_json::to_vec(&Simulated { figures, engine_version, input_hash }).map_err(unreadable)
    }
}
