use serde::{Deserialize, Serialize};

use super::{Cover, Histogram, Note, Percentile};
use crate::Format;

/// All that the report of a discounted cash flow valuation says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ValuationReport {
    /// What it is about.
    pub cover: Cover,
    /// The value of a share.
    pub value_per_share: f64,
    /// The price to compare it with; null for none.
    pub price: Option<f64>,
    /// The value of the company to all who finance it.
    pub enterprise_value: f64,
    /// What is left of it for shareholders.
    pub equity_value: f64,
    /// The weighted average cost of capital.
    pub wacc: f64,
    /// What was assumed.
    pub assumptions: Vec<Fact>,
    /// Year by year.
    pub forecast: Vec<ForecastYear>,
    /// The value after the forecast, by each method.
    pub terminal_values: Vec<TerminalValue>,
    /// From enterprise value to equity value.
    pub bridge: Vec<BridgeItem>,
    /// What the value implies.
    pub multiples: Vec<Multiple>,
    /// The value of a share by two assumptions at a time.
    pub sensitivities: Vec<Grid>,
    /// The growth that the price implies; null where it can't be told.
    pub implied_growth: Option<f64>,
    /// The value of a share in simulated trials; null for none.
    pub trials: Option<Trials>,
    /// How figures are meant.
    pub notes: Vec<Note>,
    /// What a reader must know.
    pub warnings: Vec<String>,
}

/// A named figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is.
    pub name: String,
    /// The figure.
    pub value: f64,
    /// How it is shown.
    pub format: Format,
}

/// A year of the forecast; amounts in the report's currency.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ForecastYear {
    /// From 1.
    pub year: u32,
    /// Revenue.
    pub revenue: f64,
    /// Against the year before.
    pub growth: f64,
    /// Earnings before interest and taxes.
    pub ebit: f64,
    /// Taxes on them.
    pub tax: f64,
    /// Depreciation and amortisation.
    pub depreciation: f64,
    /// Capital expenditure.
    pub capital_expenditure: f64,
    /// What working capital takes up.
    pub working_capital_change: f64,
    /// What is free for all who finance the company.
    pub free_cash_flow: f64,
    /// What one unit of the year's cash flow is worth today.
    pub discount_factor: f64,
    /// The cash flow's worth today.
    pub present_value: f64,
}

/// A value after the forecast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TerminalValue {
    /// How it is found.
    pub method: String,
    /// At the end of the forecast.
    pub value: f64,
    /// Today.
    pub present_value: f64,
    /// Today, as a share of the enterprise value with it; null where that is 0.
    pub share_of_enterprise_value: Option<f64>,
    /// With it.
    pub enterprise_value: f64,
    /// With it.
    pub value_per_share: f64,
}

/// A step from enterprise value to equity value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BridgeItem {
    /// What it is.
    pub name: String,
    /// Added; negative for what is taken off.
    pub amount: f64,
    /// Whether it is the sum of the items before it.
    pub total: bool,
}

/// A ratio that the value implies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Multiple {
    /// What it is.
    pub name: String,
    /// The ratio.
    pub value: f64,
}

/// The value of a share by two assumptions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// What varies down the rows.
    pub row_name: String,
    /// Its values.
    pub rows: Vec<f64>,
    /// How they are shown.
    pub row_format: Format,
    /// What varies along the columns.
    pub column_name: String,
    /// Its values.
    pub columns: Vec<f64>,
    /// How they are shown.
    pub column_format: Format,
    /// A row a row; null where the assumptions contradict each other.
    pub values: Vec<Vec<Option<f64>>>,
}

/// Simulated values of a share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trials {
    /// How many.
    pub count: u64,
    /// What makes the same trials again.
    pub seed: u64,
    /// Ascending.
    pub percentiles: Vec<Percentile>,
    /// Of all trials.
    pub histogram: Histogram,
    /// What the value depends on, the strongest first.
    pub drivers: Vec<Driver>,
    /// The share of trials above the price; null without one.
    pub probability_above_price: Option<f64>,
}

/// An assumption by how strongly the value follows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Driver {
    /// What it is.
    pub name: String,
    /// Spearman's rank correlation with the value.
    pub rank_correlation: f64,
}
