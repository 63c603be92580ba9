//! What is optimised.

use std::collections::BTreeMap;

use domain::{Invalid, Validation};
use quant::{
    Returns,
    optimise::{Constraints, LeafOrder, Linkage, Problem},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::method::{MethodName, ObjectiveName, RiskBudgetMeasure, View};
use crate::{
    portfolio::{
        constraints::ConstraintsInput,
        estimates::{CovarianceInput, ExpectedReturnsInput},
        names::Names,
    },
    state::within,
};

/// What to optimise. A parameter that does not go with the method is refused.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "method": "mean_variance", "objective": "maximum_sharpe", "risk_free_rate": 0.02,
    "covariance": {"method": "ledoit_wolf_constant_variance"},
    "constraints": {
        "max_weight_per_asset": 0.4,
        "groups": [{"name": "health care", "assets": ["JNJ", "PFE", "UNH"], "maximum": 0.5}]
    }
}))]
pub struct OptimizationParams {
    /// The method.
    pub(super) method: MethodName,
    /// What the methods that weigh return against risk look for; `minimum_risk` when not given.
    pub(super) objective: Option<ObjectiveName>,
    /// The annual return of `efficient_return`, as a fraction.
    #[schema(example = 0.15)]
    pub(super) target_return: Option<f64>,
    /// The risk of `efficient_risk`: annual volatility or semideviation, or CVaR, CDaR or MAD of one day, as a fraction.
    #[schema(example = 0.2)]
    pub(super) target_risk: Option<f64>,
    /// The risk aversion of `maximum_utility`, above 0; 1 when not given.
    #[schema(example = 2.5)]
    pub(super) risk_aversion: Option<f64>,
    /// The confidence level of CVaR and CDaR, between 0 and 1; 0.95 when not given.
    #[schema(example = 0.95)]
    pub(super) confidence_level: Option<f64>,
    /// The daily return that `semivariance` counts shortfalls below; 0 when not given.
    #[schema(example = 0.0)]
    pub(super) benchmark_return: Option<f64>,
    /// The risk that `risk_parity` shares out; the volatility when not given.
    pub(super) risk_measure: Option<RiskBudgetMeasure>,
    /// Each asset's share of the risk for `risk_parity`, by name; they sum to 1. Equal shares when not given.
    #[schema(example = json!({"AAPL": 0.5, "JNJ": 0.3, "CVX": 0.2}))]
    pub(super) risk_budgets: Option<BTreeMap<String, f64>>,
    /// How `hrp`, `herc` and `nco` join clusters; `single` when not given.
    pub(super) linkage: Option<Linkage>,
    /// How `hrp` and `herc` order the leaves; `tree` when not given.
    pub(super) leaf_order: Option<LeafOrder>,
    /// The number of clusters of `herc` and `nco`; found by the gap statistic when not given.
    #[schema(example = 3)]
    pub(super) clusters: Option<usize>,
    /// Each asset's market value for `black_litterman`, by name and in any unit; the prior is `expected_returns` when not
    /// given.
    #[schema(example = json!({"AAPL": 2.07e12, "JNJ": 4.6e11, "CVX": 3.4e11}))]
    pub(super) market_values: Option<BTreeMap<String, f64>>,
    /// The market's risk aversion for `black_litterman`; 2.5 when not given.
    #[schema(example = 2.5)]
    pub(super) market_risk_aversion: Option<f64>,
    /// The uncertainty of the prior for `black_litterman`, above 0; 0.05 when not given.
    #[schema(example = 0.05)]
    pub(super) tau: Option<f64>,
    /// The views of `black_litterman`.
    pub(super) views: Option<Vec<View>>,
    /// How expected returns are found; the compounded mean of the history when not given.
    #[serde(default)]
    expected_returns: ExpectedReturnsInput,
    /// How the covariance is found; the sample covariance when not given.
    #[serde(default)]
    covariance: CovarianceInput,
    /// What the weights must meet; each within 0 to 1 when not given.
    #[serde(default)]
    constraints: ConstraintsInput,
    /// The annual rate without risk, as a fraction; 0 when not given.
    #[schema(example = 0.02)]
    risk_free_rate: Option<f64>,
    /// How many returns make a year; 252, for trading days, when not given.
    #[schema(example = 252)]
    periods_per_year: Option<f64>,
}

impl OptimizationParams {
    /// The problem, with assets by their place.
    ///
    /// * `current`: the weights that are held now, where they are known.
    ///
    /// # Errors
    /// Points to each field that can't be taken, below the parameters.
    pub(super) fn parse(
        mut self,
        names: &Names,
        current: Option<Vec<f64>>,
        returns: Returns,
    ) -> Result<Problem, Invalid> {
        let mut validation = Validation::new();
        let periods = returns.periods();
        let expected_returns = validation
            .nest("/expected_returns", std::mem::take(&mut self.expected_returns).parse(names, periods));
        let covariance =
            validation.nest("/covariance", std::mem::take(&mut self.covariance).parse(names.len()));
        let constraints =
            validation.nest("/constraints", std::mem::take(&mut self.constraints).parse(names, current));
        let rate = within(self.risk_free_rate.unwrap_or(0.0), -1.0, 10.0);
        let risk_free_rate = validation.check("/risk_free_rate", rate);
        let year = within(self.periods_per_year.unwrap_or(252.0), 1.0, 1e6);
        let periods_per_year = validation.check("/periods_per_year", year);
        let name = self.method;
        let method = validation.nest("", self.take_method(names));
        if let (Some(method), Some(constraints)) = (&method, &constraints)
            && !method.takes_constraints()
            && *constraints != Constraints::default()
        {
            validation.reject("/constraints", format!("can't be kept by the method {name}"));
        }
        let all = (|| {
            Some(Problem {
                returns: Some(returns),
                expected_returns: expected_returns?,
                covariance: covariance?,
                method: method?,
                constraints: constraints?,
                risk_free_rate: risk_free_rate?,
                periods_per_year: periods_per_year?,
            })
        })();
        validation.finish(all)
    }
}
