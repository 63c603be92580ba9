//! Optimisation methods and their parameters.

use std::{collections::BTreeMap, fmt};

use domain::{Invalid, Validation};
use quant::optimise::{Method, Objective, ParityMeasure, black_litterman};
use serde::Deserialize;
use utoipa::ToSchema;

use super::parameters::OptimizationParams;
use crate::{
    portfolio::names::{Names, below},
    state::within,
};

/// The most views of one model.
const MAXIMUM_VIEWS: usize = 500;

/// An optimisation method.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MethodName {
    /// Return against variance (Markowitz).
    MeanVariance,
    /// Return against the deviation below a benchmark.
    Semivariance,
    /// Return against the conditional value at risk.
    Cvar,
    /// Return against the conditional drawdown at risk.
    Cdar,
    /// Return against the mean absolute deviation.
    Mad,
    /// Every asset contributes its share of the risk.
    RiskParity,
    /// Hierarchical risk parity.
    Hrp,
    /// Hierarchical equal risk contribution.
    Herc,
    /// Nested clustered optimisation.
    Nco,
    /// The largest ratio of the mean volatility to the portfolio's.
    MaxDiversification,
    /// Markowitz on what a market and views imply.
    BlackLitterman,
    /// The same weight for every asset.
    EqualWeight,
    /// Weights in proportion to 1 over the volatility.
    InverseVolatility,
    /// Weights in proportion to 1 over the variance.
    InverseVariance,
}

impl fmt::Display for MethodName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MeanVariance => "mean_variance",
            Self::Semivariance => "semivariance",
            Self::Cvar => "cvar",
            Self::Cdar => "cdar",
            Self::Mad => "mad",
            Self::RiskParity => "risk_parity",
            Self::Hrp => "hrp",
            Self::Herc => "herc",
            Self::Nco => "nco",
            Self::MaxDiversification => "max_diversification",
            Self::BlackLitterman => "black_litterman",
            Self::EqualWeight => "equal_weight",
            Self::InverseVolatility => "inverse_volatility",
            Self::InverseVariance => "inverse_variance",
        })
    }
}

/// What is looked for.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ObjectiveName {
    /// The least risk.
    #[serde(alias = "minimum_volatility")]
    MinimumRisk,
    /// The largest excess return a unit of risk.
    #[serde(alias = "maximum_ratio")]
    MaximumSharpe,
    /// The largest `return - risk_aversion / 2 · risk²`; for CVaR, CDaR and MAD `return - risk_aversion · risk`.
    #[serde(alias = "maximum_quadratic_utility")]
    MaximumUtility,
    /// The largest return with at most `target_risk`.
    EfficientRisk,
    /// The least risk with at least `target_return`.
    EfficientReturn,
}

/// The risk that is shared out.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RiskBudgetMeasure {
    /// The volatility.
    Volatility,
    /// The conditional value at risk.
    Cvar,
}

/// A view: the return that an investor expects of assets.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// Each asset's part, by name: one asset at 1 for an absolute view, parts that sum to 0 for a relative one.
    #[schema(example = json!({"MSFT": 1.0, "AAPL": -1.0}))]
    assets: BTreeMap<String, f64>,
    /// The annual return of this combination, as a fraction.
    #[schema(example = 0.02)]
    expected_return: f64,
    /// From 0 (no belief) to 1 (certain), for Idzorek's uncertainty; in proportion to the prior's when not given.
    #[schema(example = 0.6, minimum = 0, maximum = 1)]
    confidence: Option<f64>,
}

