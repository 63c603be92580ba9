//! What a valuation is made from, as it is kept and answered; [`request`] is what clients send.

mod distribution;
mod path;
mod request;
mod settings;
mod written;

use domain::{Invalid, currency::Currency, symbol::Symbol, valuation::Figures};
use quant::valuation::{
    Assumptions, Axes, Capital, Claims, CostOfCapital, Dcf, MarginBasis, OptionTranche, TerminalMethod,
    YearAssumptions, cost_of_capital, value,
};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) use request::InputsRequest;
pub(crate) use settings::{Settings, SettingsRequest};

/// The inputs as they were understood: names and units are those of this API, every path is written out year by year. They
/// can be sent again as they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ValuationInputs)]
pub(crate) struct Inputs {
    /// The company.
    pub(crate) ticker: Symbol,
    /// The currency of all amounts.
    pub(crate) currency: Currency,
    /// The revenue of the last full year.
    #[schema(value_type = String, example = "1000")]
    revenue: Decimal,
    /// The growth of revenue in each explicit year.
    #[schema(example = json!([0.12, 0.1, 0.09, 0.08, 0.06]))]
    growth: Vec<f64>,
    /// EBIT over revenue in each explicit year; or `ebitda_margin`.
    #[serde(skip_serializing_if = "Option::is_none")]
    ebit_margin: Option<Vec<f64>>,
    /// EBITDA over revenue in each explicit year; or `ebit_margin`.
    #[serde(skip_serializing_if = "Option::is_none")]
    ebitda_margin: Option<Vec<f64>>,
    /// Tax over EBIT in each explicit year.
    tax_rate: Vec<f64>,
    /// Depreciation and amortisation over revenue in each explicit year.
    depreciation: Vec<f64>,
    /// Capital expenditure over revenue in each explicit year.
    capital_expenditure: Vec<f64>,
    /// Working capital over additional revenue in each explicit year.
    working_capital: Vec<f64>,
    /// The weighted average cost of capital; or `capital`, which it is built from.
    #[serde(skip_serializing_if = "Option::is_none")]
    wacc: Option<f64>,
    /// What the cost of capital is built from; or `wacc`.
    #[serde(skip_serializing_if = "Option::is_none")]
    capital: Option<Capital>,
    /// The growth after the explicit years.
    terminal_growth: f64,
    /// The exit multiple of EBITDA.
    #[serde(skip_serializing_if = "Option::is_none")]
    exit_multiple: Option<f64>,
    /// Which terminal value the figures at the top are of.
    terminal_method: TerminalMethod,
    /// Whether cash flows come in the middle of their years.
    mid_year: bool,
    /// Debt at market value.
    #[schema(value_type = String)]
    debt: Decimal,
    /// Cash.
    #[schema(value_type = String)]
    cash: Decimal,
    /// Minority interests at market value.
    #[schema(value_type = String)]
    minority_interest: Decimal,
    /// Shares outstanding.
    #[schema(value_type = String)]
    shares: Decimal,
    /// Options on new shares.
    options: Vec<Options>,
    /// The market's price of a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    price: Option<Decimal>,
    /// The values along the sides of the grids, where they are not those around the inputs.
    #[serde(skip_serializing_if = "Option::is_none")]
    sensitivity: Option<AxesInput>,
}

/// Options with one strike.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ValuationOptions)]
pub(crate) struct Options {
    /// How many, in the unit of the shares.
    #[schema(value_type = String, example = "5")]
    count: Decimal,
    /// What a share costs who exercises one.
    #[schema(value_type = String, example = "12.00")]
    strike: Decimal,
}

/// The values along the sides of the sensitivity grids, 1 to 21 each; what is not given is around the inputs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SensitivityAxes)]
pub(crate) struct AxesInput {
    /// Costs of capital, as fractions.
    #[schema(example = json!([0.08, 0.085, 0.09, 0.095, 0.1]))]
    wacc: Option<Vec<f64>>,
    /// Growth rates after the explicit years, as fractions.
    #[serde(alias = "terminalGrowth")]
    #[schema(example = json!([0.015, 0.02, 0.025, 0.03, 0.035]))]
    terminal_growth: Option<Vec<f64>>,
    /// Exit multiples above 0; only with an `exit_multiple`.
    #[serde(alias = "exitMultiple")]
    #[schema(example = json!([9, 10, 11, 12, 13]))]
    exit_multiple: Option<Vec<f64>>,
}

