//! All risk calculations as one kind of work.

use domain::{
    risk::{AssetHistory, Computed, Provenance, RiskInput},
    task::{Failure, PayloadRef, TaskKind},
};
use jobs::{Shard, Work};
use platform::{Env, EnvError};
use quant::{Returns, Weights};
use serde::Serialize;

use crate::{
    failure::{not_computable, unreadable},
    monte_carlo::MonteCarlo,
    var_cvar::VarCvar,
};

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

/// An input, read and made ready.
pub enum Job {
    /// A simulation.
    MonteCarlo(Box<MonteCarlo>),
    /// VaR and CVaR.
    VarCvar(VarCvar),
}

impl Work for RiskWork {
    type Job = (Job, Provenance);

    fn prepare(&self, _: TaskKind, input: &[u8], reference: &PayloadRef) -> Result<Self::Job, Failure> {
        Ok(match RiskInput::from_bytes(input).map_err(unreadable)? {
            RiskInput::MonteCarlo(input) => {
                let provenance = provenance(&input.portfolio, reference);
                (Job::MonteCarlo(Box::new(MonteCarlo::prepare(input)?)), provenance)
            }
            RiskInput::VarCvar(input) => {
                let provenance = provenance(&input.portfolio, reference);
                (Job::VarCvar(VarCvar::prepare(input)?), provenance)
            }
        })
    }

    fn shards(&self, (job, _): &Self::Job) -> u32 {
        match job {
            Job::MonteCarlo(job) => job.shards(self.work_per_shard),
            Job::VarCvar(_) => 1,
        }
    }

    fn compute(&self, (job, _): &Self::Job, shard: Shard) -> Result<Vec<u8>, Failure> {
        match job {
            Job::MonteCarlo(job) => job.compute(shard),
            Job::VarCvar(_) => Ok(Vec::new()),
        }
    }

    fn reduce(&self, (job, provenance): &Self::Job, partials: Vec<Vec<u8>>) -> Result<Vec<u8>, Failure> {
        match job {
            Job::MonteCarlo(job) => document(job.reduce(partials)?, provenance),
            Job::VarCvar(job) => document(job.compute()?, provenance),
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
        engine_version: concat!("ballast ", env!("CARGO_PKG_VERSION")).to_owned(),
        input_hash: reference.sha256.clone(),
        assets: portfolio.assets.clone(),
        weights: portfolio.weights.clone(),
        history_days: portfolio.returns.len(),
    }
}

fn document(figures: impl Serialize, provenance: &Provenance) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(&Computed { figures, provenance: provenance.clone() }).map_err(unreadable)
}
