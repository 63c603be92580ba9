use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::QuantError;

/// One risk figure by asset, in the assets' order; fractions of the portfolio's value, positive = risk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = RiskContributions)]
pub struct Contributions {
    /// The portfolio's figure.
    pub total: f64,
    /// The change of the figure for one unit of weight, financed with cash.
    pub marginal: Vec<f64>,
    /// Each asset's part of the figure: its weight times the marginal figure. They add up to the total.
    pub component: Vec<f64>,
    /// The parts as shares of the total; null where the total is not positive.
    pub share: Option<Vec<f64>>,
    /// The figure less the figure of the portfolio without the position, its weight left in cash.
    pub incremental: Vec<f64>,
}

impl Contributions {
    /// From the total, its derivatives and the totals without each of the assets.
    pub(super) fn new(
        total: f64,
        marginal: Vec<f64>,
        weights: &[f64],
        without: &[f64],
    ) -> Result<Self, QuantError> {
        let component: Vec<f64> =
            weights.iter().zip(&marginal).map(|(weight, value)| weight * value).collect();
        let incremental: Vec<f64> = without.iter().map(|without| total - without).collect();
        let share: Vec<f64> = component.iter().map(|value| value / total).collect();
        let finite = |values: &[f64]| values.iter().all(|value| value.is_finite());
        if !(total.is_finite() && finite(&marginal) && finite(&component) && finite(&incremental)) {
            return Err(QuantError::Overflow { what: "a risk contribution" });
        }
        let share = (total > 0.0 && finite(&share)).then_some(share);
        Ok(Self { total, marginal, component, share, incremental })
    }
}
