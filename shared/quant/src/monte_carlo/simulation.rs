use std::{
    ops::Range,
    sync::atomic::{AtomicU64, Ordering},
};

use pulp::Arch;
use rayon::prelude::*;

use super::{
    accumulator::{Accumulator, Block},
    dynamics::Dynamics,
    fingerprint::fingerprint,
    lanes::LANES,
    matched::MOMENT_GROUP,
    merged::Merged,
    model::Model,
    outcome::Outcome,
    partial::Partial,
    sampling::Sampling,
    sobol::REPLICATES,
    specification::{Settings, Specification},
};
use crate::{QuantError, factor::CovarianceRepair};

/// The fewest paths of a block, so that small runs still split over threads.
const SMALLEST_BLOCK: u64 = 2 * LANES as u64;
/// The most blocks of a simulation, so that their records stay small.
const MOST_BLOCKS: u64 = 4096;

/// A simulation that is checked and ready to run.
///
/// Paths are cut into blocks of a size that only the number of paths decides. A path's draws depend on the seed and its
/// number, and floating-point sums are merged in block order, so the outcome has the same bits however the blocks are
/// shared out, on any number of threads and with vectors of any width.
#[derive(Debug, Clone)]
pub struct Simulation {
    pub(super) specification: Specification,
    pub(super) model: Model,
    pub(super) repair: CovarianceRepair,
    fingerprint: u64,
}

impl Simulation {
    /// Checks a specification and factors its covariance, repairing it where it has to be.
    ///
    /// # Errors
    /// `AssetsMismatch`, `NotFinite`, `OutOfRange`, `Empty`, `NotSymmetric`, `NegativeVariance`, and `Overflow` where a
    /// log-return could leave ±700 over the horizon.
    pub fn prepare(specification: Specification) -> Result<Self, QuantError> {
        specification.validate()?;
        let (model, repair) = Model::new(&specification, replicate_paths(&specification.settings))?;
        let fingerprint = fingerprint(&specification);
        Ok(Self { specification, model, repair, fingerprint })
    }

    /// The number of blocks: the unit in which the work is shared out. At most 4096.
    pub fn blocks(&self) -> u64 {
        self.specification.settings.paths.div_ceil(self.block_paths())
    }

    /// The paths of every block but the last, which may have fewer.
    pub fn block_paths(&self) -> u64 {
        block_paths(&self.specification.settings)
    }

    /// The tiles that are simulated together, day by day.
    pub(super) fn group_tiles(&self) -> usize {
        match self.specification.settings.sampling {
            Sampling::MomentMatched => MOMENT_GROUP as usize / LANES,
            _ => 1,
        }
    }

    /// The blocks of a replicate, where standard errors come from the differences between replicates.
    pub(super) fn replicate_blocks(&self) -> Option<usize> {
        let settings = &self.specification.settings;
        match settings.sampling {
            Sampling::Random => None,
            Sampling::Antithetic | Sampling::MomentMatched => Some(1),
            Sampling::Sobol => Some((replicate_paths(settings) / block_paths(settings)) as usize),
        }
    }

    /// What was done to the covariance.
    pub fn covariance_repair(&self) -> CovarianceRepair {
        self.repair
    }

    /// The work of the whole run in asset-steps (paths × steps × assets) of geometric Brownian motion, for planning: one core does 6 to 8·10⁸ of them
    /// a second with AVX-512 and 3 to 4·10⁸ with AVX2, from 3 to 50 assets.
    pub fn work(&self) -> u64 {
        let settings = &self.specification.settings;
        let assets = self.specification.weights.assets() as u64;
        let steps = u64::from(self.model.steps);
        let model = match self.specification.dynamics {
            Dynamics::GeometricBrownianMotion(_) => 1,
            Dynamics::Bootstrap { .. } => 2,
            Dynamics::StudentTCopula { .. } | Dynamics::GarchFilteredHistorical { .. } => 4,
        };
        let sampling = if settings.sampling == Sampling::Sobol { 8 } else { 1 };
        let factors = [steps, assets, model, sampling];
        factors.into_iter().fold(settings.paths, u64::saturating_mul)
    }

    /// Cuts the blocks into up to `shards` ranges of nearly equal size, in order.
    pub fn shards(&self, shards: u64) -> Vec<Range<u64>> {
        let blocks = self.blocks();
        let shards = shards.clamp(1, blocks);
        (0..shards).map(|i| blocks * i / shards..blocks * (i + 1) / shards).collect()
    }

    /// Simulates a range of blocks, on the threads of the current rayon pool. Each takes the next block that is left, so
    /// that all end together, and keeps its own sums.
    ///
    /// # Errors
    /// `BlocksOutOfRange` for blocks that there aren't, `Overflow` where the value on a path is no number.
    pub fn run(&self, blocks: Range<u64>) -> Result<Partial, QuantError> {
        self.run_on(Arch::new(), blocks)
    }

