use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Driver, Simulation, Spread,
    rank_correlation::{ascending, correlation, ranks},
};
use crate::{QuantError, monte_carlo::Percentile, rank::rank, sum::sum_by};

/// The result of a simulation of a valuation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ValuationOutcome)]
pub struct Outcome {
    /// The number of trials.
    pub trials: u64,
    /// The seed: with the same inputs it gives the same figures to the last bit.
    pub seed: u64,
    /// Trials that have no value; all other figures are of the rest.
    pub undefined: Undefined,
    /// The value a share. A percentile is the order statistic `x_(k)`, `k = ⌈percentile / 100 · n⌉`.
    pub value_per_share: Spread,
    /// The value a share in bins of equal width.
    pub histogram: Histogram,
    /// The share of trials whose value is above the price; null without a price.
    pub probability_above_price: Option<f64>,
    /// Monte Carlo standard errors.
    pub standard_errors: StandardErrors,
    /// What moves the value: the uncertain assumptions, the strongest first.
    pub tornado: Vec<RankCorrelation>,
}

/// Trials that have no value. They are counted and left out, never set to a made-up figure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = UndefinedTrials)]
pub struct Undefined {
    /// How many in all.
    pub trials: u64,
    /// Their share of all trials. A share that is not small makes the other figures those of a cut-off distribution.
    pub share: f64,
    /// Those whose WACC is at or below the terminal growth (or 0).
    pub wacc_not_above_growth: u64,
    /// Those whose growth is -100 % or less in some year.
    pub growth_at_most_minus_one: u64,
    /// Those whose exit multiple is not positive.
    pub multiple_not_positive: u64,
    /// Those whose value no floating-point number can hold.
    pub overflow: u64,
}

/// Counts in bins of equal width, from the 0.5th to the 99.5th percentile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ValuationHistogram)]
pub struct Histogram {
    /// The bins' edges, one more than bins. A bin has its lower edge and not its upper one, but the last has both.
    pub edges: Vec<f64>,
    /// Trials in each bin.
    pub counts: Vec<u64>,
    /// Trials below the first edge.
    pub below: u64,
    /// Trials above the last edge.
    pub above: u64,
}

/// Monte Carlo standard errors; null with fewer than two trials.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ValuationStandardErrors)]
pub struct StandardErrors {
    /// Of the mean: `σ / √n`.
    pub mean: Option<f64>,
    /// Of the probability: `√(p (1-p) / n)`.
    pub probability_above_price: Option<f64>,
}

/// How the value moves with one assumption.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DriverRankCorrelation)]
pub struct RankCorrelation {
    /// Which assumption.
    pub driver: Driver,
    /// Spearman's rank correlation of its draws and the value; null where either has no spread.
    pub rank_correlation: Option<f64>,
    /// Its square over the sum of all squares: roughly, its part in the spread of the value.
    pub share_of_squares: Option<f64>,
    /// The mean value of the trials with the lowest tenth of the draws.
    pub value_at_low: f64,
    /// The mean value of the trials with the highest tenth of the draws.
    pub value_at_high: f64,
}

/// The outcome of all trials' values, NaN where a trial has none.
pub(super) fn outcome(
    simulation: &Simulation,
    values: &[f64],
    mut undefined: Undefined,
) -> Result<Outcome, QuantError> {
    let settings = simulation.specification.settings;
    undefined.share = undefined.trials as f64 / settings.trials as f64;
    let defined: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    if defined.is_empty() {
        return Err(QuantError::Empty { what: "the list of trials that have a value" });
    }
    let n = defined.len() as f64;
    let value_per_share = spread(&defined);
    let price = simulation.specification.assumptions.price;
    let above = price.map(|price| defined.iter().filter(|&&value| value > price).count() as f64 / n);
    let several = |error: f64| (defined.len() > 1).then_some(error);
    let standard_errors = StandardErrors {
        mean: several(value_per_share.standard_deviation / n.sqrt()),
        probability_above_price: above.and_then(|p| several((p * (1.0 - p) / n).sqrt())),
    };
    let order = ascending(&defined);
    let sorted: Vec<f64> = order.iter().map(|&place| defined[place as usize]).collect();
    let finite = [value_per_share.mean, value_per_share.standard_deviation];
    if !finite.iter().all(|figure| figure.is_finite()) {
        return Err(QuantError::Overflow { what: "the spread of the value" });
    }
    Ok(Outcome {
        trials: settings.trials,
        seed: settings.seed,
        undefined,
        value_per_share: with_percentiles(value_per_share, &sorted),
        histogram: histogram(&sorted),
        probability_above_price: above,
        standard_errors,
        tornado: tornado(simulation, values, &defined, &order),
    })
}