impl OptimizationParams {
    /// The method with the parameters that go with it; any other one is refused.
    pub(super) fn take_method(mut self, names: &Names) -> Result<Method, Invalid> {
        let mut validation = Validation::new();
        let method = self.build(names, &mut validation);
        let left = [
            ("objective", self.objective.is_some()),
            ("target_return", self.target_return.is_some()),
            ("target_risk", self.target_risk.is_some()),
            ("risk_aversion", self.risk_aversion.is_some()),
            ("confidence_level", self.confidence_level.is_some()),
            ("benchmark_return", self.benchmark_return.is_some()),
            ("risk_measure", self.risk_measure.is_some()),
            ("risk_budgets", self.risk_budgets.is_some()),
            ("linkage", self.linkage.is_some()),
            ("leaf_order", self.leaf_order.is_some()),
            ("clusters", self.clusters.is_some()),
            ("market_values", self.market_values.is_some()),
            ("market_risk_aversion", self.market_risk_aversion.is_some()),
            ("tau", self.tau.is_some()),
            ("views", self.views.is_some()),
        ];
        for (field, _) in left.into_iter().filter(|(_, given)| *given) {
            validation.reject(
                format!("/{field}"),
                format!("does not go with the method {} and its other parameters", self.method),
            );
        }
        validation.finish(Some(method))
    }

    fn build(&mut self, names: &Names, validation: &mut Validation) -> Method {
        match self.method {
            MethodName::MeanVariance => Method::MeanVariance { objective: self.take_objective(validation) },
            MethodName::Semivariance => Method::Semivariance {
                objective: self.take_objective(validation),
                benchmark: take(
                    &mut self.benchmark_return,
                    0.0,
                    (-1.0, 1.0),
                    "/benchmark_return",
                    validation,
                ),
            },
            MethodName::Cvar => Method::Cvar {
                objective: self.take_objective(validation),
                confidence_level: self.take_confidence(validation),
            },
            MethodName::Cdar => Method::Cdar {
                objective: self.take_objective(validation),
                confidence_level: self.take_confidence(validation),
            },
            MethodName::Mad => Method::Mad { objective: self.take_objective(validation) },
            MethodName::RiskParity => Method::RiskParity {
                measure: match self.risk_measure.take() {
                    None | Some(RiskBudgetMeasure::Volatility) => ParityMeasure::Volatility,
                    Some(RiskBudgetMeasure::Cvar) => {
                        ParityMeasure::Cvar { confidence_level: self.take_confidence(validation) }
                    }
                },
                budgets: self.risk_budgets.take().map(|given| budgets(&given, names, validation)),
            },
            MethodName::Hrp => Method::Hrp {
                linkage: self.linkage.take().unwrap_or_default(),
                leaf_order: self.leaf_order.take().unwrap_or_default(),
            },
            MethodName::Herc => Method::Herc {
                linkage: self.linkage.take().unwrap_or_default(),
                leaf_order: self.leaf_order.take().unwrap_or_default(),
                clusters: self.take_clusters(names, validation),
            },
            MethodName::Nco => Method::Nco {
                linkage: self.linkage.take().unwrap_or_default(),
                clusters: self.take_clusters(names, validation),
            },
            MethodName::MaxDiversification => Method::MaxDiversification,
            MethodName::BlackLitterman => Method::BlackLitterman {
                objective: self.take_objective(validation),
                model: self.take_model(names, validation),
            },
            MethodName::EqualWeight => Method::EqualWeight,
            MethodName::InverseVolatility => Method::InverseVolatility,
            MethodName::InverseVariance => Method::InverseVariance,
        }
    }

    fn take_objective(&mut self, validation: &mut Validation) -> Objective {
        match self.objective.take().unwrap_or(ObjectiveName::MinimumRisk) {
            ObjectiveName::MinimumRisk => Objective::MinimumRisk,
            ObjectiveName::MaximumSharpe => Objective::MaximumRatio,
            ObjectiveName::MaximumUtility => Objective::MaximumUtility {
                risk_aversion: take(&mut self.risk_aversion, 1.0, POSITIVE, "/risk_aversion", validation),
            },
            ObjectiveName::EfficientRisk => {
                let pointer = "/target_risk";
                validation.require(self.target_risk.is_some(), pointer, "must be given for efficient_risk");
                let target_risk = take(&mut self.target_risk, 1.0, (0.0, 1e6), pointer, validation);
                Objective::EfficientRisk { target_risk }
            }
            ObjectiveName::EfficientReturn => {
                let pointer = "/target_return";
                validation.require(
                    self.target_return.is_some(),
                    pointer,
                    "must be given for efficient_return",
                );
                let target_return = take(&mut self.target_return, 0.0, (-1e6, 1e6), pointer, validation);
                Objective::EfficientReturn { target_return }
            }
        }
    }

