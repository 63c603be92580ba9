use serde::{Deserialize, Serialize};

use super::{Basis, Cover, Note};

/// All that a risk report says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RiskReport {
    /// What it is about.
    pub cover: Cover,
    /// What the holdings are worth.
    pub value: f64,
    /// What that stands for.
    pub basis: Basis,
    /// Value at risk and its kin, by method and level.
    pub measures: Vec<RiskMeasure>,
    /// Of daily returns.
    pub distribution: Histogram,
    /// Where the risk comes from.
    pub contributions: Vec<Contribution>,
    /// How holdings move together; null for a single one.
    pub correlation: Option<Correlation>,
    /// A simulated future; null for none.
    pub simulation: Option<Simulation>,
    /// What scenarios would do.
    pub stress: Vec<Stress>,
    /// How figures are meant.
    pub notes: Vec<Note>,
    /// What a reader must know about the data.
    pub warnings: Vec<String>,
}

/// A loss that is not exceeded with some confidence, and the mean of the losses that do exceed it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RiskMeasure {
    /// How it was estimated.
    pub method: String,
    /// Whether the method holds for this history: Cornish-Fisher's expansion does not for strong skewness and kurtosis.
    pub reliable: bool,
    /// Such as 0.95.
    pub confidence_level: f64,
    /// In trading days.
    pub horizon: usize,
    /// As a fraction of the value, positive for a loss.
    pub value_at_risk: f64,
    /// As a fraction of the value.
    pub conditional_value_at_risk: f64,
    /// In the report's currency.
    pub value_at_risk_amount: f64,
    /// In the report's currency.
    pub conditional_value_at_risk_amount: f64,
}

/// What a holding adds to the portfolio's volatility.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// The symbol.
    pub symbol: String,
    /// Its share of the value.
    pub weight: f64,
    /// What a little more of it would add to volatility, a year.
    pub marginal: f64,
    /// Weight times marginal; the sum is the portfolio's volatility.
    pub component: f64,
    /// The share of the portfolio's volatility.
    pub share: f64,
}

/// Correlations of daily returns, the largest holding first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Correlation {
    /// Of rows and columns.
    pub symbols: Vec<String>,
    /// Square, symmetric, ones on its diagonal.
    pub matrix: Vec<Vec<f64>>,
}

/// Counts of values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// Ascending, one more than counts.
    pub edges: Vec<f64>,
    /// How many values lie between each pair of edges.
    pub counts: Vec<u64>,
    /// Of the values.
    pub mean: f64,
    /// Of the values.
    pub standard_deviation: f64,
}

impl Histogram {
    /// Values in bins of equal width: about as many bins as the root of their number.
    pub fn of(values: &[f64]) -> Self {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count.max(1.0);
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let standard_deviation = (squares / (count - 1.0).max(1.0)).sqrt();
        let low = values.iter().copied().reduce(f64::min).unwrap_or(0.0);
        let high = values.iter().copied().reduce(f64::max).unwrap_or(0.0);
        let bins = (count.sqrt() as usize).clamp(8, 60);
        let width = ((high - low) / bins as f64).max(f64::MIN_POSITIVE);
        let edges = (0..=bins).map(|bin| low + width * bin as f64).collect();
        let mut counts = vec![0; bins];
        for value in values {
            counts[(((value - low) / width) as usize).min(bins - 1)] += 1;
        }
        Self { edges, counts, mean, standard_deviation }
    }
}

/// A simulated future of the portfolio's value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Simulation {
    /// The model of returns.
    pub model: String,
    /// How many futures.
    pub paths: u64,
    /// How far, in trading days.
    pub horizon: usize,
    /// What makes the same futures again.
    pub seed: u64,
    /// The days that percentiles are of, from 0.
    pub steps: Vec<f64>,
    /// Percentiles at these days, ascending.
    pub bands: Vec<Band>,
    /// Of the last day's values.
    pub terminal: Histogram,
    /// Of the last day's values, ascending.
    pub percentiles: Vec<Percentile>,
    /// The share of futures that end below the start.
    pub probability_of_loss: f64,
    /// Risk at the horizon.
    pub risk: Vec<RiskMeasure>,
}

/// A percentile as time goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// In percent, from 0 to 100.
    pub percentile: f64,
    /// Amounts, one a step.
    pub values: Vec<f64>,
}

/// A percentile.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Percentile {
    /// In percent, from 0 to 100.
    pub percentile: f64,
    /// An amount.
    pub value: f64,
}

/// What a scenario would do to the portfolio.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stress {
    /// What it is called.
    pub name: String,
    /// What happens in it.
    pub description: String,
    /// As a fraction of the value, negative for a loss.
    pub change: f64,
    /// In the report's currency.
    pub amount: f64,
}

#[cfg(test)]
mod tests {
    use super::Histogram;

    #[test]
    fn every_value_is_counted_once() {
        let values: Vec<f64> = (0..1_000).map(|index| f64::from(index % 97) / 97.0).collect();
        let found = Histogram::of(&values);
        assert_eq!(found.counts.iter().sum::<u64>(), 1_000);
        assert_eq!(found.edges.len(), found.counts.len() + 1);
        assert!((found.mean - values.iter().sum::<f64>() / 1_000.0).abs() < 1e-12);
        assert_eq!(Histogram::of(&[0.1, 0.1]).counts.iter().sum::<u64>(), 2);
        assert_eq!(Histogram::of(&[]).counts.iter().sum::<u64>(), 0);
    }
}
