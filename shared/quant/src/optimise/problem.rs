use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Constraints, LeafOrder, Linkage, black_litterman::Model};
use crate::{
    Returns,
    estimate::{CovarianceModel, ReturnsModel},
};

fn trading_days() -> f64 {
    252.0
}

fn usual_confidence() -> f64 {
    0.95
}

/// A portfolio problem: assets are known by their index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// The assets' simple returns; needed by estimators and by methods that look at scenarios.
    #[serde(default)]
    pub returns: Option<Returns>,
    /// How expected returns are found.
    #[serde(default)]
    pub expected_returns: ReturnsModel,
    /// How the covariance is found.
    #[serde(default)]
    pub covariance: CovarianceModel,
    /// What is optimised.
    pub method: Method,
    /// What the weights must meet.
    #[serde(default)]
    pub constraints: Constraints,
    /// The annual rate without risk, as a fraction.
    #[serde(default)]
    pub risk_free_rate: f64,
    /// 252 for trading days.
    #[serde(default = "trading_days")]
    pub periods_per_year: f64,
}

impl Problem {
    /// A problem over a history, with every other setting at its default.
    pub fn new(returns: Returns, method: Method) -> Self {
        Self {
            returns: Some(returns),
            expected_returns: ReturnsModel::default(),
            covariance: CovarianceModel::default(),
            method,
            constraints: Constraints::default(),
            risk_free_rate: 0.0,
            periods_per_year: trading_days(),
        }
    }
}

/// What is optimised over return and risk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = OptimisationObjective)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Objective {
    /// The least risk.
    #[default]
    #[serde(alias = "minimum_volatility")]
    MinimumRisk,
    /// The largest excess return a unit of risk.
    #[serde(alias = "maximum_sharpe")]
    MaximumRatio,
    /// The largest `μᵀw - A/2 risk²`; for CVaR, CDaR and MAD `μᵀw - A risk`.
    #[serde(alias = "maximum_quadratic_utility")]
    MaximumUtility {
        /// A, above 0.
        risk_aversion: f64,
    },
    /// The largest return with at most a risk.
    EfficientRisk {
        /// The risk: annual volatility or semideviation, or CVaR, CDaR or MAD of a period, as a fraction.
        target_risk: f64,
    },
    /// The least risk with at least a return.
    EfficientReturn {
        /// The annual return, as a fraction.
        target_return: f64,
    },
}

/// The risk that is shared out by `risk_parity`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ParityMeasure {
    /// The volatility.
    #[default]
    Volatility,
    /// The conditional value at risk.
    Cvar {
        /// Between 0 and 1.
        #[serde(default = "usual_confidence")]
        confidence_level: f64,
    },
}

/// An optimisation method with its parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = OptimisationMethod)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum Method {
    /// Markowitz: return against variance.
    MeanVariance {
        /// What is optimised.
        #[serde(default)]
        objective: Objective,
    },
    /// Return against the deviation below a benchmark.
    Semivariance {
        /// What is optimised.
        #[serde(default)]
        objective: Objective,
        /// The benchmark's return a period.
        #[serde(default)]
        benchmark: f64,
    },
    /// Return against the conditional value at risk.
    Cvar {
        /// What is optimised.
        #[serde(default)]
        objective: Objective,
        /// Between 0 and 1.
        #[serde(default = "usual_confidence")]
        confidence_level: f64,
    },
    /// Return against the conditional drawdown at risk.
    Cdar {
        /// What is optimised.
        #[serde(default)]
        objective: Objective,
        /// Between 0 and 1.
        #[serde(default = "usual_confidence")]
        confidence_level: f64,
    },
    /// Return against the mean absolute deviation.
    Mad {
        /// What is optimised.
        #[serde(default)]
        objective: Objective,
    },
    /// Every asset contributes its budget of the risk.
    RiskParity {
        /// One positive share an asset, summing to 1; equal without them.
        #[serde(default)]
        budgets: Option<Vec<f64>>,
        /// The risk that is shared out.
        #[serde(default)]
        measure: ParityMeasure,
    },
    /// The largest ratio of the mean volatility to the portfolio's.
    MaxDiversification,
    /// Hierarchical risk parity.
    Hrp {
        /// How clusters are joined.
        #[serde(default)]
        linkage: Linkage,
        /// How the leaves are ordered.
        #[serde(default)]
        leaf_order: LeafOrder,
    },
    /// Hierarchical equal risk contribution.
    Herc {
        /// How clusters are joined.
        #[serde(default)]
        linkage: Linkage,
        /// How the leaves are ordered.
        #[serde(default)]
        leaf_order: LeafOrder,
        /// The number of clusters; found by the two-difference gap without it.
        #[serde(default)]
        clusters: Option<usize>,
    },
    /// Nested clustered optimisation.
    Nco {
        /// How clusters are joined.
        #[serde(default)]
        linkage: Linkage,
        /// The number of clusters; found by the two-difference gap without it.
        #[serde(default)]
        clusters: Option<usize>,
    },
    /// Markowitz with expected returns from a market and views.
    BlackLitterman {
        /// The market and the views.
        model: Model,
        /// What is optimised.
        #[serde(default)]
        objective: Objective,
    },
    /// The same weight for every asset.
    EqualWeight,
    /// Weights in proportion to `1 / σ`.
    InverseVolatility,
    /// Weights in proportion to `1 / σ²`.
    InverseVariance,
}

impl Method {
    /// Whether constraints beyond the budget can be kept by the method.
    pub fn takes_constraints(&self) -> bool {
        matches!(
            self,
            Self::MeanVariance { .. }
                | Self::Semivariance { .. }
                | Self::Cvar { .. }
                | Self::Cdar { .. }
                | Self::Mad { .. }
                | Self::MaxDiversification
                | Self::BlackLitterman { .. }
        )
    }
}
