use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How an optimisation ended; `A` tells an asset, by its index or by its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = OptimisationOutcome)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Outcome<A = usize> {
    /// The weights are the answer: exact, or with residuals and a relative gap below 1e-8.
    Solved {
        /// The algorithm that found them.
        solver: Solver,
        /// Its iterations; 0 for a closed form.
        iterations: u32,
    },
    /// The weights are the answer, but to about six digits only.
    SolvedInaccurately {
        /// The algorithm that found them.
        solver: Solver,
        /// Its iterations.
        iterations: u32,
    },
    /// No weights meet all constraints.
    Infeasible {
        /// Constraints that can't be met together.
        conflicts: Vec<Conflict<A>>,
    },
    /// The solver stopped before it was done; there are no weights.
    IterationLimit {
        /// Its iterations.
        iterations: u32,
    },
}

/// An algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Solver {
    /// A formula.
    ClosedForm,
    /// The critical-line algorithm: exact.
    CriticalLine,
    /// Clarabel's interior-point method.
    Clarabel,
    /// Newton's method.
    Newton,
    /// A hierarchy of clusters.
    Hierarchical,
}

/// A constraint that can't be met together with the others that are named; `A` tells an asset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "constraint", rename_all = "snake_case")]
pub enum Conflict<A = usize> {
    /// The weights sum to 1.
    Budget,
    /// An asset's least weight.
    MinimumWeight {
        /// The asset.
        asset: A,
    },
    /// An asset's largest weight.
    MaximumWeight {
        /// The asset.
        asset: A,
    },
    /// A group's least weight.
    GroupMinimum {
        /// The group's name.
        group: String,
    },
    /// A group's largest weight.
    GroupMaximum {
        /// The group's name.
        group: String,
    },
    /// The limit of the turnover.
    Turnover,
    /// The limit of the tracking error.
    TrackingError,
    /// The limit of the sum of absolute weights.
    GrossExposure,
    /// The limit of the sum of short positions.
    ShortExposure,
    /// The return that is asked for.
    TargetReturn,
    /// The risk that is asked for.
    TargetRisk,
    /// No portfolio returns more than the rate without risk, so there is no largest ratio.
    RiskFreeRate,
}

impl Outcome {
    /// The same, with assets told by `name`.
    pub fn named<A>(self, name: impl Fn(usize) -> A) -> Outcome<A> {
        match self {
            Self::Solved { solver, iterations } => Outcome::Solved { solver, iterations },
            Self::SolvedInaccurately { solver, iterations } => {
                Outcome::SolvedInaccurately { solver, iterations }
            }
            Self::Infeasible { conflicts } => Outcome::Infeasible {
                conflicts: conflicts.into_iter().map(|conflict| conflict.named(&name)).collect(),
            },
            Self::IterationLimit { iterations } => Outcome::IterationLimit { iterations },
        }
    }
}

impl Conflict {
    /// The same, with the asset told by `name`.
    pub fn named<A>(self, name: impl Fn(usize) -> A) -> Conflict<A> {
        match self {
            Self::Budget => Conflict::Budget,
            Self::MinimumWeight { asset } => Conflict::MinimumWeight { asset: name(asset) },
            Self::MaximumWeight { asset } => Conflict::MaximumWeight { asset: name(asset) },
            Self::GroupMinimum { group } => Conflict::GroupMinimum { group },
            Self::GroupMaximum { group } => Conflict::GroupMaximum { group },
            Self::Turnover => Conflict::Turnover,
            Self::TrackingError => Conflict::TrackingError,
            Self::GrossExposure => Conflict::GrossExposure,
            Self::ShortExposure => Conflict::ShortExposure,
            Self::TargetReturn => Conflict::TargetReturn,
            Self::TargetRisk => Conflict::TargetRisk,
            Self::RiskFreeRate => Conflict::RiskFreeRate,
        }
    }
}

/// What was changed in the inputs before they could be used; `A` tells an asset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Repair<A = usize> {
    /// The covariance was not positive definite: small and negative eigenvalues of its correlation were raised to a
    /// floor, and the diagonal was scaled back to 1. Variances are kept.
    EigenvaluesRaised {
        /// How many eigenvalues were raised.
        raised: usize,
        /// The smallest of them, of the correlation.
        smallest: f64,
        /// The floor.
        floor: f64,
        /// The largest change of a correlation.
        largest_change: f64,
    },
    /// The shrinkage of the expected returns was outside 0 to 1 and was set to the nearer end.
    ShrinkageClipped,
    /// An asset's returns don't vary.
    ConstantAsset {
        /// The asset; it got a variance of 1e-12 of the mean one.
        asset: A,
    },
}