    fn run_on(&self, arch: Arch, blocks: Range<u64>) -> Result<Partial, QuantError> {
        let (start, end) = (blocks.start, blocks.end);
        if start >= end || end > self.blocks() {
            return Err(QuantError::BlocksOutOfRange { start, end, blocks: self.blocks() });
        }
        let next = AtomicU64::new(start);
        let worker = |_| {
            let mut sums = Accumulator::new(self);
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= end {
                    return Ok(sums);
                }
                arch.dispatch(Block { simulation: self, accumulator: &mut sums, index })?;
            }
        };
        let workers = (rayon::current_num_threads() as u64).min(end - start);
        let sums = (0..workers as usize)
            .into_par_iter()
            .with_max_len(1)
            .map(worker)
            .try_reduce_with(|left, right| Ok(left.merge(right)))
            .unwrap_or_else(|| Ok(Accumulator::new(self)))?;
        Ok(Partial::new(self.fingerprint, blocks, self.is_exact(), sums))
    }

    /// Puts partial results together, in the order of their blocks. Uses the threads of the current rayon pool.
    ///
    /// # Errors
    /// `BlocksNotCovered` unless the partial results cover every block exactly once and in order, `ForeignPartial` for one
    /// of another specification, `Overflow` where a figure is no number.
    pub fn reduce(&self, partials: impl IntoIterator<Item = Partial>) -> Result<Outcome, QuantError> {
        let mut merged = Merged::new(self);
        let mut covered = 0;
        for partial in partials {
            if partial.fingerprint != self.fingerprint {
                return Err(QuantError::ForeignPartial);
            }
            if partial.blocks.start != covered {
                let found = partial.blocks.start;
                return Err(QuantError::BlocksNotCovered { expected: covered, found });
            }
            covered = partial.blocks.end;
            merged.add(partial);
        }
        if covered != self.blocks() {
            return Err(QuantError::BlocksNotCovered { expected: self.blocks(), found: covered });
        }
        merged.outcome(self)
    }

    /// Runs all blocks and reduces them.
    ///
    /// # Errors
    /// Those of [`Self::run`] and [`Self::reduce`].
    pub fn outcome(&self) -> Result<Outcome, QuantError> {
        self.reduce([self.run(0..self.blocks())?])
    }

    pub(super) fn is_exact(&self) -> bool {
        self.specification.settings.paths <= self.specification.settings.exact_quantile_paths
    }

    pub(super) fn paths_of(&self, block: u64) -> Range<u64> {
        let first = block * self.block_paths();
        first..(first + self.block_paths()).min(self.specification.settings.paths)
    }
}

fn block_paths(settings: &Settings) -> u64 {
    let multiple = if settings.sampling == Sampling::MomentMatched { MOMENT_GROUP } else { LANES as u64 };
    settings.paths.div_ceil(MOST_BLOCKS).next_multiple_of(multiple).max(SMALLEST_BLOCK)
}

/// The paths of one scrambling of Sobol' points: whole blocks.
fn replicate_paths(settings: &Settings) -> u64 {
    settings.paths.div_ceil(REPLICATES).next_multiple_of(block_paths(settings))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Matrix, Weights,
        monte_carlo::{Dynamics, Normal, Rebalance, Settings},
    };

    fn simulation(rebalance: Rebalance, paths: u64) -> Simulation {
        let covariance = [[1e-4, 4e-5, 2e-5], [4e-5, 2e-4, -3e-5], [2e-5, -3e-5, 3e-4]];
        let specification = Specification {
            weights: Weights::new(vec![0.7, 0.6, -0.3]).unwrap(),
            dynamics: Dynamics::GeometricBrownianMotion(Normal {
                log_return_mean: vec![3e-4, 2e-4, -1e-4],
                covariance: Matrix::from_rows("covariance", &covariance).unwrap(),
            }),
            settings: Settings { steps: 20, paths, rebalance, ..Settings::default() },
        };
        Simulation::prepare(specification).unwrap()
    }

    #[test]
    fn vectors_of_any_width_give_the_same_bits() {
        for rebalance in [Rebalance::None, Rebalance::Daily] {
            let simulation = simulation(rebalance, 300);
            let scalar = simulation.run_on(Arch::Scalar, 0..simulation.blocks()).unwrap();
            assert_eq!(simulation.run(0..simulation.blocks()).unwrap(), scalar);
            #[cfg(target_arch = "x86_64")]
            if let Some(v3) = pulp::x86::V3::try_new() {
                assert_eq!(simulation.run_on(Arch::V3(v3), 0..simulation.blocks()).unwrap(), scalar);
            }
        }
    }

    #[test]
    fn blocks_cover_all_paths_and_stay_few() {
        for paths in [1, 127, 128, 129, 10_000, 1_000_000, 100_000_000] {
            let simulation = simulation(Rebalance::None, paths);
            let blocks = simulation.blocks();
            assert!(blocks <= MOST_BLOCKS && simulation.paths_of(blocks - 1).end == paths);
            let shards = simulation.shards(64);
            assert!(shards.windows(2).all(|pair| pair[0].end == pair[1].start));
            assert_eq!((shards[0].start, shards.last().unwrap().end), (0, blocks));
        }
    }
}
