//! Inputs as clients send them, under each of their names.

mod check;
mod parse;
mod reading;
mod terms;
#[cfg(test)]
mod tests;

use domain::decimal::DecimalInput;
use quant::valuation::{Capital, TerminalMethod};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{AxesInput, path::Path};

/// The assumptions of a valuation.
///
/// **Units.** Rates, margins and ratios are fractions: 0.09 means 9 %, under the `snake_case` and the `camelCase` names alike.
/// Only names that end in `Pct` are in percent (`waccPct` 9 means 9 %). A figure that can't be a fraction is refused, and so is
/// one in percent that looks like a fraction: below 1 for cost of capital, tax and margin, below 0.1 for growth; a list, where
/// all of its figures that are not 0 do. Amounts
/// are decimals, as strings or numbers, in one unit throughout (for example millions); so are shares. Each assumption is given
/// under one of its names. What is within `capital` and `sensitivity` may have `camelCase` names too (`costOfDebt`).
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ValuationInputsRequest)]
pub(crate) struct InputsRequest {
    /// The company's symbol.
    #[schema(pattern = "^[A-Za-z0-9.^=_-]{1,20}$", example = "AAPL")]
    ticker: Option<String>,
    /// The currency of all amounts (ISO 4217); USD when not given.
    #[schema(pattern = "^[A-Z]{3}$", default = "USD", example = "USD")]
    currency: Option<String>,
    /// The revenue of the last full year; above 0.
    revenue: Option<DecimalInput>,
    /// The number of explicit years, 1–20, without those of `fade`; as many as `growth` has, or else 5.
    #[schema(minimum = 1, maximum = 20, example = 5)]
    years: Option<usize>,
    /// The growth of revenue, as a fraction: one for all explicit years or one a year. Or give `growth_y1`.
    growth: Option<Path>,
    /// The growth of revenue in year 1, as a fraction, from which it changes in equal steps to the terminal growth in the last
    /// explicit year. Or give `growth`.
    #[schema(example = 0.08)]
    growth_y1: Option<f64>,
    /// The same as `growth_y1`: a fraction.
    #[serde(rename = "growthY1")]
    growth_y1_camel: Option<f64>,
    /// The same as `growth_y1`, in percent.
    #[serde(rename = "growthY1Pct")]
    growth_y1_percent: Option<f64>,
    /// More explicit years, after those of `growth`.
    fade: Option<FadeRequest>,
    /// EBIT over revenue, as a fraction: one for all explicit years or one a year. Or give `ebitda_margin`.
    ebit_margin: Option<Path>,
    /// The same as `ebit_margin`: fractions.
    #[serde(rename = "ebitMargin")]
    ebit_margin_camel: Option<Path>,
    /// The same as `ebit_margin`, in percent.
    #[serde(rename = "ebitMarginPct")]
    ebit_margin_percent: Option<Path>,
    /// EBITDA over revenue, as a fraction: one for all explicit years or one a year.
    ebitda_margin: Option<Path>,
    /// The same as `ebitda_margin`: fractions.
    #[serde(rename = "ebitdaMargin")]
    ebitda_margin_camel: Option<Path>,
    /// Tax over EBIT, as a fraction: one for all explicit years or one a year.
    tax_rate: Option<Path>,
    /// The same as `tax_rate`: fractions.
    #[serde(rename = "taxRate")]
    tax_rate_camel: Option<Path>,
    /// The same as `tax_rate`, in percent.
    #[serde(rename = "taxRatePct")]
    tax_rate_percent: Option<Path>,
    /// Depreciation and amortisation over revenue, as a fraction; 0 when not given.
    depreciation: Option<Path>,
    /// Capital expenditure over revenue, as a fraction; 0 when not given.
    capital_expenditure: Option<Path>,
    /// The same as `capital_expenditure`: fractions.
    #[serde(rename = "capitalExpenditure")]
    capital_expenditure_camel: Option<Path>,
    /// Working capital bound by each unit of additional revenue, as a fraction; 0 when not given.
    working_capital: Option<Path>,
    /// The same as `working_capital`: fractions.
    #[serde(rename = "workingCapital")]
    working_capital_camel: Option<Path>,
    /// The weighted average cost of capital, as a fraction: 0.09 means 9 %. Or give `capital`.
    #[schema(example = 0.09)]
    wacc: Option<f64>,
    /// The same as `wacc`, in percent.
    #[serde(rename = "waccPct")]
    wacc_percent: Option<f64>,
    /// What the cost of capital is built from; all rates as fractions. Or give `wacc`.
    capital: Option<Capital>,
    /// The growth after the explicit years, as a fraction; below the cost of capital.
    #[schema(example = 0.025)]
    terminal_growth: Option<f64>,
    /// The same as `terminal_growth`: a fraction.
    #[serde(rename = "terminalGrowth")]
    terminal_growth_camel: Option<f64>,
    /// The same as `terminal_growth`: a fraction.
    #[serde(rename = "termGrowth")]
    term_growth: Option<f64>,
    /// The same as `terminal_growth`, in percent.
    #[serde(rename = "termGrowthPct")]
    term_growth_percent: Option<f64>,
    /// The enterprise value after the last explicit year over that year's EBITDA; without it, that method is left out.
    #[schema(example = 11.0)]
    exit_multiple: Option<f64>,
    /// The same as `exit_multiple`.
    #[serde(rename = "exitMultiple")]
    exit_multiple_camel: Option<f64>,
    /// Which terminal value the figures at the top are of; `gordon` when not given.
    terminal_method: Option<TerminalMethod>,
    /// The same as `terminal_method`.
    #[serde(rename = "terminalMethod")]
    terminal_method_camel: Option<TerminalMethod>,
    /// Whether cash flows come in the middle of their years rather than at the end; false when not given.
    mid_year: Option<bool>,
    /// The same as `mid_year`.
    #[serde(rename = "midYear")]
    mid_year_camel: Option<bool>,
    /// Debt at market value; 0 when not given.
    debt: Option<DecimalInput>,
    /// Cash; 0 when not given.
    cash: Option<DecimalInput>,
    /// Debt less cash, in place of both; negative where there is more cash.
    net_debt: Option<DecimalInput>,
    /// The same as `net_debt`.
    #[serde(rename = "netDebt")]
    net_debt_camel: Option<DecimalInput>,
    /// Minority interests at market value; 0 when not given.
    minority_interest: Option<DecimalInput>,
    /// The same as `minority_interest`.
    #[serde(rename = "minorityInterest")]
    minority_interest_camel: Option<DecimalInput>,
    /// Shares outstanding, without options; above 0.
    shares: Option<DecimalInput>,
    /// Options on new shares, at most 50 tranches; they dilute by the treasury-stock method.
    #[schema(max_items = 50)]
    options: Option<Vec<OptionsRequest>>,
    /// The market's price of a share, for the upside and for what it implies.
    price: Option<DecimalInput>,
    /// The values along the sides of the sensitivity grids.
    sensitivity: Option<AxesInput>,
}

/// Explicit years in which growth changes in equal steps.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GrowthFade)]
struct FadeRequest {
    /// How many years; with the years before at most 20.
    #[schema(minimum = 1, maximum = 20, example = 5)]
    years: usize,
    /// The growth in the first of them, as a fraction; that of the year before when not given.
    start: Option<f64>,
    /// The growth in the last of them, as a fraction; the terminal growth when not given.
    end: Option<f64>,
}

/// Options with one strike.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ValuationOptionsRequest)]
struct OptionsRequest {
    /// How many, in the unit of the shares.
    count: DecimalInput,
    /// What a share costs who exercises one.
    strike: DecimalInput,
}
