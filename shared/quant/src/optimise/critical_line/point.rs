use super::CriticalLine;
use crate::{Matrix, estimate::linear::bilinear};

/// A portfolio at which an asset meets or leaves a bound.
#[derive(Debug, Clone)]
pub(crate) struct Corner {
    /// The marginal variance of a unit of return.
    pub(crate) lambda: f64,
    pub(crate) weights: Vec<f64>,
    pub(crate) expected: f64,
    pub(crate) variance: f64,
}

impl CriticalLine {
    pub(crate) fn minimum_variance(&self) -> &Corner {
        &self.corners[self.corners.len() - 1]
    }

    pub(crate) fn maximum_return(&self) -> &Corner {
        &self.corners[0]
    }

    /// The weights a share of the way from corner `index` to the one below it.
    fn between(&self, index: usize, share: f64) -> Vec<f64> {
        let (above, below) = (&self.corners[index].weights, &self.corners[index + 1].weights);
        above.iter().zip(below).map(|(a, b)| a + share * (b - a)).collect()
    }

    /// The portfolio that maximises `μᵀw - wᵀΣw / (2λ)`.
    pub(crate) fn at_lambda(&self, lambda: f64) -> Vec<f64> {
        let below = self.corners.partition_point(|corner| corner.lambda > lambda);
        if below == 0 || below == self.corners.len() {
            return self.corners[below.min(self.corners.len() - 1)].weights.clone();
        }
        let (above, under) = (self.corners[below - 1].lambda, self.corners[below].lambda);
        self.between(below - 1, (above - lambda) / (above - under))
    }

    /// The portfolio of least variance whose return is at least the target; `None` above the largest return.
    pub(crate) fn at_return(&self, target: f64) -> Option<Vec<f64>> {
        let best = self.maximum_return();
        if target > best.expected {
            let close = target - best.expected <= 1e-12 * (1.0 + target.abs());
            return close.then(|| best.weights.clone());
        }
        let below = self.corners.partition_point(|corner| corner.expected > target);
        if below == 0 || below == self.corners.len() {
            return Some(self.corners[below.min(self.corners.len() - 1)].weights.clone());
        }
        let (above, under) = (self.corners[below - 1].expected, self.corners[below].expected);
        Some(self.between(below - 1, (above - target) / (above - under)))
    }

    /// The portfolio of largest return whose volatility is at most the target; `None` below the least volatility.
    pub(crate) fn at_volatility(&self, target: f64, covariance: &Matrix) -> Option<Vec<f64>> {
        let variance = target * target;
        let least = self.minimum_variance();
        if variance < least.variance {
            return (target >= least.variance.sqrt() * (1.0 - 1e-12)).then(|| least.weights.clone());
        }
        let below = self.corners.partition_point(|corner| corner.variance > variance);
        if below == 0 || below == self.corners.len() {
            return Some(self.corners[below.min(self.corners.len() - 1)].weights.clone());
        }
        let (above, under) = (&self.corners[below - 1], &self.corners[below]);
        let cross = bilinear(covariance, &above.weights, &under.weights);
        // |a + t (b - a)|² = variance
        let square = above.variance + under.variance - 2.0 * cross;
        let half = cross - above.variance;
        let root = (half * half - square * (above.variance - variance)).max(0.0).sqrt();
        let share = (above.variance - variance) / (root - half);
        Some(self.between(below - 1, share.clamp(0.0, 1.0)))
    }

    /// The portfolio of largest `(μᵀw - rf) / σ`; `None` where no portfolio returns more than `rf`.
    pub(crate) fn maximum_ratio(&self, risk_free_rate: f64, covariance: &Matrix) -> Option<Vec<f64>> {
        let ratio = |corner: &Corner| (corner.expected - risk_free_rate) / corner.variance.sqrt();
        if self.maximum_return().expected <= risk_free_rate {
            return None;
        }
        let mut best = 0;
        for index in 1..self.corners.len() {
            if ratio(&self.corners[index]) > ratio(&self.corners[best]) {
                best = index;
            }
        }
        let mut answer = (ratio(&self.corners[best]), self.corners[best].weights.clone());
        for index in best.saturating_sub(1)..(best + 1).min(self.corners.len() - 1) {
            let (above, below) = (&self.corners[index], &self.corners[index + 1]);
            let cross = bilinear(covariance, &above.weights, &below.weights);
            let (gain, excess) = (below.expected - above.expected, above.expected - risk_free_rate);
            let half = cross - above.variance;
            let square = above.variance + below.variance - 2.0 * cross;
            let share = (gain * above.variance - excess * half) / (excess * square - gain * half);
            if share > 0.0 && share < 1.0 {
                let variance = above.variance + share * (2.0 * half + share * square);
                let value = (excess + share * gain) / variance.sqrt();
                if value > answer.0 {
                    answer = (value, self.between(index, share));
                }
            }
        }
        Some(answer.1)
    }
}
