use std::ops::Range;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{accumulator::Accumulator, histogram::Sparse, record::BlockRecord};

/// The result of a range of blocks: what [`super::Simulation::reduce`] needs of it and no more.
///
/// Compact in postcard: 8 bytes a path where final values are kept one by one, otherwise some hundred kilobytes whatever
/// the number of paths.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Partial {
    pub(super) fingerprint: u64,
    pub(super) blocks: Range<u64>,
    pub(super) records: Vec<BlockRecord>,
    pub(super) minimum: f64,
    pub(super) maximum: f64,
    pub(super) worst_drawdown: f64,
    pub(super) finals: Finals,
    pub(super) drawdowns: Sparse,
    pub(super) fan: Vec<Sparse>,
}

/// The final returns `V_T / V_0 - 1`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Finals {
    /// One by one, in the order of paths.
    Exact(Vec<f64>),
    /// Counted in the bins of a histogram.
    Histogram(Sparse),
}

impl Partial {
    /// The blocks that it covers.
    pub fn blocks(&self) -> Range<u64> {
        self.blocks.clone()
    }

    pub(super) fn new(fingerprint: u64, blocks: Range<u64>, exact: bool, mut sums: Accumulator) -> Self {
        sums.sort();
        let finals = if exact {
            Finals::Exact(sums.blocks.iter().flat_map(|block| &block.returns).copied().collect())
        } else {
            Finals::Histogram(sums.histogram.sparse())
        };
        Self {
            fingerprint,
            blocks,
            records: sums.blocks.iter().map(|block| block.record).collect(),
            minimum: sums.minimum,
            maximum: sums.maximum,
            worst_drawdown: sums.worst_drawdown,
            finals,
            drawdowns: sums.drawdowns.sparse(),
            fan: sums.fan.par_iter().map(super::histogram::Histogram::sparse).collect(),
        }
    }
}
