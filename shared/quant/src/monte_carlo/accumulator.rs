use pulp::{Simd, WithSimd};
use rayon::prelude::*;

use super::{
    histogram::Histogram,
    lanes::{LANES, Row},
    matched,
    record::{BlockRecord, Moments},
    simulation::Simulation,
    tile::Tile,
};
use crate::QuantError;

/// Bits of the fraction that tell bins apart: final values to 2⁻¹², drawdowns to 2⁻⁸, the chart's values to 2⁻⁶ of the
/// return, before interpolation.
pub(super) const FINAL_BITS: u32 = 12;
pub(super) const DRAWDOWN_BITS: u32 = 8;
pub(super) const FAN_BITS: u32 = 6;

/// What is kept apart of each block: its moments, and its final returns where they are kept one by one.
pub(super) struct Finished {
    index: u64,
    pub(super) record: BlockRecord,
    pub(super) returns: Vec<f64>,
}

/// What the blocks that one thread takes add up to. All of it is exact under merges in any order: whole numbers,
/// extremes, and what is kept apart of each block.
pub(super) struct Accumulator {
    tiles: Vec<Tile>,
    pub(super) blocks: Vec<Finished>,
    pub(super) minimum: f64,
    pub(super) maximum: f64,
    pub(super) worst_drawdown: f64,
    /// The final returns, where they aren't kept one by one.
    pub(super) histogram: Histogram,
    pub(super) drawdowns: Histogram,
    /// The returns on each chart day.
    pub(super) fan: Vec<Histogram>,
}

impl Accumulator {
    pub(super) fn new(simulation: &Simulation) -> Self {
        Self {
            tiles: (0..simulation.group_tiles()).map(|_| Tile::new(&simulation.model)).collect(),
            blocks: Vec::new(),
            minimum: f64::INFINITY,
            maximum: f64::NEG_INFINITY,
            worst_drawdown: 0.0,
            histogram: Histogram::new(FINAL_BITS),
            drawdowns: Histogram::new(DRAWDOWN_BITS),
            fan: vec![Histogram::new(FAN_BITS); simulation.model.fan_days.len()],
        }
    }

    /// Adds what another thread did.
    pub(super) fn merge(mut self, mut other: Self) -> Self {
        self.blocks.append(&mut other.blocks);
        self.minimum = self.minimum.min(other.minimum);
        self.maximum = self.maximum.max(other.maximum);
        self.worst_drawdown = self.worst_drawdown.max(other.worst_drawdown);
        self.histogram.merge(&other.histogram);
        self.drawdowns.merge(&other.drawdowns);
        self.fan.par_iter_mut().zip(&other.fan).for_each(|(fan, other)| fan.merge(other));
        self
    }

    /// Puts the blocks in their order.
    pub(super) fn sort(&mut self) {
        self.blocks.sort_unstable_by_key(|block| block.index);
    }

    /// Takes the paths of the tile that were asked for.
    #[inline(always)]
    fn take(
        &mut self,
        tile: usize,
        live: usize,
        simulation: &Simulation,
        block: &mut Finished,
    ) -> Result<(), QuantError> {
        let tile = &self.tiles[tile];
        let mut returns = Row::ZERO;
        for (value, at) in returns.0.iter_mut().zip(&tile.value.0) {
            *value = at - 1.0;
        }
        let drawdowns = tile.drawdown;
        let (returns, drawdowns) = (&returns.0[..live], &drawdowns.0[..live]);
        if !returns.iter().chain(drawdowns).fold(true, |all, value| all & value.is_finite()) {
            return Err(QuantError::Overflow { what: "the portfolio's value on a path" });
        }
        let mut losses = 0;
        for &value in returns {
            self.minimum = if value < self.minimum { value } else { self.minimum };
            self.maximum = if value > self.maximum { value } else { self.maximum };
            losses += u64::from(value < 0.0);
        }
        if simulation.is_exact() {
            block.returns.extend_from_slice(returns);
        } else {
            count(&mut self.histogram, FINAL_BITS, returns);
        }
        let mut record = BlockRecord { returns: Moments::of(returns), losses, ..BlockRecord::default() };
        if simulation.model.path_statistics {
            self.worst_drawdown = drawdowns.iter().copied().fold(self.worst_drawdown, f64::max);
            count(&mut self.drawdowns, DRAWDOWN_BITS, drawdowns);
            for (histogram, values) in self.fan.iter_mut().zip(&tile.fan) {
                let mut returns = Row::ZERO;
                for (value, at) in returns.0.iter_mut().zip(&values.0) {
                    *value = at - 1.0;
                }
                count(histogram, FAN_BITS, &returns.0[..live]);
            }
            record.drawdown = Moments::of(drawdowns);
        }
        block.record = block.record.merge(&record);
        Ok(())
    }
}

#[inline(always)]
fn count(histogram: &mut Histogram, bits: u32, values: &[f64]) {
    let mut keys = [0; LANES];
    for (key, &value) in keys.iter_mut().zip(values) {
        *key = Histogram::key(value, bits);
    }
    for &key in &keys[..values.len()] {
        histogram.add(key, 1);
    }
}

/// One block, to be run with the widest vectors of the machine.
pub(super) struct Block<'a> {
    pub(super) simulation: &'a Simulation,
    pub(super) accumulator: &'a mut Accumulator,
    pub(super) index: u64,
}

impl WithSimd for Block<'_> {
    type Output = Result<(), QuantError>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
        let paths = self.simulation.paths_of(self.index);
        let mut block = Finished { index: self.index, record: BlockRecord::default(), returns: Vec::new() };
        let tiles = self.accumulator.tiles.len();
        for group in paths.clone().step_by(tiles * LANES) {
            match self.accumulator.tiles.as_mut_slice() {
                [tile] => tile.run(simd, &self.simulation.model, group),
                tiles => matched::run(simd, &self.simulation.model, tiles, group),
            }
            for (tile, first) in (group..paths.end).step_by(LANES).take(tiles).enumerate() {
                let live = (paths.end - first).min(LANES as u64) as usize;
                self.accumulator.take(tile, live, self.simulation, &mut block)?;
            }
        }
        self.accumulator.blocks.push(block);
        Ok(())
    }
}
