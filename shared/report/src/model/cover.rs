use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a report is about, for whom, and where it comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cover {
    /// The kind of report, such as `Portfolio report`.
    pub title: String,
    /// What it is about: a portfolio's name, a ticker.
    pub subject: String,
    /// Whose report it is: the tenant's name.
    pub organisation: String,
    /// The currency of amounts, ISO 4217.
    pub currency: String,
    /// The day that the figures are of.
    pub as_of: Date,
    /// The history behind them; null for none.
    pub period: Option<Period>,
    /// The day on which the report was asked for, in UTC.
    pub generated_on: Date,
    /// The version of the software that computed it.
    pub engine: String,
    /// Tells this report from others: the hash of its input.
    pub reference: String,
}

/// What the value that a report's amounts are of stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Quantities at the last close: all that is held.
    Market,
    /// Quantities at the last close, without the cash beside them.
    Invested,
    /// A round sum: only shares of a value are held.
    Notional,
}

/// A stretch of history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// How many returns it holds.
    pub observations: usize,
}

/// How a figure is meant and computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What it is about.
    pub topic: String,
    /// One or more sentences.
    pub text: String,
}