impl AxesInput {
    fn map(self, change: impl Fn(f64) -> f64) -> Self {
        let axis = |values: Option<Vec<f64>>| values.map(|axis| axis.into_iter().map(&change).collect());
        Self {
            wacc: axis(self.wacc),
            terminal_growth: axis(self.terminal_growth),
            exit_multiple: axis(self.exit_multiple),
        }
    }
}

impl Inputs {
    /// The numbers that are computed with, and the cost of capital's steps where it is built.
    pub(crate) fn assumptions(&self) -> Result<(Assumptions, Option<CostOfCapital>), Invalid> {
        let built = self.capital.as_ref().map(cost_of_capital).transpose();
        let built = built.map_err(|error| Invalid::field("/capital", error))?;
        let (basis, margins) = match (&self.ebit_margin, &self.ebitda_margin) {
            (None, Some(margins)) => (MarginBasis::Ebitda, margins.as_slice()),
            (margins, _) => (MarginBasis::Ebit, margins.as_deref().unwrap_or_default()),
        };
        let at = |path: &[f64], year: usize| path.get(year).copied().unwrap_or(f64::NAN);
        let year = |(index, &growth): (usize, &f64)| YearAssumptions {
            growth,
            margin: at(margins, index),
            tax_rate: at(&self.tax_rate, index),
            depreciation: at(&self.depreciation, index),
            capital_expenditure: at(&self.capital_expenditure, index),
            working_capital: at(&self.working_capital, index),
        };
        let options = self
            .options
            .iter()
            .map(|option| OptionTranche { count: number(option.count), strike: number(option.strike) });
        let assumptions = Assumptions {
            revenue: number(self.revenue),
            margin_basis: basis,
            years: self.growth.iter().enumerate().map(year).collect(),
            wacc: built.as_ref().map(CostOfCapital::discount_rate).or(self.wacc).unwrap_or(f64::NAN),
            terminal_growth: self.terminal_growth,
            exit_multiple: self.exit_multiple,
            terminal_method: self.terminal_method,
            mid_year: self.mid_year,
            claims: Claims {
                debt: number(self.debt),
                cash: number(self.cash),
                minority_interest: number(self.minority_interest),
                shares: number(self.shares),
                options: options.collect(),
            },
            price: self.price.map(number),
        };
        Ok((assumptions, built))
    }

    /// The valuation, and its figures at the top, rounded.
    ///
    /// # Errors
    /// Where the numbers don't allow one, although each is within its range, or give more than any amount of money.
    pub(crate) fn value(&self) -> Result<(Dcf, Figures), Invalid> {
        let whole = |detail: String| Invalid::field("", detail);
        let (assumptions, _) = self.assumptions()?;
        let dcf = value(&assumptions, &self.axes(&assumptions)).map_err(|error| whole(error.to_string()))?;
        let figures = (dcf.enterprise_value, dcf.equity_value, dcf.value_per_share);
        let figures = Figures::rounded(self.currency, figures)
            .ok_or_else(|| whole("give a value that is beyond any amount of money".to_owned()))?;
        Ok((dcf, figures))
    }

    /// The grids' sides.
    fn axes(&self, assumptions: &Assumptions) -> Axes {
        let around = Axes::around(assumptions);
        let chosen = self.sensitivity.clone().unwrap_or_default();
        Axes {
            wacc: chosen.wacc.unwrap_or(around.wacc),
            terminal_growth: chosen.terminal_growth.unwrap_or(around.terminal_growth),
            exit_multiple: chosen.exit_multiple.unwrap_or(around.exit_multiple),
        }
    }
}

fn number(amount: Decimal) -> f64 {
    amount.to_f64().unwrap_or(f64::NAN)
}
