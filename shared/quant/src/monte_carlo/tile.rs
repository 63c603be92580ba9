use pulp::Simd;

use super::{
    elementary::exp,
    generator::Generator,
    lanes::{LANES, Row},
    model::Model,
    process::Process,
    sampling::Sampling,
    specification::Rebalance,
    step::State,
};

/// A tile: [`LANES`] paths that are simulated side by side, day by day.
pub(super) struct Tile {
    pub(super) generator: Generator,
    pub(super) normals: Vec<Row>,
    spare: Row,
    spare_is_kept: bool,
    pub(super) state: State,
    pub(super) returns: [Row; 2],
    pub(super) cumulative: Vec<Row>,
    peak: Row,
    chart: usize,
    /// The portfolio's value after each chart day, as a multiple of the initial value.
    pub(super) fan: Vec<Row>,
    /// The portfolio's value now, as a multiple of the initial value.
    pub(super) value: Row,
    /// The largest `1 - V_t / peak` so far.
    pub(super) drawdown: Row,
}

impl Tile {
    pub(super) fn new(model: &Model) -> Self {
        Self {
            generator: Generator::new(model.seed, 0),
            normals: vec![Row::ZERO; model.drivers],
            spare: Row::ZERO,
            spare_is_kept: false,
            state: State::new(),
            returns: [Row::ZERO; 2],
            cumulative: vec![Row::ZERO; model.pairs.len() * 2],
            peak: Row::ONE,
            chart: 0,
            fan: vec![Row::ONE; model.fan_days.len()],
            value: Row::ONE,
            drawdown: Row::ZERO,
        }
    }

    /// Simulates the paths `first..first + LANES` to the horizon.
    #[inline(always)]
    pub(super) fn run<S: Simd>(&mut self, simd: S, model: &Model, first: u64) {
        self.begin(model, first);
        for day in 1..=model.steps {
            self.draw(model, day);
            self.step(simd, model, day);
        }
    }

    /// Makes the tile ready for the paths `first..first + LANES`.
    #[inline(always)]
    pub(super) fn begin(&mut self, model: &Model, first: u64) {
        self.generator = match model.sampling {
            Sampling::Antithetic => Generator::of_pairs(model.seed, first),
            _ => Generator::new(model.seed, first),
        };
        self.spare_is_kept = false;
        self.cumulative.fill(Row::ZERO);
        (self.peak, self.value, self.drawdown, self.chart) = (Row::ONE, Row::ONE, Row::ZERO, 0);
        if let Some(sobol) = &model.sobol {
            sobol.increments(first, &mut self.state.increments, &mut self.state.motion);
        }
        if let Process::Filtered(filtered) = &model.process {
            filtered.begin(&mut self.state.variances);
        }
    }

    /// Draws the normals of a day.
    #[inline(always)]
    pub(super) fn draw(&mut self, model: &Model, day: u32) {
        if model.sobol.is_some() {
            let start = (day as usize - 1) * model.drivers;
            self.normals.copy_from_slice(&self.state.increments[start..start + model.drivers]);
            return;
        }
        self.draw_pairs();
        if model.sampling == Sampling::Antithetic {
            for normal in &mut self.normals {
                normal.0.iter_mut().skip(1).step_by(2).for_each(|second| *second = -*second);
            }
        }
    }

    /// Takes the paths through a day.
    #[inline(always)]
    pub(super) fn step<S: Simd>(&mut self, simd: S, model: &Model, day: u32) {
        match (&model.process, model.rebalance) {
            (Process::Brownian, Rebalance::None) => self.hold(simd, model),
            (Process::Brownian, Rebalance::Daily) => self.rebalance(simd, model),
            (process, _) => self.step_of(simd, model, process, day == 1),
        }
        if model.path_statistics {
            self.track();
            if model.fan_days[self.chart] == day {
                self.fan[self.chart] = self.value;
                self.chart += 1;
            }
        }
    }

