use super::specification::{Rebalance, Specification};
use crate::{
    QuantError,
    factor::{CovarianceRepair, factor},
};

/// The chart has at most this many days, the first and the last included.
pub const MAXIMUM_FAN_DAYS: usize = 64;
/// The largest log-return over the whole horizon whose exponential is taken.
const LARGEST_LOG_RETURN: f64 = 700.0;
/// No path goes further than this number of standard deviations: the chance is below 10⁻³⁴⁸.
const LARGEST_DEVIATION: f64 = 40.0;

/// A specification in the form that the tiles read: assets in pairs, in the factor's order, with their loadings.
#[derive(Debug, Clone)]
pub(super) struct Model {
    pub(super) pairs: Vec<Pair>,
    pub(super) drivers: usize,
    pub(super) steps: u32,
    pub(super) seed: u64,
    pub(super) rebalance: Rebalance,
    /// The days of the chart after day 0, ascending; the last is the horizon.
    pub(super) fan_days: Vec<u32>,
}

/// Two assets: their weights, mean log-returns, and loadings on the drivers up to the second one's diagonal. Where the
/// number of assets is odd, the last pair's second asset has no weight and no variance.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub(super) weights: [f64; 2],
    pub(super) means: [f64; 2],
    pub(super) loadings: Vec<[f64; 2]>,
}

impl Model {
    pub(super) fn new(specification: &Specification) -> Result<(Self, CovarianceRepair), QuantError> {
        let (factor, repair) = factor(&specification.covariance)?;
        let order = factor.order();
        let drivers = factor.rank();
        let mut pairs = Vec::with_capacity(order.len().div_ceil(2));
        for start in (0..order.len()).step_by(2) {
            let rows = [start, start + 1];
            let asset = |row: usize| order.get(row).copied();
            let loading = |row, column| asset(row).map_or(0.0, |_| factor.loading(row, column));
            let loadings: Vec<_> =
                (0..drivers.min(start + 2)).map(|j| rows.map(|row| loading(row, j))).collect();
            let means = rows.map(|row| asset(row).map_or(0.0, |i| specification.log_return_mean[i]));
            let weights = rows.map(|row| asset(row).map_or(0.0, |i| specification.weights.as_slice()[i]));
            let horizon = f64::from(specification.settings.steps);
            for side in 0..2 {
                let variance: f64 = loadings.iter().map(|loading| loading[side] * loading[side]).sum();
                let reach = means[side].abs() * horizon + LARGEST_DEVIATION * (variance * horizon).sqrt();
                if reach.is_nan() || reach > LARGEST_LOG_RETURN {
                    return Err(QuantError::Overflow { what: "the log-return over the horizon" });
                }
            }
            pairs.push(Pair { weights, means, loadings });
        }
        let settings = &specification.settings;
        let model = Self {
            pairs,
            drivers,
            steps: settings.steps,
            seed: settings.seed,
            rebalance: settings.rebalance,
            fan_days: fan_days(settings.steps),
        };
        Ok((model, repair))
    }
}

/// Up to 63 days after day 0, evenly spaced to the nearest day.
fn fan_days(steps: u32) -> Vec<u32> {
    let intervals = u64::from(steps).min(MAXIMUM_FAN_DAYS as u64 - 1);
    let day = |i: u64| ((2 * i * u64::from(steps) + intervals) / (2 * intervals)) as u32;
    (1..=intervals).map(day).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chart_has_at_most_64_days_and_ends_at_the_horizon() {
        for steps in 1..=2520 {
            let days = fan_days(steps);
            assert!(days.len() < MAXIMUM_FAN_DAYS && days[0] >= 1);
            assert_eq!(*days.last().unwrap(), steps);
            assert!(days.windows(2).all(|pair| pair[0] < pair[1]));
        }
        assert_eq!(fan_days(3), [1, 2, 3]);
    }
}
