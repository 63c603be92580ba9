use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Histogram, NearGrowth, RankCorrelation, Simulation, Spread, Undefined,
    histogram::{histogram, order_statistic},
    left_out::LeftOut,
    rank_correlation::ascending,
    tornado::tornado,
};
use crate::{QuantError, monte_carlo::Percentile, sum::sum_by};

/// The share of trials above which it matters that they are left out.
const MATERIAL_SHARE: f64 = 0.01;

/// The result of a simulation of a valuation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ValuationOutcome)]
pub struct Outcome {
    /// The number of trials.
    pub trials: u64,
    /// The seed: with the same inputs it gives the same figures to the last bit.
    pub seed: u64,
    /// Trials that have no value; all other figures are of the rest, those of `near_growth` left out too.
    pub undefined: Undefined,
    /// Trials whose WACC is too close to the terminal growth, which are left out as well; not told by outcomes from before
    /// they were.
    #[serde(default)]
    pub near_growth: NearGrowth,
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
    /// What should be looked at before the figures are used.
    #[serde(default)]
    pub warnings: Vec<OutcomeWarning>,
}

/// What should be looked at before the figures are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ValuationOutcomeWarning)]
pub enum OutcomeWarning {
    /// More than 1 % of the trials are left out, so that the figures are those of a cut-off distribution.
    TrialsLeftOut,
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

/// The outcome of all trials' values, NaN where a trial is left out.
pub(super) fn outcome(
    simulation: &Simulation,
    values: &[f64],
    left_out: LeftOut,
) -> Result<Outcome, QuantError> {
    let settings = simulation.specification.settings;
    let (undefined, near_growth) = left_out.of(settings.trials);
    let defined: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    if defined.is_empty() {
        let what = "the list of trials that have a value, and a WACC not too close to the terminal growth,";
        return Err(QuantError::Empty { what });
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
        near_growth,
        value_per_share: with_percentiles(value_per_share, &sorted),
        histogram: histogram(&sorted),
        probability_above_price: above,
        standard_errors,
        tornado: tornado(simulation, values, &defined, &order),
        warnings: warnings(undefined, near_growth),
    })
}

fn warnings(undefined: Undefined, near_growth: NearGrowth) -> Vec<OutcomeWarning> {
    let material = undefined.share + near_growth.share > MATERIAL_SHARE;
    material.then_some(OutcomeWarning::TrialsLeftOut).into_iter().collect()
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

fn with_percentiles(spread: Spread, sorted: &[f64]) -> Spread {
    let percentile =
        |percentile| Percentile { percentile, value: order_statistic(sorted, f64::from(percentile) / 100.0) };
    Spread { percentiles: (1..=99).map(percentile).collect(), ..spread }
}
