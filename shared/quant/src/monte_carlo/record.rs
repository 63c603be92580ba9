use serde::{Deserialize, Serialize};

/// The number, mean and sums of powers of deviations of a sample, which can be merged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Moments {
    pub(super) count: u64,
    pub(super) mean: f64,
    m2: f64,
    m3: f64,
    m4: f64,
}

impl Moments {
    pub(super) fn of(values: &[f64]) -> Self {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let (mut m2, mut m3, mut m4) = (0.0, 0.0, 0.0);
        for value in values {
            let deviation = value - mean;
            let square = deviation * deviation;
            m2 += square;
            m3 += square * deviation;
            m4 += square * square;
        }
        Self { count: values.len() as u64, mean, m2, m3, m4 }
    }

    /// The moments of both samples together (Pébay 2008, equations 2.1 to 2.4). The result depends on the order of
    /// merges in its last bits, so merges always run in the order of the blocks.
    pub(super) fn merge(&self, other: &Self) -> Self {
        if self.count == 0 || other.count == 0 {
            return if self.count == 0 { *other } else { *self };
        }
        let (a, b) = (self.count as f64, other.count as f64);
        let n = a + b;
        let delta = other.mean - self.mean;
        let delta2 = delta * delta;
        let m2 = self.m2 + other.m2 + delta2 * a * b / n;
        let m3 = self.m3
            + other.m3
            + delta * delta2 * a * b * (a - b) / (n * n)
            + 3.0 * delta * (a * other.m2 - b * self.m2) / n;
        let m4 = self.m4
            + other.m4
            + delta2 * delta2 * a * b * (a * a - a * b + b * b) / (n * n * n)
            + 6.0 * delta2 * (a * a * other.m2 + b * b * self.m2) / (n * n)
            + 4.0 * delta * (a * other.m3 - b * self.m3) / n;
        Self { count: self.count + other.count, mean: self.mean + delta * b / n, m2, m3, m4 }
    }

    /// The mean of squared distances to a number.
    pub(super) fn square_around(&self, centre: f64) -> f64 {
        self.population_variance() + (self.mean - centre) * (self.mean - centre)
    }

    pub(super) fn population_variance(&self) -> f64 {
        self.m2 / self.count as f64
    }

    /// `m3 / m2^1.5`; none without spread.
    pub(super) fn skewness(&self) -> Option<f64> {
        let variance = self.population_variance();
        let value = self.m3 / self.count as f64 / (variance * variance.sqrt());
        value.is_finite().then_some(value)
    }

    /// `m4 / m2²`, 3 for a normal distribution; none without spread.
    pub(super) fn kurtosis(&self) -> Option<f64> {
        let variance = self.population_variance();
        let value = self.m4 / self.count as f64 / (variance * variance);
        value.is_finite().then_some(value)
    }
}

/// What is kept of each block in floating point, so that the merge can run in block order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct BlockRecord {
    pub(super) returns: Moments,
    pub(super) drawdown: Moments,
    /// The paths that lose.
    pub(super) losses: u64,
}

impl BlockRecord {
    pub(super) fn merge(&self, other: &Self) -> Self {
        Self {
            returns: self.returns.merge(&other.returns),
            drawdown: self.drawdown.merge(&other.drawdown),
            losses: self.losses + other.losses,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_moments_are_those_of_the_whole() {
        let values: Vec<f64> = (0..100).map(|i| (f64::from(i) * 0.7).sin() + 0.01 * f64::from(i)).collect();
        let whole = Moments::of(&values);
        let merged = Moments::of(&values[..17])
            .merge(&Moments::of(&values[17..60]))
            .merge(&Moments::of(&values[60..]));
        assert_eq!(merged.count, 100);
        for (a, b) in
            [(merged.mean, whole.mean), (merged.m2, whole.m2), (merged.m3, whole.m3), (merged.m4, whole.m4)]
        {
            assert!((a - b).abs() < 1e-12 * b.abs().max(1.0));
        }
        assert_eq!(Moments::default().merge(&whole), whole);
    }
}
