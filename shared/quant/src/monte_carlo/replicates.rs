use super::record::{BlockRecord, Moments};

/// The fewest replicates from which a standard error is told.
const FEWEST: usize = 8;

/// Parts of a run that are independent of each other though their paths are not: blocks, or scramblings. The standard error of
/// a mean over all paths follows from the means of the parts, whatever the dependence within them.
pub(super) struct Replicates {
    records: Vec<BlockRecord>,
    /// The final returns in the order of paths; empty where they aren't kept.
    returns: Vec<f64>,
}

impl Replicates {
    /// * `blocks`: of all blocks, in their order.
    /// * `per`: the number of blocks of a replicate.
    pub(super) fn new(blocks: &[BlockRecord], per: usize, returns: Vec<f64>) -> Self {
        let merged = |blocks: &[BlockRecord]| {
            blocks.iter().fold(BlockRecord::default(), |merged, block| merged.merge(block))
        };
        Self { records: blocks.chunks(per).map(merged).collect(), returns }
    }

    /// Of the mean return.
    pub(super) fn mean_error(&self) -> Option<f64> {
        self.error(self.records.iter().map(|record| record.returns.mean))
    }

    /// Of the standard deviation, by the delta method from the mean squares around the common mean.
    pub(super) fn deviation_error(&self, all: &Moments) -> Option<f64> {
        let error = self.error(self.records.iter().map(|record| record.returns.square_around(all.mean)))?;
        let deviation = all.population_variance().sqrt();
        Some(if deviation > 0.0 { error / (2.0 * deviation) } else { 0.0 })
    }

    /// Of the probability of loss.
    pub(super) fn loss_error(&self) -> Option<f64> {
        self.error(self.records.iter().map(|record| record.losses as f64 / record.returns.count as f64))
    }

    /// Of the mean drawdown.
    pub(super) fn drawdown_error(&self) -> Option<f64> {
        self.error(self.records.iter().map(|record| record.drawdown.mean))
    }

    /// Of the share of returns up to a quantile.
    pub(super) fn rank_error(&self, quantile: f64) -> Option<f64> {
        self.error_of_returns(|value| f64::from(value <= quantile))
    }

    /// Of the mean shortfall below a quantile.
    pub(super) fn shortfall_error(&self, quantile: f64) -> Option<f64> {
        self.error_of_returns(|value| (quantile - value).max(0.0))
    }

    fn error_of_returns(&self, figure: impl Fn(f64) -> f64) -> Option<f64> {
        if self.returns.is_empty() {
            return None;
        }
        let mut rest = self.returns.as_slice();
        let means = self.records.iter().map(|record| {
            let (own, following) = rest.split_at((record.returns.count as usize).min(rest.len()));
            rest = following;
            own.iter().map(|&value| figure(value)).sum::<f64>() / own.len() as f64
        });
        self.error(means.collect::<Vec<_>>().into_iter())
    }

    /// `√(R/(R-1) Σ n_r² (m_r - m)²) / n` of the means `m_r` of R replicates with `n_r` paths each; none with too few of them.
    fn error(&self, means: impl Iterator<Item = f64>) -> Option<f64> {
        let replicates = self.records.len();
        if replicates < FEWEST {
            return None;
        }
        let weighted: Vec<(f64, f64)> =
            means.zip(&self.records).map(|(mean, record)| (mean, record.returns.count as f64)).collect();
        let paths: f64 = weighted.iter().map(|(_, count)| count).sum();
        let centre = weighted.iter().map(|(mean, count)| mean * count).sum::<f64>() / paths;
        let squares: f64 = weighted.iter().map(|(mean, count)| (count * (mean - centre)).powi(2)).sum();
        Some((replicates as f64 / (replicates - 1) as f64 * squares).sqrt() / paths)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_of_equal_replicates_is_that_of_their_means() {
        let means = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
        let block = |mean: f64| BlockRecord {
            returns: Moments::of(&[mean - 1.0, mean + 1.0]),
            ..BlockRecord::default()
        };
        let returns = means.iter().flat_map(|mean| [mean - 1.0, mean + 1.0]).collect();
        let replicates = Replicates::new(&means.map(block), 1, returns);
        // The sample variance of 1 to 8 is 6.
        assert!((replicates.mean_error().unwrap() - (6.0f64 / 8.0).sqrt()).abs() < 1e-12);
        assert!(
            replicates.rank_error(4.0).unwrap() > 0.0
                && replicates.shortfall_error(-1.0).unwrap().abs() < 1e-12
        );
        assert_eq!(Replicates::new(&means.map(block), 2, Vec::new()).mean_error(), None);
    }
}