impl Repair {
    /// The same, with the asset told by `name`.
    pub fn named<A>(self, name: impl Fn(usize) -> A) -> Repair<A> {
        match self {
            Self::EigenvaluesRaised { raised, smallest, floor, largest_change } => {
                Repair::EigenvaluesRaised { raised, smallest, floor, largest_change }
            }
            Self::ShrinkageClipped => Repair::ShrinkageClipped,
            Self::ConstantAsset { asset } => Repair::ConstantAsset { asset: name(asset) },
        }
    }
}

/// Figures of a portfolio. Returns, volatilities and ratios are annual.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortfolioFigures)]
pub struct Figures {
    /// The expected annual return, as a fraction.
    pub expected_return: f64,
    /// The annual volatility, as a fraction.
    pub volatility: f64,
    /// `(expected_return - risk_free_rate) / volatility`; null without volatility.
    pub sharpe: Option<f64>,
    /// Each asset's share of the variance, `w_i (Σw)_i / wᵀΣw`; they sum to 1. Null without volatility.
    pub risk_contributions: Option<Vec<f64>>,
    /// `Σ w_i σ_i / σ`; null without volatility.
    pub diversification_ratio: Option<f64>,
    /// The method's own measure of risk, where it isn't the volatility.
    pub risk: Option<RiskFigure>,
}

/// A portfolio's risk by a measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RiskFigure {
    /// The measure.
    pub measure: super::RiskMeasure,
    /// Its value: annual for the semideviation, per period for the others; positive = loss.
    pub value: f64,
}

/// What a Black-Litterman model found on the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BlackLittermanFigures {
    /// The expected returns before the views, one an asset.
    pub prior: Vec<f64>,
    /// The expected returns with the views.
    pub posterior_returns: Vec<f64>,
    /// The covariance with the views' uncertainty, assets × assets.
    pub posterior_covariance: Vec<Vec<f64>>,
    /// The views' uncertainty, one a view.
    pub omega: Vec<f64>,
    /// `(δΣ)⁻¹ posterior`, scaled to sum to 1, without any constraint; null where they sum to 0.
    pub implied_weights: Option<Vec<f64>>,
}

/// The answer to a portfolio problem.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = OptimisationSolution)]
pub struct Solution {
    /// How the optimisation ended.
    pub outcome: Outcome,
    /// One weight an asset, in the assets' order; null where there are none.
    pub weights: Option<Vec<f64>>,
    /// The portfolio's figures; null without weights.
    pub figures: Option<Figures>,
    /// The assets' clusters, numbered from 0, for methods that cluster.
    pub clusters: Option<Vec<usize>>,
    /// The assets in the order of the hierarchy's leaves, for methods that have one.
    pub leaf_order: Option<Vec<usize>>,
    /// For the method `black_litterman`.
    pub black_litterman: Option<BlackLittermanFigures>,
    /// What was changed in the inputs.
    pub repairs: Vec<Repair>,
    /// How the figures are meant.
    pub conventions: Conventions,
}

/// How the figures are meant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = OptimisationConventions)]
pub struct Conventions {
    /// Units of weights, returns and volatilities.
    pub units: String,
    /// Units and definitions of the measures of risk.
    pub risk: String,
    /// What turnover, leverage and tracking error mean.
    pub constraints: String,
}

impl Default for Conventions {
    fn default() -> Self {
        let text = |text: &str| text.to_owned();
        Self {
            units: text("weights are fractions and sum to 1; returns, volatilities and ratios are annual"),
            risk: text(
                "semideviation sqrt(m mean(min(r - B, 0)^2)), annual; CVaR after Rockafellar and Uryasev (2002) of one \
                 period's simple returns; CDaR of uncompounded cumulative returns with a starting peak of 0; MAD \
                 mean |r - mean r|; positive = loss",
            ),
            constraints: text(
                "turnover sum |w - w_previous|, bought and sold; gross exposure sum |w|; short exposure \
                 sum max(-w, 0); tracking error sqrt((w - b)' S (w - b)), annual",
            ),
        }
    }
}
