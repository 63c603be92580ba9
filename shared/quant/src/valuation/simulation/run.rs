#![expect(
    clippy::inline_always,
    reason = "the draws must be inlined whole into what pulp compiles for each instruction set"
)]

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    Driver, Outcome, Specification, distribution::Sampler, left_out::LeftOut, outcome::outcome,
    specification::loadings, trial::value,
};
use crate::{
    QuantError,
    monte_carlo::{
        generator::Generator,
        lanes::{LANES, Row},
    },
};

/// Trials of a block, the unit in which the work is shared out; a multiple of the lanes.
const BLOCK: u64 = 64 * LANES as u64;

/// A simulation that is checked and ready to run.
#[derive(Debug, Clone)]
pub struct Simulation {
    pub(super) specification: Specification,
    pub(super) samplers: [Sampler; 4],
    loadings: [[f64; 4]; 4],
}

/// The trials of a range of blocks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Partial {
    blocks: Range<u64>,
    /// One value a share a trial, NaN for a trial that is left out.
    values: Vec<f64>,
    left_out: LeftOut,
}

impl Simulation {
    /// Checks a specification and factors its correlation.
    ///
    /// # Errors
    /// Those of [`crate::valuation::value`], of the distributions and of the correlation; `Unsupported` for a distribution
    /// of an exit multiple that the terminal method does not use.
    pub fn prepare(specification: Specification) -> Result<Self, QuantError> {
        specification.check()?;
        let loadings = loadings(specification.correlation.as_ref())?;
        let sampler = |driver: Driver| match &specification.distributions[driver as usize] {
            Some(distribution) => Sampler::new(distribution),
            None => Sampler::Fixed(driver.base(&specification.assumptions).unwrap_or_default()),
        };
        Ok(Self { samplers: Driver::ALL.map(sampler), loadings, specification })
    }

    /// The number of blocks: the unit in which the work is shared out.
    pub fn blocks(&self) -> u64 {
        self.specification.settings.trials.div_ceil(BLOCK)
    }

    /// Cuts the blocks into up to `shards` ranges of nearly equal size, in order.
    pub fn shards(&self, shards: u64) -> Vec<Range<u64>> {
        let blocks = self.blocks();
        let shards = shards.clamp(1, blocks);
        (0..shards).map(|i| blocks * i / shards..blocks * (i + 1) / shards).collect()
    }

    /// Runs a range of blocks, on the threads of the current rayon pool.
    ///
    /// # Errors
    /// `BlocksOutOfRange` for blocks that there aren't.
    pub fn run(&self, blocks: Range<u64>) -> Result<Partial, QuantError> {
        let (start, end) = (blocks.start, blocks.end);
        if start >= end || end > self.blocks() {
            return Err(QuantError::BlocksOutOfRange { start, end, blocks: self.blocks() });
        }
        let done: Vec<(Vec<f64>, LeftOut)> =
            blocks.clone().into_par_iter().map(|block| self.block(block)).collect();
        let mut partial = Partial { blocks, values: Vec::new(), left_out: LeftOut::default() };
        for (values, left_out) in done {
            partial.values.extend(values);
            partial.left_out.add(&left_out);
        }
        Ok(partial)
    }

    /// Puts partial results together, in the order of their blocks.
    ///
    /// # Errors
    /// `BlocksNotCovered` unless they cover every block exactly once and in order, `Empty` where no trial has a value,
    /// `Overflow` where a figure is no number.
    pub fn reduce(&self, partials: impl IntoIterator<Item = Partial>) -> Result<Outcome, QuantError> {
        let (mut values, mut left_out, mut covered) = (Vec::new(), LeftOut::default(), 0);
        for partial in partials {
            let found = partial.blocks.start;
            if found != covered || partial.blocks.end > self.blocks() {
                return Err(QuantError::BlocksNotCovered { expected: covered, found });
            }
            covered = partial.blocks.end;
            values.extend(partial.values);
            left_out.add(&partial.left_out);
        }
        if covered != self.blocks() || values.len() as u64 != self.specification.settings.trials {
            return Err(QuantError::BlocksNotCovered { expected: self.blocks(), found: covered });
        }
        outcome(self, &values, left_out)
    }

    /// Runs all blocks and reduces them.
    ///
    /// # Errors
    /// Those of [`Self::reduce`].
    pub fn outcome(&self) -> Result<Outcome, QuantError> {
        self.reduce([self.run(0..self.blocks())?])
    }

    fn trials(&self, block: u64) -> Range<u64> {
        block * BLOCK..((block + 1) * BLOCK).min(self.specification.settings.trials)
    }

    fn block(&self, block: u64) -> (Vec<f64>, LeftOut) {
        let mut values = Vec::with_capacity(BLOCK as usize);
        let mut left_out = LeftOut::default();
        self.each(block, |normals| {
            let draws = std::array::from_fn(|driver| self.samplers[driver].at(normals[driver]));
            values.push(value(&self.specification.assumptions, draws).unwrap_or_else(|cause| {
                left_out.count(cause);
                f64::NAN
            }));
        });
        (values, left_out)
    }

    /// The normal draws behind the drivers, trial by trial. A driver's draw never falls as its normal rises, so both rank the
    /// trials alike.
    pub(super) fn normals(&self) -> Vec<[f64; 4]> {
        let of_block = |block| {
            let mut normals = Vec::with_capacity(BLOCK as usize);
            self.each(block, |all| normals.push(all));
            normals
        };
        (0..self.blocks()).into_par_iter().flat_map_iter(of_block).collect()
    }

    /// Hands over the correlated normals of each trial of a block, in order.
    fn each(&self, block: u64, mut take: impl FnMut([f64; 4])) {
        let trials = self.trials(block);
        let arch = Arch::new();
        for first in trials.clone().step_by(LANES) {
            let rows = arch.dispatch(Draw { seed: self.specification.settings.seed, first });
            for lane in 0..(trials.end - first).min(LANES as u64) as usize {
                let independent = rows.each_ref().map(|row| row.0[lane]);
                take(
                    self.loadings.map(|row| {
                        row.iter().zip(independent).map(|(loading, normal)| loading * normal).sum()
                    }),
                );
            }
        }
    }
}

/// Four independent standard normals for each of the trials `first..first + LANES`.
struct Draw {
    seed: u64,
    first: u64,
}

impl WithSimd for Draw {
    type Output = [Row; 4];

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> [Row; 4] {
        let mut generator = Generator::new(self.seed, self.first);
        let [mut a, mut b, mut c, mut d] = [Row::ZERO; 4];
        generator.normals(&mut a, &mut b);
        generator.normals(&mut c, &mut d);
        [a, b, c, d]
    }
}
