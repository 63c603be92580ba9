//! The computation of a run, with no I/O.

use domain::{Invalid, Validation, digest::sha256_hex, valuation::Figures, valuation::Simulated};
use jiff::{SignedDuration, Timestamp};
use quant::valuation::{CostOfCapital, Dcf, Outcome, Simulation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::ApiError;

use crate::inputs::{Inputs, InputsRequest, Settings, SettingsRequest};

const ENGINE_VERSION: &str = concat!("ballast ", env!("CARGO_PKG_VERSION"));
/// How far a client's clock may be ahead of ours.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(5);

/// A valuation to be run.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunRequest {
    /// What is assumed.
    inputs: InputsRequest,
    /// How the valuation is simulated; without it, it is not.
    mc_settings: Option<SettingsRequest>,
    /// When the client made it (RFC 3339), not in the future.
    #[schema(example = "2026-11-22T09:30:00Z")]
    timestamp: Option<Timestamp>,
}

/// What a run computes and keeps.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RunResult {
    /// The inputs as they were understood.
    pub(super) inputs: Inputs,
    /// The simulation's settings as they were understood; null without one.
    pub(super) mc_settings: Option<Settings>,
    /// The steps of the cost of capital; null where it was given.
    cost_of_capital: Option<CostOfCapital>,
    /// The valuation with all its steps. Figures are not rounded.
    valuation: Dcf,
    /// The version of the engine that computed it.
    #[schema(example = "ballast 0.1.0")]
    engine_version: &'static str,
}

/// A simulation that is checked, and the bytes that make it again.
pub(super) struct Trials {
    simulation: Simulation,
    pub(super) input: Vec<u8>,
}

/// A run's result; a simulation is left for later, as it may be work for others.
pub(super) struct Computed {
    pub(super) result: RunResult,
    pub(super) figures: Figures,
    pub(super) trials: Option<Trials>,
    pub(super) timestamp: Option<Timestamp>,
}

impl RunRequest {
    /// Checks the request and values the company.
    ///
    /// # Errors
    /// 422 that names every field at fault.
    pub(super) fn compute(self, now: Timestamp, drawn_seed: u64) -> Result<Computed, ApiError> {
        let mut validation = Validation::new();
        let late = self.timestamp.is_some_and(|timestamp| timestamp > now + CLOCK_SKEW);
        validation.require(!late, "/timestamp", "must not be in the future");
        let inputs = validation.nest("/inputs", self.inputs.parse());
        let inputs = validation.finish(inputs)?;
        let (assumptions, cost_of_capital) = inputs.assumptions()?;
        let simulated = self.mc_settings.map(|settings| settings.parse(&assumptions, drawn_seed)).transpose();
        let mut validation = Validation::new();
        let simulated = validation.nest("/mc_settings", simulated);
        let valued = validation.nest("/inputs", inputs.value());
        let (simulated, (valuation, figures)) = validation.finish(simulated.zip(valued))?;
        let (mc_settings, trials) = match simulated {
            None => (None, None),
            Some((settings, specification, simulation)) => {
                let input = postcard::to_stdvec(&specification).map_err(ApiError::internal)?;
                (Some(settings), Some(Trials { simulation, input }))
            }
        };
        let result =
            RunResult { inputs, mc_settings, cost_of_capital, valuation, engine_version: ENGINE_VERSION };
        Ok(Computed { result, figures, trials, timestamp: self.timestamp })
    }
}

impl Trials {
    /// Runs the simulation.
    ///
    /// # Errors
    /// 422 where no trial has a value.
    pub(super) fn run(&self) -> Result<Simulated<Outcome>, ApiError> {
        let figures = self.simulation.outcome().map_err(|error| Invalid::field("/mc_settings", error))?;
        let input_hash = sha256_hex(&self.input);
        Ok(Simulated { figures, engine_version: ENGINE_VERSION.to_owned(), input_hash })
    }
}
