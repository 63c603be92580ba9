use crate::{
    Matrix,
    monte_carlo::{
        generator::Generator,
        lanes::{LANES, Row},
    },
};

/// Days of a history. Each day a path goes on to the history's next day, or with the chance of one over the mean length
/// begins a new run anywhere (Politis & Romano 1994).
#[derive(Debug, Clone)]
pub(in crate::monte_carlo) struct Resampled {
    /// Asset by asset.
    columns: Vec<Vec<f64>>,
    days: u64,
    /// A run ends where 32 random bits are below this.
    threshold: u64,
}

impl Resampled {
    pub(in crate::monte_carlo) fn new(log_returns: &Matrix, mean_block_length: f64) -> Self {
        Self {
            columns: (0..log_returns.columns()).map(|asset| log_returns.column(asset)).collect(),
            days: log_returns.rows() as u64,
            threshold: (2f64.powi(32) / mean_block_length) as u64,
        }
    }

    /// The day of the history of each path; `fresh` on a path's first day.
    #[inline(always)]
    pub(in crate::monte_carlo) fn advance(
        &self,
        generator: &mut Generator,
        fresh: bool,
        days: &mut [u32; LANES],
    ) {
        let mut bits = [0; LANES];
        generator.bits(&mut bits);
        for (day, bits) in days.iter_mut().zip(bits) {
            let next = if u64::from(*day) + 1 == self.days { 0 } else { *day + 1 };
            let start = (((bits >> 32) * self.days) >> 32) as u32;
            *day = if fresh || bits & 0xffff_ffff < self.threshold { start } else { next };
        }
    }

    /// The log-returns of one asset on those days.
    #[inline(always)]
    pub(in crate::monte_carlo) fn returns(&self, asset: usize, days: &[u32; LANES], row: &mut Row) {
        let Some(column) = self.columns.get(asset) else { return };
        for (value, day) in row.0.iter_mut().zip(days) {
            *value = column[*day as usize];
        }
    }
}
