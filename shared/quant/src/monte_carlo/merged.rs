use rayon::prelude::*;

use super::{
    accumulator::{DRAWDOWN_BITS, FAN_BITS, FINAL_BITS},
    distribution::Distribution,
    histogram::Histogram,
    outcome::{
        Conventions, Drawdown, Fan, FanLine, Outcome, Percentile, ProfitHistogram, QuantileMethod, Spread,
        Statistics, StatisticsErrors,
    },
    partial::{Finals, Partial},
    record::{BlockRecord, Moments},
    replicates::Replicates,
    risk::risk,
    simulation::Simulation,
};
use crate::{QuantError, rank::rank};

const FAN_PERCENTILES: [u8; 7] = [5, 10, 25, 50, 75, 90, 95];
const DRAWDOWN_PERCENTILES: [u8; 8] = [5, 10, 25, 50, 75, 90, 95, 99];
const PROFIT_BINS: u32 = 100;

/// Partial results put together.
pub(super) struct Merged {
    record: BlockRecord,
    replicate_blocks: Option<usize>,
    minimum: f64,
    maximum: f64,
    worst_drawdown: f64,
    /// Of every block, where standard errors come from their differences.
    blocks: Vec<BlockRecord>,
    returns: Vec<f64>,
    histogram: Histogram,
    drawdowns: Histogram,
    fan: Vec<Histogram>,
}

impl Merged {
    pub(super) fn new(simulation: &Simulation) -> Self {
        Self {
            record: BlockRecord::default(),
            replicate_blocks: simulation.replicate_blocks(),
            minimum: f64::INFINITY,
            maximum: f64::NEG_INFINITY,
            worst_drawdown: 0.0,
            blocks: Vec::new(),
            returns: Vec::new(),
            histogram: Histogram::new(FINAL_BITS),
            drawdowns: Histogram::new(DRAWDOWN_BITS),
            fan: vec![Histogram::new(FAN_BITS); simulation.model.fan_days.len()],
        }
    }

    pub(super) fn add(&mut self, partial: Partial) {
        for record in &partial.records {
            self.record = self.record.merge(record);
        }
        if self.replicate_blocks.is_some() {
            self.blocks.extend_from_slice(&partial.records);
        }
        self.minimum = self.minimum.min(partial.minimum);
        self.maximum = self.maximum.max(partial.maximum);
        self.worst_drawdown = self.worst_drawdown.max(partial.worst_drawdown);
        match partial.finals {
            Finals::Exact(mut returns) => self.returns.append(&mut returns),
            Finals::Histogram(sparse) => self.histogram.add_sparse(&sparse),
        }
        self.drawdowns.add_sparse(&partial.drawdowns);
        self.fan.par_iter_mut().zip(&partial.fan).for_each(|(fan, sparse)| fan.add_sparse(sparse));
    }

    pub(super) fn outcome(mut self, simulation: &Simulation) -> Result<Outcome, QuantError> {
        let settings = &simulation.specification.settings;
        let exact = simulation.is_exact();
        let replicates = self.replicate_blocks.map(|blocks| {
            let returns = if exact { self.returns.clone() } else { Vec::new() };
            Replicates::new(&self.blocks, blocks, returns)
        });
        let distribution = if exact {
            Distribution::exact(std::mem::take(&mut self.returns))
        } else {
            Distribution::binned(&self.histogram, self.minimum, self.maximum)
        };
        let value = settings.initial_value;
        let at = |&level: &f64| risk(&distribution, level, value, replicates.as_ref());
        let risk = settings.confidence_levels.iter().map(at).collect();
        let outcome = Outcome {
            paths: settings.paths,
            steps: settings.steps,
            assets: simulation.specification.weights.assets(),
            seed: settings.seed,
            initial_value: value,
            rebalance: settings.rebalance,
            model: simulation.specification.dynamics.fitted(),
            sampling: settings.sampling,
            statistics: self.statistics(&distribution, value, replicates.as_ref()),
            final_value: self.spread(&distribution, value, 1.0),
            total_return: self.spread(&distribution, 1.0, 0.0),
            risk,
            drawdown: settings.path_statistics.then(|| self.drawdown(replicates.as_ref())),
            histogram: self.profits(&distribution, value),
            fan: settings.path_statistics.then(|| self.fan(&distribution, &simulation.model.fan_days, value)),
            quantile_method: if exact {
                QuantileMethod::Exact
            } else {
                QuantileMethod::Histogram { relative_width: f64::from(1 << FINAL_BITS).recip() }
            },
            covariance_repair: simulation.covariance_repair(),
            conventions: Conventions::new(&simulation.specification),
        };
        if outcome.is_finite() {
            Ok(outcome)
        } else {
            Err(QuantError::Overflow { what: "a statistic of the paths" })
        }
    }

    fn statistics(
        &self,
        distribution: &Distribution,
        value: f64,
        replicates: Option<&Replicates>,
    ) -> Statistics {
        let moments = &self.record.returns;
        let n = moments.count as f64;
        let deviation = moments.population_variance().sqrt() * value;
        let probability = self.record.losses as f64 / n;
        let kurtosis = moments.kurtosis();
        let several = |error: f64| (moments.count > 1).then_some(error);
        let standard_errors = match replicates {
            None => StatisticsErrors {
                mean: several(deviation / n.sqrt()),
                standard_deviation: several(deviation * ((kurtosis.unwrap_or(1.0) - 1.0) / (4.0 * n)).sqrt()),
                probability_of_loss: several((probability * (1.0 - probability) / n).sqrt()),
            },
            Some(replicates) => StatisticsErrors {
                mean: replicates.mean_error().map(|error| error * value),
                standard_deviation: replicates.deviation_error(moments).map(|error| error * value),
                probability_of_loss: replicates.loss_error(),
            },
        };
        Statistics {
            mean: moments.mean * value,
            standard_deviation: deviation,
            skewness: moments.skewness(),
            kurtosis,
            minimum: self.minimum * value,
            maximum: self.maximum * value,
            median: distribution.median() * value,
            probability_of_loss: probability,
            standard_errors,
        }
    }

