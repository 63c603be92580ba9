//! Reports.

use domain::{currency::Currency, risk::StressReplay};
use jiff::civil::Date;
use quant::{Returns, Weights};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Unreadable;

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
}

/// A portfolio with all that its figures come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    /// Its name.
    pub name: String,
    /// Of its amounts.
    pub currency: Currency,
    /// What it is worth; a portfolio that is held by weight has a notional.
    pub value: Decimal,
    /// One holding an asset.
    pub holdings: Vec<Holding>,
    /// Simple returns: rows are days, columns are assets.
    pub returns: Returns,
    /// Today's.
    pub weights: Weights,
    /// Of the start, then of each return.
    pub days: Vec<Date>,
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

impl Input {
    /// The bytes (CBOR, RFC 8949) that are kept for the workers; equal inputs have equal bytes, so their hash names the
    /// input.
    ///
    /// # Errors
    /// When there is no memory for them.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ciborium::ser::Error<std::io::Error>> {
        let mut bytes = Vec::new();
        ciborium::into_writer(self, &mut bytes)?;
        Ok(bytes)
    }

    /// The input that was kept.
    ///
    /// # Errors
    /// When the bytes are no input of this version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        ciborium::from_reader(bytes).map_err(|_| Unreadable)
    }
}
