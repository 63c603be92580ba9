use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::check::{Fault, Faults};
use crate::QuantError;

/// What a cost of capital is built from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Capital {
    /// The yield of what has no risk, as a fraction.
    #[serde(alias = "riskFreeRate")]
    #[schema(example = 0.035)]
    pub risk_free_rate: f64,
    /// The beta of the levered equity to the market.
    #[schema(example = 1.15)]
    pub beta: f64,
    /// What the market yields above the risk-free rate, as a fraction.
    #[serde(alias = "equityRiskPremium")]
    #[schema(example = 0.05)]
    pub equity_risk_premium: f64,
    /// What new debt costs before tax, as a fraction.
    #[serde(alias = "costOfDebt")]
    #[schema(example = 0.055)]
    pub cost_of_debt: f64,
    /// Tax over income, as a fraction.
    #[serde(alias = "taxRate")]
    #[schema(example = 0.25)]
    pub tax_rate: f64,
    /// Debt over debt and equity, both at market value, as it is now: a fraction.
    #[serde(alias = "debtWeight")]
    #[schema(example = 0.2)]
    pub debt_weight: f64,
    /// The debt weight that the company is heading for; beta is levered anew for it.
    #[serde(alias = "targetDebtWeight")]
    #[schema(example = 0.3)]
    pub target_debt_weight: Option<f64>,
}

/// A cost of capital, step by step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CostOfCapital {
    /// `risk-free rate + beta × premium`, with the present beta.
    pub cost_of_equity: f64,
    /// The cost of debt after tax.
    pub cost_of_debt_after_tax: f64,
    /// The weighted average at the present debt weight.
    pub wacc: f64,
    /// The beta of the business without debt: `beta / (1 + (1 - tax) D/E)` (Hamada 1972).
    pub unlevered_beta: f64,
    /// The beta at the target debt weight; null without one.
    pub relevered_beta: Option<f64>,
    /// The cost of equity at the target debt weight; null without one.
    pub cost_of_equity_at_target: Option<f64>,
    /// The weighted average at the target debt weight; null without one.
    pub wacc_at_target: Option<f64>,
}

impl CostOfCapital {
    /// What cash flows are discounted with: the cost at the target weight where there is one.
    pub fn discount_rate(&self) -> f64 {
        self.wacc_at_target.unwrap_or(self.wacc)
    }
}

impl Capital {
    /// The same with each figure changed.
    #[must_use]
    pub fn map(self, change: impl Fn(f64) -> f64) -> Self {
        Self {
            risk_free_rate: change(self.risk_free_rate),
            beta: change(self.beta),
            equity_risk_premium: change(self.equity_risk_premium),
            cost_of_debt: change(self.cost_of_debt),
            tax_rate: change(self.tax_rate),
            debt_weight: change(self.debt_weight),
            target_debt_weight: self.target_debt_weight.map(change),
        }
    }

    /// Everything that is out of its range.
    pub fn faults(&self) -> Vec<Fault> {
        const RATE: &str = "a fraction from 0 to 0.5 (0.035 means 3.5 %)";
        const SHARE: &str = "a fraction from 0 to 1 (0.25 means 25 %)";
        const WEIGHT: &str = "a fraction from 0 to below 1 (0.3 means 30 %)";
        let mut faults = Faults::default();
        let rate = -0.05..=0.5;
        let signed = "a fraction from -0.05 to 0.5 (0.035 means 3.5 %)";
        faults.require(
            rate.contains(&self.risk_free_rate),
            "risk_free_rate",
            None,
            (signed, self.risk_free_rate),
        );
        faults.require((-5.0..=5.0).contains(&self.beta), "beta", None, ("from -5 to 5", self.beta));
        for (name, value, high, range) in [
            ("equity_risk_premium", self.equity_risk_premium, 0.5, RATE),
            ("cost_of_debt", self.cost_of_debt, 0.5, RATE),
            ("tax_rate", self.tax_rate, 1.0, SHARE),
        ] {
            faults.require((0.0..=high).contains(&value), name, None, (range, value));
        }
        let weights =
            [("debt_weight", Some(self.debt_weight)), ("target_debt_weight", self.target_debt_weight)];
        for (name, weight) in weights {
            if let Some(weight) = weight {
                faults.require((0.0..1.0).contains(&weight), name, None, (WEIGHT, weight));
            }
        }
        faults.0
    }
}

/// The weighted average cost of capital: equity by the capital asset pricing model (Sharpe 1964), debt after tax.
///
/// # Errors
/// `OutOfRange`.
pub fn cost_of_capital(capital: &Capital) -> Result<CostOfCapital, QuantError> {
    if let Some(fault) = capital.faults().into_iter().next() {
        return Err(fault.error);
    }
    let shield = 1.0 - capital.tax_rate;
    let debt_to_equity = |weight: f64| weight / (1.0 - weight);
    let cost_of_equity = |beta: f64| capital.risk_free_rate + beta * capital.equity_risk_premium;
    let after_tax = capital.cost_of_debt * shield;
    let wacc = |beta: f64, weight: f64| (1.0 - weight) * cost_of_equity(beta) + weight * after_tax;
    let unlevered_beta = capital.beta / (1.0 + shield * debt_to_equity(capital.debt_weight));
    let relever = |weight: f64| unlevered_beta * (1.0 + shield * debt_to_equity(weight));
    let target = capital.target_debt_weight.map(|weight| (weight, relever(weight)));
    Ok(CostOfCapital {
        cost_of_equity: cost_of_equity(capital.beta),
        cost_of_debt_after_tax: after_tax,
        wacc: wacc(capital.beta, capital.debt_weight),
        unlevered_beta,
        relevered_beta: target.map(|(_, beta)| beta),
        cost_of_equity_at_target: target.map(|(_, beta)| cost_of_equity(beta)),
        wacc_at_target: target.map(|(weight, beta)| wacc(beta, weight)),
    })
}
