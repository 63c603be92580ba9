use super::{
    dynamics::{Dynamics, Normal},
    process::{Copula, Filtered, Process, Resampled},
    sampling::Sampling,
    sobol::{MAXIMUM_DIMENSIONS, Sobol},
    specification::{Rebalance, Specification},
};
use crate::{
    Matrix, QuantError,
    factor::{CovarianceRepair, Factor, factor},
};

/// The chart has at most this many days, the first and the last included.
pub const MAXIMUM_FAN_DAYS: usize = 64;
/// The largest log-return over the whole horizon whose exponential is taken.
pub(super) const LARGEST_LOG_RETURN: f64 = 700.0;
/// No path goes further than this number of standard deviations: the chance is below 10⁻³⁴⁸.
const LARGEST_DEVIATION: f64 = 40.0;

/// A specification in the form that the tiles read: assets in pairs, in the factor's order, with their loadings.
#[derive(Debug, Clone)]
pub(super) struct Model {
    pub(super) pairs: Vec<Pair>,
    pub(super) drivers: usize,
    /// The steps that are simulated: all days, or one to the horizon.
    pub(super) steps: u32,
    pub(super) seed: u64,
    pub(super) rebalance: Rebalance,
    pub(super) sampling: Sampling,
    pub(super) process: Process,
    pub(super) sobol: Option<Sobol>,
    /// Whether drawdowns and the chart are wanted.
    pub(super) path_statistics: bool,
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
    /// * `replicate`: the paths of one scrambling of Sobol' points.
    pub(super) fn new(
        specification: &Specification,
        replicate: u64,
    ) -> Result<(Self, CovarianceRepair), QuantError> {
        let settings = &specification.settings;
        let horizon = f64::from(settings.steps);
        let weights = specification.weights.as_slice();
        let mut drivers = 0;
        let mut repair = CovarianceRepair::None;
        let (pairs, process) = match &specification.dynamics {
            Dynamics::GeometricBrownianMotion(normal) => {
                let factored = factor(&normal.covariance)?;
                (drivers, repair) = (factored.0.rank(), factored.1);
                let mut pairs = normal_pairs(&factored.0, weights, &normal.log_return_mean);
                check_reach(&pairs, horizon)?;
                if !settings.path_statistics {
                    for pair in &mut pairs {
                        pair.scale_to(horizon);
                    }
                }
                (pairs, Process::Brownian)
            }
            Dynamics::StudentTCopula { normal, degrees_of_freedom, .. } => {
                let factored = factor(&normal.covariance)?;
                (drivers, repair) = (factored.0.rank(), factored.1);
                let mut pairs = normal_pairs(&factored.0, weights, &normal.log_return_mean);
                check_reach(&pairs, horizon)?;
                let copula = Copula::new(&mut pairs, *degrees_of_freedom)?;
                (pairs, Process::Copula(copula))
            }
            Dynamics::Bootstrap { log_returns, mean_block_length, .. } => {
                check_history(log_returns, horizon)?;
                let process = Process::Resampled(Resampled::new(log_returns, *mean_block_length));
                (plain_pairs(weights), process)
            }
            Dynamics::GarchFilteredHistorical { models, residuals, variances } => {
                let filtered = Filtered::new(models, residuals, variances);
                (plain_pairs(weights), Process::Filtered(filtered))
            }
        };
        let steps = if settings.path_statistics { settings.steps } else { 1 };
        let sobol = match settings.sampling {
            Sampling::Sobol => {
                let dimensions = steps as usize * drivers;
                check_dimensions(dimensions)?;
                Some(Sobol::new(steps as usize, drivers, settings.seed, replicate))
            }
            _ => None,
        };
        let model = Self {
            pairs,
            drivers,
            steps,
            seed: settings.seed,
            rebalance: settings.rebalance,
            sampling: settings.sampling,
            process,
            sobol,
            path_statistics: settings.path_statistics,
            fan_days: if settings.path_statistics { fan_days(settings.steps) } else { Vec::new() },
        };
        Ok((model, repair))
    }
}

impl Pair {
    /// The moments over a number of days: one exact step.
    fn scale_to(&mut self, days: f64) {
        self.means = self.means.map(|mean| mean * days);
        let root = days.sqrt();
        self.loadings.iter_mut().for_each(|loading| *loading = loading.map(|value| value * root));
    }
}

fn normal_pairs(factor: &Factor, weights: &[f64], means: &[f64]) -> Vec<Pair> {
    let order = factor.order();
    let pair = |start: usize| {
        let rows = [start, start + 1];
        let asset = |row: usize| order.get(row).copied();
        let loading = |row, column| asset(row).map_or(0.0, |_| factor.loading(row, column));
        Pair {
            weights: rows.map(|row| asset(row).map_or(0.0, |i| weights[i])),
            means: rows.map(|row| asset(row).map_or(0.0, |i| means[i])),
            loadings: (0..factor.rank().min(start + 2)).map(|j| rows.map(|row| loading(row, j))).collect(),
        }
    };
    (0..order.len()).step_by(2).map(pair).collect()
}

/// Pairs of assets in their own order, for models without normal drivers.
fn plain_pairs(weights: &[f64]) -> Vec<Pair> {
    let weight = |asset: usize| weights.get(asset).copied().unwrap_or(0.0);
    let pair =
        |start| Pair { weights: [weight(start), weight(start + 1)], means: [0.0; 2], loadings: Vec::new() };
    (0..weights.len()).step_by(2).map(pair).collect()
}

fn check_reach(pairs: &[Pair], horizon: f64) -> Result<(), QuantError> {
    for (pair, side) in pairs.iter().flat_map(|pair| [(pair, 0), (pair, 1)]) {
        let variance: f64 = pair.loadings.iter().map(|loading| loading[side] * loading[side]).sum();
        within_reach(pair.means[side], variance, horizon)?;
    }
    Ok(())
}

fn check_history(log_returns: &Matrix, horizon: f64) -> Result<(), QuantError> {
    let Normal { log_return_mean, covariance } = Normal::of(log_returns)?;
    let moments = log_return_mean.iter().enumerate();
    moments.into_iter().try_for_each(|(i, mean)| within_reach(*mean, covariance[(i, i)], horizon))
}

fn within_reach(mean: f64, variance: f64, horizon: f64) -> Result<(), QuantError> {
    let reach = mean.abs() * horizon + LARGEST_DEVIATION * (variance * horizon).sqrt();
    if reach.is_nan() || reach > LARGEST_LOG_RETURN {
        return Err(QuantError::Overflow { what: "the log-return over the horizon" });
    }
    Ok(())
}

fn check_dimensions(dimensions: usize) -> Result<(), QuantError> {
    if dimensions <= MAXIMUM_DIMENSIONS {
        return Ok(());
    }
    Err(QuantError::OutOfRange {
        name: "steps times independent assets",
        range: "at most 4096 with Sobol' points",
        value: dimensions as f64,
    })
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
