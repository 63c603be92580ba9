use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    dynamics::FittedModel,
    sampling::Sampling,
    specification::{Rebalance, Specification},
};
use crate::factor::CovarianceRepair;

/// The result of a Monte Carlo simulation. Profit and loss is `V_T - V_0`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Outcome {
    /// The number of paths.
    pub paths: u64,
    /// The horizon in steps (trading days).
    pub steps: u32,
    /// The number of assets.
    pub assets: usize,
    /// The seed: with the same inputs it gives the same figures to the last bit.
    pub seed: u64,
    /// The portfolio's value at the start, in currency.
    pub initial_value: f64,
    /// What happened to the holdings along a path.
    pub rebalance: Rebalance,
    /// The model of the paths, with its parameters.
    pub model: FittedModel,
    /// How the random numbers were drawn.
    pub sampling: Sampling,
    /// Of the profit and loss, in currency.
    pub statistics: Statistics,
    /// Of the portfolio's value at the horizon, in currency.
    pub final_value: Spread,
    /// Of the return over the whole horizon, `V_T / V_0 - 1`, as a fraction.
    pub total_return: Spread,
    /// Value at risk and conditional value at risk, one entry a confidence level in the order asked for.
    pub risk: Vec<Risk>,
    /// Of the largest fall from a peak along a path; null where only final values were drawn.
    pub drawdown: Option<Drawdown>,
    /// The profit and loss, in currency, in bins of equal width.
    pub histogram: ProfitHistogram,
    /// Percentiles of the portfolio's value over time, for a chart; null where only final values were drawn.
    pub fan: Option<Fan>,
    /// How the quantiles were found.
    pub quantile_method: QuantileMethod,
    /// What had to be done to the covariance.
    pub covariance_repair: CovarianceRepair,
    /// How the figures are meant.
    pub conventions: Conventions,
}

/// Statistics of the profit and loss, in currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Statistics {
    /// The mean.
    pub mean: f64,
    /// The population standard deviation (ddof = 0).
    pub standard_deviation: f64,
    /// The biased skewness, without unit; null where all paths end alike.
    pub skewness: Option<f64>,
    /// The biased kurtosis, not in excess: 3 for a normal distribution; null where all paths end alike.
    pub kurtosis: Option<f64>,
    /// The smallest.
    pub minimum: f64,
    /// The largest.
    pub maximum: f64,
    /// The median.
    pub median: f64,
    /// The share of paths that end below the initial value.
    pub probability_of_loss: f64,
    /// Monte Carlo standard errors.
    pub standard_errors: StatisticsErrors,
}

/// Monte Carlo standard errors of statistics; null with fewer than two paths. The formulas are those of independent paths; for
/// other samplings see the conventions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StatisticsErrors {
    /// Of the mean: `σ / √n`.
    pub mean: Option<f64>,
    /// Of the standard deviation: `σ √((kurtosis - 1) / 4n)`.
    pub standard_deviation: Option<f64>,
    /// Of the probability of loss: `√(p (1-p) / n)`.
    pub probability_of_loss: Option<f64>,
}

/// How a figure is spread over the paths.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The population standard deviation (ddof = 0).
    pub standard_deviation: f64,
    /// The smallest.
    pub minimum: f64,
    /// The largest.
    pub maximum: f64,
    /// Percentiles 1 to 99.
    pub percentiles: Vec<Percentile>,
}

/// A percentile: the order statistic `x_(k)`, `k = ⌈percentile / 100 · n⌉`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Percentile {
    /// Which, from 1 to 99.
    pub percentile: u8,
    /// Its value.
    pub value: f64,
}

/// Value at risk and conditional value at risk of the profit and loss, in currency; positive = loss.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Risk {
    /// The confidence level, for example 0.95; `α = 1 - confidence level` is the tail's probability.
    pub confidence_level: f64,
    /// `-x_(k)`, `k = ⌈α n⌉`, of the profit and loss sorted ascending.
    pub value_at_risk: f64,
    /// `VaR + Σ max(-x - VaR, 0) / (α n)` (Rockafellar & Uryasev 2002).
    pub conditional_value_at_risk: f64,
    /// Monte Carlo standard errors.
    pub standard_errors: RiskErrors,
}

