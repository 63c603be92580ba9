//! All risk calculations as one kind of work.

use computations::{Kept, frontier};
use domain::{
    risk::{AssetHistory, Computed, Provenance, RiskInput},
    task::{Failure, PayloadRef, TaskKind},
};
use jobs::{Shard, Work};
use platform::{Env, EnvError};
use quant::{Returns, Weights};
use serde::Serialize;

use crate::{
    efficient_frontier::EfficientFrontier,
    failure::{not_computable, unreadable},
    monte_carlo::MonteCarlo,
    stress_test::StressTest,
    valuation::Valuation,
    var_cvar::VarCvar,
};

pub(crate) const ENGINE_VERSION: &str = concat!("ballast ", env!("CARGO_PKG_VERSION"));

/// Asset-steps (paths × days × assets) of one shard unless `WORK_PER_SHARD` says otherwise: about half a minute on two cores.
const WORK_PER_SHARD: u64 = 20_000_000_000;

/// Risk calculations.
#[derive(Debug)]
pub struct RiskWork {
    work_per_shard: u64,
}

impl RiskWork {
    /// Reads `WORK_PER_SHARD`, which may be missing.
    ///
    /// # Errors
    /// When it is not a number.
    pub fn from_env(env: &Env) -> Result<Self, EnvError> {
        Ok(Self { work_per_shard: env.optional("WORK_PER_SHARD")?.unwrap_or(WORK_PER_SHARD) })
    }
}

/// An input, read and made ready, with what its result says of where it comes from.
pub enum Job {
    /// A simulation.
    MonteCarlo(Box<MonteCarlo>, Provenance),
    /// VaR and CVaR.
    VarCvar(Box<VarCvar>, Provenance),
    /// A simulation of a company's value.
    Valuation(Box<Valuation>),
    /// A stress test.
    StressTest(Box<StressTest>, Provenance),
    /// An efficient frontier.
    EfficientFrontier(Box<EfficientFrontier>),
}

impl Work for RiskWork {
    type Job = Job;

    fn prepare(&self, kind: TaskKind, input: &[u8], reference: &PayloadRef) -> Result<Job, Failure> {
        if kind == TaskKind::ValuationMonteCarlo {
            return Ok(Job::Valuation(Box::new(Valuation::prepare(input, reference)?)));
        }
        if kind == TaskKind::EfficientFrontier {
            let input = frontier::Input::from_bytes(input).map_err(unreadable)?;
            return Ok(Job::EfficientFrontier(Box::new(EfficientFrontier::prepare(input, reference))));
        }
        Ok(match RiskInput::from_bytes(input).map_err(unreadable)? {
            RiskInput::MonteCarlo(input) => {
                let provenance = provenance(&input.portfolio, reference);
                Job::MonteCarlo(Box::new(MonteCarlo::prepare(input)?), provenance)
            }
            RiskInput::VarCvar(input) => {
                let provenance = provenance(&input.portfolio, reference);
                Job::VarCvar(Box::new(VarCvar::prepare(input)?), provenance)
            }
            RiskInput::StressTest(input) => {
                let provenance = provenance(&input.portfolio, reference);
                Job::StressTest(Box::new(StressTest::prepare(input)?), provenance)
            }
        })
    }

    /// Only simulations of portfolios are worth cutting.
    fn shards(&self, job: &Job) -> u32 {
        match job {
            Job::MonteCarlo(job, _) => job.shards(self.work_per_shard),
            _ => 1,
        }
    }

    fn compute(&self, job: &Job, shard: Shard) -> Result<Vec<u8>, Failure> {
        match job {
            Job::MonteCarlo(job, _) => job.compute(shard),
            _ => Ok(Vec::new()),
        }
    }

    fn reduce(&self, job: &Job, partials: Vec<Vec<u8>>) -> Result<Vec<u8>, Failure> {
        match job {
            Job::MonteCarlo(job, provenance) => document(job.reduce(partials)?, provenance),
            Job::VarCvar(job, provenance) => document(job.compute()?, provenance),
            Job::Valuation(job) => job.compute(),
            Job::StressTest(job, provenance) => document(job.compute()?, provenance),
            Job::EfficientFrontier(job) => serde_json::to_vec(&job.compute()?).map_err(unreadable),
        }
    }
}

/// Weights and returns as the numerics take them.
pub(crate) fn numbers(portfolio: AssetHistory) -> Result<(Returns, Weights), Failure> {
    let returns = Returns::from_rows(&portfolio.returns).map_err(not_computable)?;
    Ok((returns, Weights::new(portfolio.weights).map_err(not_computable)?))
}

fn provenance(portfolio: &AssetHistory, reference: &PayloadRef) -> Provenance {
    Provenance {
        engine_version: ENGINE_VERSION.to_owned(),
        input_hash: reference.sha256.clone(),
        assets: portfolio.assets.clone(),
        weights: portfolio.weights.clone(),
        history_days: portfolio.returns.len(),
    }
}

fn document(figures: impl Serialize, provenance: &Provenance) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(&Computed { figures, provenance: provenance.clone() }).map_err(unreadable)
}