fn spread(values: &[f64]) -> Spread {
    let n = values.len() as f64;
    let mean = sum_by(values, |value| value / n);
    let variance = sum_by(values, |value| (value - mean) * (value - mean)) / n;
    Spread {
        mean,
        standard_deviation: variance.sqrt(),
        minimum: values.iter().copied().fold(f64::INFINITY, f64::min),
        maximum: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        percentiles: Vec::new(),
    }
}

fn order_statistic(sorted: &[f64], share: f64) -> f64 {
    sorted[rank(share, sorted.len() as u64) as usize - 1]
}

fn with_percentiles(spread: Spread, sorted: &[f64]) -> Spread {
    let percentile =
        |percentile| Percentile { percentile, value: order_statistic(sorted, f64::from(percentile) / 100.0) };
    Spread { percentiles: (1..=99).map(percentile).collect(), ..spread }
}

fn histogram(sorted: &[f64]) -> Histogram {
    const BINS: u32 = 50;
    let (low, high) = (order_statistic(sorted, 0.005), order_statistic(sorted, 0.995));
    let width = (high - low) / f64::from(BINS);
    let edges: Vec<f64> =
        (0..=BINS).map(|i| if i == BINS { high } else { low + width * f64::from(i) }).collect();
    let before = |value: f64| sorted.partition_point(|&x| x < value) as u64;
    let (below, above) = (before(low), sorted.partition_point(|&x| x <= high) as u64);
    if !edges.is_sorted_by(|a, b| a < b) {
        return Histogram {
            edges: vec![low, high],
            counts: vec![above - below],
            below,
            above: sorted.len() as u64 - above,
        };
    }
    let mut until: Vec<u64> = edges.iter().map(|&edge| before(edge)).collect();
    until[BINS as usize] = above;
    let counts = until.windows(2).map(|pair| pair[1] - pair[0]).collect();
    Histogram { edges, counts, below, above: sorted.len() as u64 - above }
}

fn tornado(simulation: &Simulation, values: &[f64], defined: &[f64], order: &[u32]) -> Vec<RankCorrelation> {
    let by_value = ranks(defined, order);
    let normals = simulation.normals();
    let tenth = defined.len().div_ceil(10);
    let bar = |driver: Driver| {
        let of_defined = normals.iter().zip(values).filter(|(_, value)| !value.is_nan());
        let draws: Vec<f64> = of_defined.map(|(normals, _)| normals[driver as usize]).collect();
        let by_draw = ascending(&draws);
        let mean = |places: &[u32]| {
            places.iter().map(|&place| defined[place as usize]).sum::<f64>() / places.len() as f64
        };
        RankCorrelation {
            driver,
            rank_correlation: correlation(&ranks(&draws, &by_draw), &by_value),
            share_of_squares: None,
            value_at_low: mean(&by_draw[..tenth]),
            value_at_high: mean(&by_draw[by_draw.len() - tenth..]),
        }
    };
    let uncertain = |driver: &Driver| simulation.specification.distributions[*driver as usize].is_some();
    let mut bars: Vec<RankCorrelation> = Driver::ALL.into_iter().filter(uncertain).map(bar).collect();
    let square = |bar: &RankCorrelation| bar.rank_correlation.unwrap_or_default().powi(2);
    let total: f64 = bars.iter().map(square).sum();
    for bar in &mut bars {
        bar.share_of_squares = (total > 0.0).then(|| square(bar) / total);
    }
    bars.sort_by(|left, right| square(right).total_cmp(&square(left)));
    bars
}
