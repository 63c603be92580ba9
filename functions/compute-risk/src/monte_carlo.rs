//! Monte Carlo simulations.

use domain::{risk, task::Failure};
use jobs::Shard;
use quant::monte_carlo::{
    EXACT_QUANTILE_PATHS, ModelChoice, Outcome, Partial, Rebalance, Sampling, Settings, Simulation,
    Specification,
};

use crate::{
    failure::{not_computable, unreadable},
    risk::numbers,
};

/// The most shards of one simulation.
const MAXIMUM_SHARDS: u64 = 1024;

/// A simulation that is ready to run.
pub struct MonteCarlo(Simulation);

impl MonteCarlo {
    pub(crate) fn prepare(input: risk::MonteCarlo) -> Result<Self, Failure> {
        let settings = Settings {
            initial_value: input.initial_value,
            steps: input.time_horizon,
            paths: input.num_simulations,
            seed: input.seed,
            rebalance: match input.rebalance {
                risk::Rebalance::None => Rebalance::None,
                risk::Rebalance::Daily => Rebalance::Daily,
            },
            confidence_levels: input.confidence_levels,
            exact_quantile_paths: EXACT_QUANTILE_PATHS,
            sampling: sampling(input.sampling),
            path_statistics: input.path_statistics,
        };
        let (returns, weights) = numbers(input.portfolio)?;
        let specification =
            Specification::fit(&returns, weights, model(input.model), settings).map_err(not_computable)?;
        Simulation::prepare(specification).map(Self).map_err(not_computable)
    }

    pub(crate) fn shards(&self, work_per_shard: u64) -> u32 {
        let wanted = self.0.work().div_ceil(work_per_shard.max(1)).clamp(1, MAXIMUM_SHARDS);
        self.0.shards(wanted).len() as u32
    }

    pub(crate) fn compute(&self, shard: Shard) -> Result<Vec<u8>, Failure> {
        let blocks =
            self.0.shards(u64::from(shard.total)).into_iter().nth(shard.index as usize).unwrap_or_default();
        let partial = self.0.run(blocks).map_err(not_computable)?;
        postcard::to_stdvec(&partial).map_err(unreadable)
    }

    pub(crate) fn reduce(&self, partials: Vec<Vec<u8>>) -> Result<Outcome, Failure> {
        let partials =
            partials.iter().map(|bytes| postcard::from_bytes::<Partial>(bytes).map_err(unreadable));
        let partials = partials.collect::<Result<Vec<_>, _>>()?;
        self.0.reduce(partials).map_err(not_computable)
    }
}

fn model(model: risk::SimulationModel) -> ModelChoice {
    use risk::SimulationModel as Asked;
    match model {
        Asked::GeometricBrownianMotion => ModelChoice::GeometricBrownianMotion,
        Asked::StudentTCopula { degrees_of_freedom } => ModelChoice::StudentTCopula { degrees_of_freedom },
        Asked::HistoricalBootstrap => ModelChoice::HistoricalBootstrap,
        Asked::StationaryBootstrap { mean_block_length } => {
            ModelChoice::StationaryBootstrap { mean_block_length }
        }
        Asked::GarchFilteredHistorical => ModelChoice::GarchFilteredHistorical,
    }
}

fn sampling(sampling: risk::Sampling) -> Sampling {
    match sampling {
        risk::Sampling::Random => Sampling::Random,
        risk::Sampling::Antithetic => Sampling::Antithetic,
        risk::Sampling::MomentMatched => Sampling::MomentMatched,
        risk::Sampling::Sobol => Sampling::Sobol,
    }
}
