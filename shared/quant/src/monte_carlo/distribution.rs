use rayon::slice::ParallelSliceMut;

use super::histogram::Histogram;

/// A sample whose order statistics can be asked for.
pub(super) enum Distribution {
    /// All values, ascending.
    Exact(Vec<f64>),
    /// The bins of a histogram.
    Binned(Vec<Bin>),
}

/// A bin with values, all of which count as evenly spread over it.
pub(super) struct Bin {
    low: f64,
    high: f64,
    count: u64,
    before: u64,
}

/// The values up to an order statistic `x_(k)`, by their distances to it.
pub(super) struct Tail {
    /// `Σ (x_(k) - x_(i))` over i <= k.
    pub(super) shortfall: f64,
    /// The population variance of the values.
    pub(super) variance: f64,
}

impl Distribution {
    pub(super) fn exact(mut values: Vec<f64>) -> Self {
        values.par_sort_unstable_by(f64::total_cmp);
        Self::Exact(values)
    }

    /// The bins of a histogram, cut to the known extremes.
    pub(super) fn binned(histogram: &Histogram, minimum: f64, maximum: f64) -> Self {
        let mut before = 0;
        let bin = |(key, count): (u32, u32)| {
            let (low, high) = histogram.edges(key);
            let bin = Bin {
                low: low.clamp(minimum, maximum),
                high: high.clamp(minimum, maximum),
                count: u64::from(count),
                before,
            };
            before += bin.count;
            bin
        };
        Self::Binned(histogram.bins().map(bin).collect())
    }

    pub(super) fn count(&self) -> u64 {
        match self {
            Self::Exact(values) => values.len() as u64,
            Self::Binned(bins) => bins.last().map_or(0, |bin| bin.before + bin.count),
        }
    }

    /// The k-th smallest value, `1 <= k <= count`.
    pub(super) fn order_statistic(&self, k: u64) -> f64 {
        match self {
            Self::Exact(values) => values[k as usize - 1],
            Self::Binned(bins) => {
                let bin = &bins[bins.partition_point(|bin| bin.before + bin.count < k)];
                bin.at(((k - bin.before) as f64 - 0.5) / bin.count as f64)
            }
        }
    }

    /// The median: the middle value, or the mean of the two middle ones.
    pub(super) fn median(&self) -> f64 {
        let n = self.count();
        f64::midpoint(self.order_statistic(n.div_ceil(2)), self.order_statistic(n / 2 + 1))
    }

    pub(super) fn tail(&self, k: u64) -> Tail {
        let quantile = self.order_statistic(k);
        let (mut sum, mut squares) = (0.0, 0.0);
        let mut add = |value: f64, count: f64| {
            let distance = quantile - value;
            sum += count * distance;
            squares += count * distance * distance;
        };
        match self {
            Self::Exact(values) => values[..k as usize].iter().for_each(|&value| add(value, 1.0)),
            Self::Binned(bins) => {
                for bin in bins.iter().take_while(|bin| bin.before < k) {
                    let taken = bin.count.min(k - bin.before) as f64;
                    add(bin.at(0.5 * taken / bin.count as f64), taken);
                }
            }
        }
        let mean = sum / k as f64;
        Tail { shortfall: sum.max(0.0), variance: (squares / k as f64 - mean * mean).max(0.0) }
    }

    /// The number of values below x; within a bin in proportion.
    pub(super) fn below(&self, x: f64) -> u64 {
        match self {
            Self::Exact(values) => values.partition_point(|&value| value < x) as u64,
            Self::Binned(bins) => match bins.get(bins.partition_point(|bin| bin.high <= x && bin.low < x)) {
                Some(bin) if bin.low < x => {
                    let share = (x - bin.low) / (bin.high - bin.low);
                    bin.before + (share * bin.count as f64) as u64
                }
                Some(bin) => bin.before,
                None => self.count(),
            },
        }
    }
}

impl Bin {
    fn at(&self, share: f64) -> f64 {
        self.low + share * (self.high - self.low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(values: &[f64]) -> [Distribution; 2] {
        let mut histogram = Histogram::new(12);
        for &value in values {
            histogram.add(Histogram::key(value, 12), 1);
        }
        let minimum = values.iter().copied().fold(f64::INFINITY, f64::min);
        let maximum = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        [Distribution::exact(values.to_vec()), Distribution::binned(&histogram, minimum, maximum)]
    }

    #[test]
    fn a_histogram_gives_nearly_the_same_figures() {
        let values: Vec<f64> =
            (0..10_000).map(|i| (f64::from(i * 7919 % 10_007) / 5000.0 - 1.0).powi(3)).collect();
        let [exact, binned] = both(&values);
        assert_eq!(exact.count(), binned.count());
        for k in [1, 10, 500, 5000, 9_999, 10_000] {
            let (a, b) = (exact.order_statistic(k), binned.order_statistic(k));
            assert!((a - b).abs() <= a.abs() / 4096.0 + 1e-12, "{k}: {a} {b}");
            let (a, b) = (exact.tail(k), binned.tail(k));
            assert!((a.shortfall - b.shortfall).abs() <= k as f64 / 4096.0);
            assert!((a.variance - b.variance).abs() <= 1.0 / 2048.0);
        }
        assert!(exact.below(0.3).abs_diff(binned.below(0.3)) <= 3);
    }

    #[test]
    fn equal_values_are_exact_in_a_histogram_too() {
        for distribution in both(&[0.1; 7]) {
            assert_eq!(distribution.median().to_bits(), 0.1f64.to_bits());
            assert_eq!((distribution.below(0.1), distribution.below(0.2)), (0, 7));
            assert!(distribution.tail(3).shortfall.abs() < f64::MIN_POSITIVE);
        }
    }
}
