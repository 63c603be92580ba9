//! All that is told about a portfolio's value at risk at once.

mod settings;
mod tables;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use settings::{BacktestSettings, HorizonScaling, ReportSettings, Variant};

use super::{Conventions, Sample, VarCvar, measures};
use crate::{
    QuantError, Returns, Weights,
    backtest::{Backtest, backtest},
    decomposition::{Decomposition, decompose},
};

/// Value at risk by all methods that were asked for, by asset, and tested against the past.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = VarCvarReport)]
pub struct Report {
    /// The figures, the sample and the conventions.
    #[serde(flatten)]
    pub figures: VarCvar,
    /// The risk by asset, where it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decomposition: Option<Decomposition>,
    /// The backtest, where it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backtest: Option<Backtest>,
    /// Other measures of risk, one entry a confidence level, where they were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub risk_measures: Vec<measures::RiskMeasures>,
}

/// Value at risk and conditional value at risk of a portfolio, with all that the settings ask for.
///
/// * `returns`: periods × assets, oldest first.
/// * `weights`: one an asset.
///
/// # Errors
/// `AssetsMismatch`; `Empty` without a level or a horizon; `OutOfRange` for a setting outside its range; `TooFewRows` for
/// too short a history; `Overflow` where a figure is no number.
pub fn report(returns: &Returns, weights: &Weights, settings: &ReportSettings) -> Result<Report, QuantError> {
    let portfolio = returns.portfolio(weights)?;
    settings.check()?;
    let sample = Sample::of(&portfolio)?;
    let measured = settings.risk_measures.then_some(&settings.confidence_levels).into_iter().flatten();
    Ok(Report {
        figures: VarCvar {
            methods: tables::methods(&portfolio, &sample, settings)?,
            sample,
            conventions: Conventions::of(settings),
        },
        decomposition: settings.decomposition.map(|of| decompose(returns, weights, of)).transpose()?,
        backtest: settings
            .backtest
            .map(|of| backtest(&portfolio, of.confidence_level, of.window, of.forecast))
            .transpose()?,
        risk_measures: measured
            .map(|&level| measures::risk_measures(&portfolio, level))
            .collect::<Result<_, _>>()?,
    })
}