    /// One normal a driver. They come in pairs: the second of an odd last pair is kept for the next day.
    #[inline(always)]
    fn draw_pairs(&mut self) {
        let generator = &mut self.generator;
        let kept = usize::from(self.spare_is_kept && !self.normals.is_empty());
        if kept == 1 {
            self.normals[0] = self.spare;
        }
        let (pairs, odd) = self.normals[kept..].as_chunks_mut::<2>();
        for [first, second] in pairs {
            generator.normals(first, second);
        }
        self.spare_is_kept = false;
        if let [last] = odd {
            generator.normals(last, &mut self.spare);
            self.spare_is_kept = true;
        }
    }

    /// A day of buy and hold: adds the day's log-returns to those so far and values the holdings.
    #[inline(always)]
    fn hold<S: Simd>(&mut self, simd: S, model: &Model) {
        let mut value = Row::ZERO;
        for (pair, cumulative) in model.pairs.iter().zip(self.cumulative.as_chunks_mut::<2>().0) {
            correlate(simd, pair.loadings.as_slice(), &self.normals, cumulative, pair.means);
            for (lane, value) in value.0.iter_mut().enumerate() {
                let first = exp(cumulative[0].0[lane]);
                let second = exp(cumulative[1].0[lane]);
                *value = pair.weights[1].mul_add(second, pair.weights[0].mul_add(first, *value));
            }
        }
        self.value = value;
    }

    /// A day of constant weights: multiplies the value by `Σ w_i exp(x_i)`, unless the path is ruined.
    #[inline(always)]
    fn rebalance<S: Simd>(&mut self, simd: S, model: &Model) {
        let mut growth = Row::ZERO;
        for pair in &model.pairs {
            self.returns = [Row::ZERO; 2];
            correlate(simd, pair.loadings.as_slice(), &self.normals, &mut self.returns, pair.means);
            for (lane, growth) in growth.0.iter_mut().enumerate() {
                let first = exp(self.returns[0].0[lane]);
                let second = exp(self.returns[1].0[lane]);
                *growth = pair.weights[1].mul_add(second, pair.weights[0].mul_add(first, *growth));
            }
        }
        self.grow(&growth);
    }

    /// Multiplies the value, unless the path is ruined.
    #[inline(always)]
    pub(super) fn grow(&mut self, growth: &Row) {
        for (value, growth) in self.value.0.iter_mut().zip(&growth.0) {
            let next = *value * growth;
            *value = if *value > 0.0 { next } else { *value };
        }
    }

    #[inline(always)]
    fn track(&mut self) {
        for lane in 0..LANES {
            let value = self.value.0[lane];
            let peak = if value > self.peak.0[lane] { value } else { self.peak.0[lane] };
            let drawdown = 1.0 - value / peak;
            self.peak.0[lane] = peak;
            self.drawdown.0[lane] =
                if drawdown > self.drawdown.0[lane] { drawdown } else { self.drawdown.0[lane] };
        }
    }
}

/// Adds `mean + Σ_j loading_j z_j` to two rows. The sum runs in the drivers' order in every lane, so its bits don't depend
/// on the width of the vectors; two rows and four vectors at a time keep eight sums in registers.
#[inline(always)]
pub(super) fn correlate<S: Simd>(
    simd: S,
    loadings: &[[f64; 2]],
    normals: &[Row],
    rows: &mut [Row; 2],
    means: [f64; 2],
) {
    let [first, second] = rows;
    let first = S::as_mut_simd_f64s(&mut first.0).0.as_chunks_mut::<4>().0;
    let second = S::as_mut_simd_f64s(&mut second.0).0.as_chunks_mut::<4>().0;
    for (block, (first, second)) in first.iter_mut().zip(second).enumerate() {
        let mean = means.map(|mean| simd.splat_f64s(mean));
        let mut sums = [first.map(|x| simd.add_f64s(x, mean[0])), second.map(|x| simd.add_f64s(x, mean[1]))];
        for (loading, normal) in loadings.iter().zip(normals) {
            let z = S::as_simd_f64s(&normal.0).0.as_chunks::<4>().0[block];
            let loading = loading.map(|loading| simd.splat_f64s(loading));
            for k in 0..4 {
                sums[0][k] = simd.mul_add_f64s(loading[0], z[k], sums[0][k]);
                sums[1][k] = simd.mul_add_f64s(loading[1], z[k], sums[1][k]);
            }
        }
        [*first, *second] = sums;
    }
}
