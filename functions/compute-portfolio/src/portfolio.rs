//! All portfolio operations as one kind of work.

use computations::{Answer, Kept, PortfolioInput, Provenance};
use domain::task::{Failure, PayloadRef, TaskKind};
use jobs::{
    Shard, Work,
    failure::{not_computable, unreadable},
};
use serde::Serialize;

use crate::{optimisation, performance, rebalancing};

/// Portfolio operations. Each takes seconds at most, so none is cut.
#[derive(Debug)]
pub struct PortfolioWork;

impl Work for PortfolioWork {
    type Job = (PortfolioInput, PayloadRef);

    fn prepare(&self, _: TaskKind, input: &[u8], reference: &PayloadRef) -> Result<Self::Job, Failure> {
        Ok((PortfolioInput::from_bytes(input).map_err(unreadable)?, reference.clone()))
    }

    fn shards(&self, _: &Self::Job) -> u32 {
        1
    }

    fn compute(&self, _: &Self::Job, _: Shard) -> Result<Vec<u8>, Failure> {
        Ok(Vec::new())
    }

    fn reduce(&self, (input, reference): &Self::Job, _: Vec<Vec<u8>>) -> Result<Vec<u8>, Failure> {
        match input {
            PortfolioInput::Optimise(input) => {
                let result = optimisation::compute(input).map_err(not_computable)?;
                let days = input.problem.returns.as_ref().map(quant::Returns::periods);
                document(result, reference, &input.assets, days)
            }
            PortfolioInput::Rebalance(input) => {
                let result = rebalancing::compute(input).map_err(not_computable)?;
                document(result, reference, &input.assets, None)
            }
            PortfolioInput::Performance(input) => {
                let result = performance::compute(input).map_err(not_computable)?;
                let days = Some(result.performance.figures.periods);
                document(result, reference, performance::assets(input), days)
            }
        }
    }
}

fn document(
    result: impl Serialize,
    reference: &PayloadRef,
    assets: &[String],
    history_days: Option<usize>,
) -> Result<Vec<u8>, Failure> {
    let provenance = Provenance {
        engine_version: concat!("ballast ", env!("CARGO_PKG_VERSION")).to_owned(),
        input_hash: reference.sha256.clone(),
        assets: assets.to_vec(),
        history_days,
    };
    serde_json::to_vec(&Answer { result, provenance }).map_err(unreadable)
}
