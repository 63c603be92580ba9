//! Reports.

use domain::{RunId, currency::Currency, risk::StressReplay, symbol::Symbol};
use jiff::civil::Date;
use quant::{
    Returns, Weights,
    valuation::{CostOfCapital, Dcf, Outcome},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The format of a report's file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportFormat {
    /// PDF/A-2a, A4.
    #[default]
    Pdf,
    /// A workbook with live formulas and charts.
    Xlsx,
    /// The figures.
    Json,
    /// All tables, one below the other.
    Csv,
}

/// The input of a report: complete, checked, and with nothing left to look up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// The file that is wanted.
    pub format: ReportFormat,
    /// Whose report it is.
    pub organisation: String,
    /// The day on which it was asked for. Of the time no more is told, so that the same report of a day is made once.
    pub asked_on: Date,
    /// What it is about.
    pub content: Content,
}

/// What a report is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Content {
    /// A portfolio, with its history.
    Portfolio(Subject),
    /// A portfolio's risk.
    Risk(Subject),
    /// A valuation.
    Valuation(Box<Valuation>),
}

/// A run of a valuation, as it was computed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Valuation {
    /// The run.
    pub run: RunId,
    /// The day on which it was run, in UTC.
    pub run_on: Date,
    /// What it computed.
    pub result: RunResult,
    /// Its simulation.
    pub simulation: Trials,
}

/// What a run has kept of its inputs and its valuation; the JSON document of a run reads as this.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunResult {
    /// What was assumed.
    pub inputs: Assumed,
    /// The steps of the cost of capital; none where it was given.
    pub cost_of_capital: Option<CostOfCapital>,
    /// The valuation with all its steps.
    pub valuation: Dcf,
    /// The version of the engine that computed it.
    pub engine_version: String,
}

/// What a valuation assumes and its steps don't tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assumed {
    /// The company.
    pub ticker: Symbol,
    /// Of all amounts.
    pub currency: Currency,
    /// The revenue of the last full year.
    pub revenue: Decimal,
    /// EBIT over revenue in each explicit year; or `ebitda_margin`.
    pub ebit_margin: Option<Vec<f64>>,
    /// EBITDA over revenue in each explicit year; or `ebit_margin`.
    pub ebitda_margin: Option<Vec<f64>>,
    /// Tax over EBIT in each explicit year.
    pub tax_rate: Vec<f64>,
    /// Depreciation and amortisation over revenue in each explicit year.
    pub depreciation: Vec<f64>,
    /// Capital expenditure over revenue in each explicit year.
    pub capital_expenditure: Vec<f64>,
    /// Working capital over additional revenue in each explicit year.
    pub working_capital: Vec<f64>,
    /// Whether cash flows come in the middle of their years.
    pub mid_year: bool,
    /// The market's price of a share.
    pub price: Option<Decimal>,
}

/// How far a run is simulated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Trials {
    /// It was not asked for.
    None,
    /// There is no outcome: its task has not ended, has failed, or was forgotten.
    Missing,
    /// It was.
    Some(Box<Outcome>),
}

/// A portfolio with all that its figures come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    /// Its name.
    pub name: String,
    /// Of its amounts.
    pub currency: Currency,
    /// What its holdings are worth; a portfolio that is held by weight has a notional.
    pub value: Decimal,
    /// What it has beside its holdings; none where that is not known.
    pub cash: Option<Decimal>,
    /// One holding an asset.
    pub holdings: Vec<Holding>,
    /// Simple returns: rows are days, columns are assets.
    pub returns: Returns,
    /// Today's.
    pub weights: Weights,
    /// Of the start, then of each return.
    pub days: Vec<Date>,
    /// The last day that was asked for; none for the newest.
    pub until: Option<Date>,
    /// What it is compared with.
    pub benchmark: Option<Benchmark>,
    /// Past crises that all prices cover.
    pub replays: Vec<StressReplay>,
    /// What is taken as given.
    pub settings: Settings,
}

/// An instrument that is held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Holding {
    /// Its symbol.
    pub symbol: String,
    /// How many; none for one that is held by weight.
    pub quantity: Option<Decimal>,
    /// The last close.
    pub price: Decimal,
}

/// What a portfolio is compared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Benchmark {
    /// The symbol of its prices.
    pub name: String,
    /// Its simple returns of the same days.
    pub returns: Vec<f64>,
}

/// What a report takes as given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The annual rate without risk, as a fraction.
    pub risk_free_rate: f64,
    /// Where value at risk is told, each in (0, 1).
    pub confidence_levels: Vec<f64>,
    /// How many futures are simulated.
    pub num_simulations: u64,
    /// How far, in trading days.
    pub time_horizon: u32,
    /// What the futures follow from.
    pub seed: u64,
}