/// Monte Carlo standard errors of risk figures, in currency; null with fewer than two paths. The formulas are those of
/// independent paths; for other samplings see the conventions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RiskErrors {
    /// `√(α(1-α)/n) / f(q)`, the density `f` at the quantile from the order statistics one standard error around it.
    pub value_at_risk: Option<f64>,
    /// `√((s² + (1-α)(CVaR - VaR)²) / (α n))` with the variance `s²` of the tail.
    pub conditional_value_at_risk: Option<f64>,
}

/// The maximum drawdown of paths: the largest `1 - V_t / peak` on daily points, as a fraction, where the peak starts at
/// the initial value. Above 1 where short positions make the value negative.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Drawdown {
    /// The mean over the paths.
    pub expected_maximum: f64,
    /// Its Monte Carlo standard error; null with fewer than two paths.
    pub expected_maximum_standard_error: Option<f64>,
    /// The worst of all paths.
    pub worst_maximum: f64,
    /// Percentiles 5, 10, 25, 50, 75, 90, 95 and 99, from bins of a relative width of 2⁻⁸, interpolated.
    pub percentiles: Vec<Percentile>,
}

/// Counts of paths in bins of equal width from the smallest to the largest value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProfitHistogram {
    /// The bins' edges, ascending, in currency: one more than there are bins. A bin holds its lower edge; the last one
    /// also its upper.
    pub edges: Vec<f64>,
    /// The number of paths in each bin.
    pub counts: Vec<u64>,
}

/// Percentiles of the portfolio's value, in currency, over time. Between day 0 and the last they come from bins of a
/// relative width of 2⁻⁶ of the return, interpolated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Fan {
    /// Up to 64 evenly spaced days, the first 0 and the last the horizon.
    pub days: Vec<u32>,
    /// One line a percentile: 5, 10, 25, 50, 75, 90, 95.
    pub lines: Vec<FanLine>,
}

/// One percentile over time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FanLine {
    /// Which, from 1 to 99.
    pub percentile: u8,
    /// The portfolio's value on each of the days, in currency.
    pub values: Vec<f64>,
}

/// How quantiles were found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum QuantileMethod {
    /// From all final values, sorted.
    Exact,
    /// From a histogram of the returns with bins of constant relative width, interpolated within a bin; ranks are exact.
    Histogram {
        /// The width of a bin, relative to the return.
        relative_width: f64,
    },
}

/// How figures are meant, in words, so that a result can be read and repeated on its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Conventions {
    /// The model of the paths.
    pub model: String,
    /// Where drift and covariance come from.
    pub estimation: String,
    /// How the value follows from the assets' returns.
    pub rebalance: String,
    /// The sign and order statistics of risk figures.
    pub risk: String,
    /// Which estimators the moments are.
    pub moments: String,
    /// The unit of time.
    pub time: String,
    /// The random numbers.
    pub generator: String,
    /// Where standard errors come from.
    pub standard_errors: String,
}

impl Conventions {
    pub(super) fn new(specification: &Specification) -> Self {
        let Specification { dynamics, settings, .. } = specification;
        let rebalance = match settings.rebalance {
            Rebalance::None => "buy and hold: V_T = V_0 * sum_i w_i exp(X_i)",
            Rebalance::Daily => {
                "daily to the weights: V_T = V_0 * prod_t (1 + sum_i w_i (exp(x_it) - 1)); a value of 0 or below is ruin \
                 and stays"
            }
        };
        let text = |text: &str| text.to_owned();
        Self {
            model: text(if settings.path_statistics {
                dynamics.model_convention()
            } else {
                "correlated geometric Brownian motion: log-returns over the horizon X ~ N(h m, h C), drawn in one exact step"
            }),
            estimation: text(dynamics.estimation_convention()),
            rebalance: text(rebalance),
            risk: text(
                "profit and loss V_T - V_0; VaR = -x_(k), k = ceil(alpha n); CVaR after Rockafellar and Uryasev; \
                 positive = loss, in currency",
            ),
            moments: text("population standard deviation, biased skewness, biased kurtosis (normal = 3)"),
            time: text("one step is one trading day; nothing is annualised"),
            generator: text(settings.sampling.convention()),
            standard_errors: text(settings.sampling.errors_convention()),
        }
    }
}
