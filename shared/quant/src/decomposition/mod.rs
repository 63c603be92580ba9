//! Risk decomposition: how much of a portfolio's volatility, value at risk and `CVaR` each asset brings (Euler allocation;
//! Tasche 1999; Litterman 1996).
//!
//! A marginal figure is the change of the risk with the asset's weight, `∂ρ/∂w_i`; a component is `w_i ∂ρ/∂w_i`, and the
//! components add up to the risk, as it is homogeneous in the weights; an incremental figure is the risk less the risk of the
//! portfolio without the position, its weight left in cash.

mod contributions;
mod historical;
mod normal;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use contributions::Contributions;

use crate::{
    QuantError, Returns, Weights,
    moments::covariance,
    var_cvar::{check_confidence_levels, check_horizon},
};

/// What is decomposed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DecompositionSettings)]
pub struct Settings {
    /// The confidence level in (0, 1), for example 0.95.
    pub confidence_level: f64,
    /// The horizon in periods (days).
    pub horizon: u32,
    /// The mean of the normal method.
    pub mean: Mean,
}

impl Default for Settings {
    fn default() -> Self {
        Self { confidence_level: 0.95, horizon: 1, mean: Mean::Zero }
    }
}

/// Which mean the normal distribution has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DecompositionMean)]
pub enum Mean {
    /// Zero: over short horizons the sample's mean is mostly noise.
    #[default]
    Zero,
    /// The sample's.
    Sample,
}

/// A portfolio's risk by asset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Decomposition {
    /// What was asked for.
    pub settings: Settings,
    /// Of the volatility over the horizon; null where the portfolio's returns are constant: then it has no derivative.
    pub volatility: Option<Contributions>,
    /// Of the parametric normal value at risk; null as above.
    pub normal_value_at_risk: Option<Contributions>,
    /// Of the parametric normal `CVaR`; null as above.
    pub normal_conditional_value_at_risk: Option<Contributions>,
    /// Of the historical value at risk: the losses on the day at the quantile. One day only, so a noisy figure; `CVaR` is
    /// steadier.
    pub historical_value_at_risk: Contributions,
    /// Of the historical `CVaR`: the mean losses over the days of the tail.
    pub historical_conditional_value_at_risk: Contributions,
    /// `Σ w_i σ_i / σ`, the assets' mean volatility over the portfolio's (Choueifaty & Coignard 2008); null with short
    /// positions, for which it means nothing, and for constant returns.
    pub diversification_ratio: Option<f64>,
}

/// Decomposes a portfolio's risk by asset.
///
/// * `returns`: periods × assets.
/// * `weights`: one an asset; assets with a weight of 0 have marginal figures too.
///
/// # Errors
/// `AssetsMismatch`, `OutOfRange` for a level or horizon outside its range, `Overflow` where a figure is no number.
pub fn decompose(
    returns: &Returns,
    weights: &Weights,
    settings: Settings,
) -> Result<Decomposition, QuantError> {
    check_confidence_levels(&[settings.confidence_level])?;
    check_horizon(settings.horizon)?;
    let portfolio = returns.portfolio(weights)?;
    let (means, covariance) = covariance(returns.simple())?;
    let normal = normal::Normal::of(&means, &covariance, weights.as_slice(), settings)?;
    let (historical_value_at_risk, historical_conditional_value_at_risk) =
        historical::contributions(returns, weights.as_slice(), &portfolio, settings)?;
    Ok(Decomposition {
        settings,
        volatility: normal.as_ref().map(normal::Normal::volatility).transpose()?,
        normal_value_at_risk: normal.as_ref().map(normal::Normal::value_at_risk).transpose()?,
        normal_conditional_value_at_risk: normal.as_ref().map(normal::Normal::conditional).transpose()?,
        historical_value_at_risk,
        historical_conditional_value_at_risk,
        diversification_ratio: normal.as_ref().and_then(normal::Normal::diversification_ratio),
    })
}