    /// Of `scale · (offset + return)`.
    fn spread(&self, distribution: &Distribution, scale: f64, offset: f64) -> Spread {
        let of = |value: f64| scale * (offset + value);
        let percentiles: Vec<u8> = (1..=99).collect();
        Spread {
            mean: of(self.record.returns.mean),
            standard_deviation: scale * self.record.returns.population_variance().sqrt(),
            minimum: of(self.minimum),
            maximum: of(self.maximum),
            percentiles: percentiles_of(distribution, &percentiles, of),
        }
    }

    fn drawdown(&self, replicates: Option<&Replicates>) -> Drawdown {
        let Moments { count, mean, .. } = self.record.drawdown;
        let distribution = Distribution::binned(&self.drawdowns, 0.0, self.worst_drawdown);
        let error = match replicates {
            None => (count > 1).then(|| (self.record.drawdown.population_variance() / count as f64).sqrt()),
            Some(replicates) => replicates.drawdown_error(),
        };
        Drawdown {
            expected_maximum: mean,
            expected_maximum_standard_error: error,
            worst_maximum: self.worst_drawdown,
            percentiles: percentiles_of(&distribution, &DRAWDOWN_PERCENTILES, |drawdown| drawdown),
        }
    }

    fn profits(&self, distribution: &Distribution, value: f64) -> ProfitHistogram {
        let width = (self.maximum - self.minimum) / f64::from(PROFIT_BINS);
        let edge =
            |i| if i == PROFIT_BINS { self.maximum } else { width.mul_add(f64::from(i), self.minimum) };
        let edges: Vec<f64> = (0..=PROFIT_BINS).map(edge).collect();
        if !edges.is_sorted_by(|a, b| a < b) {
            let edges = vec![self.minimum * value, self.maximum * value];
            return ProfitHistogram { edges, counts: vec![distribution.count()] };
        }
        let mut below: Vec<u64> = edges.iter().map(|&edge| distribution.below(edge)).collect();
        below[0] = 0;
        below[PROFIT_BINS as usize] = distribution.count();
        ProfitHistogram {
            edges: edges.iter().map(|edge| edge * value).collect(),
            counts: below.windows(2).map(|pair| pair[1] - pair[0]).collect(),
        }
    }

    fn fan(&self, last: &Distribution, days: &[u32], value: f64) -> Fan {
        let percentiles = |distribution: &Distribution| {
            FAN_PERCENTILES.map(|percentile| {
                let k = rank(f64::from(percentile) / 100.0, distribution.count());
                value * (1.0 + distribution.order_statistic(k))
            })
        };
        let mut lines = FAN_PERCENTILES.map(|percentile| FanLine { percentile, values: vec![value] });
        let between = self.fan[..self.fan.len() - 1]
            .par_iter()
            .map(|histogram| percentiles(&Distribution::binned(histogram, f64::NEG_INFINITY, f64::INFINITY)));
        let mut by_day: Vec<_> = between.collect();
        by_day.push(percentiles(last));
        for values in by_day {
            for (line, value) in lines.iter_mut().zip(values) {
                line.values.push(value);
            }
        }
        Fan { days: [0].into_iter().chain(days.iter().copied()).collect(), lines: lines.into() }
    }
}

fn percentiles_of(distribution: &Distribution, which: &[u8], of: impl Fn(f64) -> f64) -> Vec<Percentile> {
    let value = |percentile: u8| {
        of(distribution.order_statistic(rank(f64::from(percentile) / 100.0, distribution.count())))
    };
    which.iter().map(|&percentile| Percentile { percentile, value: value(percentile) }).collect()
}

impl Outcome {
    /// Whether every figure is a number.
    fn is_finite(&self) -> bool {
        let errors = &self.statistics.standard_errors;
        let optional = [
            self.statistics.skewness,
            self.statistics.kurtosis,
            errors.mean,
            errors.standard_deviation,
            self.drawdown.as_ref().and_then(|drawdown| drawdown.expected_maximum_standard_error),
            self.drawdown.as_ref().map(|drawdown| drawdown.worst_maximum),
        ];
        let risk = self.risk.iter().flat_map(|risk| {
            let errors = &risk.standard_errors;
            let optional = [errors.value_at_risk, errors.conditional_value_at_risk];
            [risk.value_at_risk, risk.conditional_value_at_risk]
                .into_iter()
                .chain(optional.into_iter().flatten())
        });
        let spreads = [&self.final_value, &self.total_return].into_iter().flat_map(|spread| {
            [spread.mean, spread.standard_deviation, spread.minimum, spread.maximum].into_iter()
        });
        let figures = [self.statistics.mean, self.statistics.standard_deviation];
        let lines = self.fan.iter().flat_map(|fan| &fan.lines);
        let fan = lines.flat_map(|line| line.values.iter().copied());
        let edges = self.histogram.edges.iter().copied();
        let all =
            optional.into_iter().flatten().chain(risk).chain(spreads).chain(figures).chain(fan).chain(edges);
        all.into_iter().all(f64::is_finite)
    }
}