    fn take_confidence(&mut self, validation: &mut Validation) -> f64 {
        let level = self.confidence_level.take().unwrap_or(0.95);
        let detail = format!("must be between 0 and 1 (0.95 means 95 %), but is {level}");
        validation.require(level > 0.0 && level < 1.0, "/confidence_level", detail);
        level
    }

    fn take_clusters(&mut self, names: &Names, validation: &mut Validation) -> Option<usize> {
        let clusters = self.clusters.take()?;
        validation.check("/clusters", within(clusters, 1, names.len()))
    }

    fn take_model(&mut self, names: &Names, validation: &mut Validation) -> black_litterman::Model {
        const VALUES: &str = "/market_values";
        let market_values = self.market_values.take().map(|given| names.each(&given, VALUES, validation));
        let sound =
            |values: &Vec<f64>| values.iter().all(|&value| value >= 0.0) && values.iter().sum::<f64>() > 0.0;
        validation.require(
            market_values.as_ref().is_none_or(sound),
            VALUES,
            "must all be 0 or more, and one of them above 0",
        );
        let views = self.views.take().unwrap_or_default();
        validation.require(
            views.len() <= MAXIMUM_VIEWS,
            "/views",
            format!("must have at most {MAXIMUM_VIEWS} views, but has {}", views.len()),
        );
        let views =
            views.iter().enumerate().map(|(index, view)| view.parse(index, names, validation)).collect();
        let aversion = &mut self.market_risk_aversion;
        black_litterman::Model {
            market_values,
            risk_aversion: take(aversion, 2.5, POSITIVE, "/market_risk_aversion", validation),
            tau: take(&mut self.tau, 0.05, POSITIVE, "/tau", validation),
            views,
        }
    }
}

impl View {
    fn parse(&self, index: usize, names: &Names, validation: &mut Validation) -> black_litterman::View {
        let pointer = format!("/views/{index}");
        let assets = format!("{pointer}/assets");
        validation.require(
            self.assets.values().any(|&part| part != 0.0),
            &assets,
            "must have at least one part that is not 0",
        );
        let parts = self.assets.iter().filter_map(|(name, &part)| {
            names.place(name, &below(&assets, name), validation).map(|place| (place, part))
        });
        let parts = parts.collect();
        if let Some(confidence) = self.confidence {
            validation.check(&format!("{pointer}/confidence"), within(confidence, 0.0, 1.0));
        }
        let target = within(self.expected_return, -1e6, 1e6);
        validation.check(&format!("{pointer}/expected_return"), target);
        black_litterman::View { parts, expected_return: self.expected_return, confidence: self.confidence }
    }
}

const POSITIVE: (f64, f64) = (1e-12, 1e12);

/// A parameter's value, within its bounds.
fn take(
    field: &mut Option<f64>,
    default: f64,
    (least, most): (f64, f64),
    pointer: &str,
    validation: &mut Validation,
) -> f64 {
    let value = field.take().unwrap_or(default);
    validation.check(pointer, within(value, least, most));
    value
}

fn budgets(given: &BTreeMap<String, f64>, names: &Names, validation: &mut Validation) -> Vec<f64> {
    const POINTER: &str = "/risk_budgets";
    let budgets = names.each(given, POINTER, validation);
    for (name, share) in given.iter().filter(|(_, share)| **share <= 0.0) {
        validation.reject(below(POINTER, name), format!("must be above 0, but is {share}"));
    }
    let sum: f64 = given.values().sum();
    validation.require((sum - 1.0).abs() <= 1e-6, POINTER, format!("must sum to 1, but sum to {sum}"));
    budgets
}
