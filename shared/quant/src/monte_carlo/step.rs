//! A day of the models other than Brownian motion.

use pulp::Simd;

use super::{
    elementary::exp,
    generator::Generator,
    lanes::{LANES, Row},
    model::{LARGEST_LOG_RETURN, Model},
    process::Process,
    specification::Rebalance,
    tile::{Tile, correlate},
};

/// What these models keep of a path, and Sobol' points of all days.
pub(super) struct State {
    pub(super) increments: Vec<Row>,
    pub(super) motion: Vec<Row>,
    pub(super) variances: Vec<Row>,
    scales: Row,
    days: [u32; LANES],
}

impl State {
    pub(super) fn new() -> Self {
        Self {
            increments: Vec::new(),
            motion: Vec::new(),
            variances: Vec::new(),
            scales: Row::ONE,
            days: [0; LANES],
        }
    }

    /// Draws what all assets of a day share.
    #[inline(always)]
    fn draw(&mut self, process: &Process, generator: &mut Generator, fresh: bool) {
        match process {
            Process::Brownian => {}
            Process::Copula(copula) => copula.scales(generator, &mut self.scales),
            Process::Resampled(resampled) => resampled.advance(generator, fresh, &mut self.days),
            Process::Filtered(filtered) => filtered.residuals.advance(generator, fresh, &mut self.days),
        }
    }
}

impl Tile {
    /// Takes the paths through a day, pair of assets by pair.
    #[inline(always)]
    pub(super) fn step_of<S: Simd>(&mut self, simd: S, model: &Model, process: &Process, fresh: bool) {
        self.state.draw(process, &mut self.generator, fresh);
        let mut total = Row::ZERO;
        for pair in 0..model.pairs.len() {
            self.log_returns(simd, model, process, pair);
            self.add_pair(model, pair, &mut total);
        }
        match model.rebalance {
            Rebalance::None => self.value = total,
            Rebalance::Daily => self.grow(&total),
        }
    }

    /// The day's log-returns of two assets, into `returns`.
    #[inline(always)]
    fn log_returns<S: Simd>(&mut self, simd: S, model: &Model, process: &Process, pair: usize) {
        self.returns = [Row::ZERO; 2];
        let State { scales, days, variances, .. } = &mut self.state;
        match process {
            Process::Brownian => {}
            Process::Copula(copula) => {
                let own = &model.pairs[pair];
                correlate(simd, own.loadings.as_slice(), &self.normals, &mut self.returns, own.means);
                copula.apply(pair, scales, &mut self.returns);
            }
            Process::Resampled(resampled) => {
                for (side, row) in self.returns.iter_mut().enumerate() {
                    resampled.returns(2 * pair + side, days, row);
                }
            }
            Process::Filtered(filtered) => {
                for (side, row) in self.returns.iter_mut().enumerate() {
                    filtered.returns(2 * pair + side, days, variances, row);
                }
            }
        }
    }

    /// Adds what two assets are worth: over all days so far where they are held, over this day where they are traded back.
    #[inline(always)]
    fn add_pair(&mut self, model: &Model, pair: usize, total: &mut Row) {
        let keep: f64 = if model.rebalance == Rebalance::None { 1.0 } else { 0.0 };
        let cumulative = &mut self.cumulative[2 * pair..2 * pair + 2];
        for ((sums, returns), weight) in
            cumulative.iter_mut().zip(&self.returns).zip(model.pairs[pair].weights)
        {
            for ((sum, value), total) in sums.0.iter_mut().zip(&returns.0).zip(&mut total.0) {
                *sum = keep.mul_add(*sum, *value);
                let reached = exp(sum.clamp(-LARGEST_LOG_RETURN, LARGEST_LOG_RETURN));
                *total = weight.mul_add(reached, *total);
            }
        }
    }
}
