//! Valuations as they are kept: runs with what was computed, and the notes of analysts.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Entity, IndexEntry, RunId, TaskId, UserId, currency::Currency, symbol::Symbol};

/// The largest note, in bytes of UTF-8.
pub const MAXIMUM_NOTE: usize = 100_000;
/// The decimals of amounts whose currency has fewer: 2.45 trillion yen are not 2.
const LEAST_DECIMALS: u32 = 2;

/// A valuation that was run: what a list shows of it. What it was computed from and all steps are in its [`RunDocument`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// The company.
    pub ticker: Symbol,
    /// The currency of its amounts.
    pub currency: Currency,
    /// The figures at the top.
    pub figures: Figures,
    /// When the client says that it was made.
    pub timestamp: Option<Timestamp>,
    /// The number of trials, if it was simulated too.
    pub trials: Option<u64>,
    /// The task that simulates it, where that was too much for the request.
    pub task: Option<TaskId>,
    /// Who ran it.
    pub created_by: UserId,
    /// When maintenance has to look whether the task has ended, to keep its outcome with the run.
    pub due_at: Option<Timestamp>,
}

impl Entity for Run {
    const KIND: &'static str = "RUN";
    type Key = RunId;

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn index_entries(&self) -> Vec<IndexEntry> {
        let of_company = IndexEntry::Group(self.ticker.to_string().into());
        std::iter::once(of_company).chain(self.due_at.map(IndexEntry::Due)).collect()
    }
}

/// What came out of a run, rounded for people: amounts to the digits of their currency, but to 2 at least, as they may be in
/// millions; the value a share to 4 decimals; halves away from zero. The figures that they are rounded from are in the run's
/// result.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ValuationFigures)]
pub struct Figures {
    /// What the business is worth, in the unit of the inputs' amounts.
    #[schema(value_type = String, example = "2588.20")]
    pub enterprise_value: Decimal,
    /// What the shareholders' part is worth, in the same unit.
    #[schema(value_type = String, example = "2238.20")]
    pub equity_value: Decimal,
    /// What a share is worth.
    #[schema(value_type = String, example = "18.6517")]
    pub value_per_share: Decimal,
}

impl Figures {
    /// Rounds figures; none that a decimal can't hold.
    pub fn rounded(
        currency: Currency,
        (enterprise_value, equity_value, value_per_share): (f64, f64, f64),
    ) -> Option<Self> {
        let decimals = currency.decimals().max(LEAST_DECIMALS);
        Some(Self {
            enterprise_value: rounded(enterprise_value, decimals)?,
            equity_value: rounded(equity_value, decimals)?,
            value_per_share: rounded(value_per_share, 4)?,
        })
    }
}

fn rounded(value: f64, decimals: u32) -> Option<Decimal> {
    let exact = Decimal::try_from(value).ok()?;
    let mut rounded =
        exact.round_dp_with_strategy(decimals, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(decimals);
    Some(rounded)
}

/// A run's inputs and result, as the JSON documents that were first answered: a run reads the same for good.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunDocument {
    /// The run.
    pub id: RunId,
    /// Inputs, settings and the valuation with all its steps.
    pub result: String,
    /// The simulation's outcome: computed with the request, or copied from the task's result when that had ended.
    pub simulation: Option<String>,
}

impl Entity for RunDocument {
    const KIND: &'static str = "RUNDOCUMENT";
    type Key = RunId;

    fn key(&self) -> String {
        self.id.to_string()
    }
}

/// The outcome of a simulation, and what makes it repeatable: the same input and engine give the same figures to the last
/// bit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Simulated<R> {
    /// The figures.
    #[serde(flatten)]
    pub figures: R,
    /// The version of the engine that computed it.
    #[schema(example = "ballast 0.1.0")]
    pub engine_version: String,
    /// SHA-256 of the complete input: assumptions, distributions and settings with the seed.
    pub input_hash: String,
}

/// What is noted about a company now: Markdown, kept as it was given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// The company.
    pub ticker: Symbol,
    /// The text.
    pub content: String,
    /// Who wrote this version.
    pub author: UserId,
    /// When it was written.
    pub written_at: Timestamp,
}

impl Note {
    /// Checks the length of a note's text.
    ///
    /// # Errors
    /// Says how long a note may be.
    pub fn check(content: &str) -> Result<(), String> {
        match content.len() {
            0..=MAXIMUM_NOTE => Ok(()),
            bytes => Err(format!("must have at most {MAXIMUM_NOTE} bytes of UTF-8, but has {bytes}")),
        }
    }
}

impl Entity for Note {
    const KIND: &'static str = "NOTE";
    type Key = Symbol;

    fn key(&self) -> String {
        self.ticker.to_string()
    }
}

/// One version of a note, which nothing overwrites.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NoteVersion {
    /// The note as it was.
    #[serde(flatten)]
    pub note: Note,
    /// Which version, from 1.
    pub version: u64,
}

impl NoteVersion {
    /// The key of a version of a ticker's note.
    pub fn key_of(ticker: &Symbol, version: u64) -> String {
        format!("{ticker}#{version:010}")
    }
}

impl Entity for NoteVersion {
    const KIND: &'static str = "NOTEVERSION";
    type Key = str;

    fn key(&self) -> String {
        Self::key_of(&self.note.ticker, self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_rounded_to_their_currency() {
        let figures = |code, values| Figures::rounded(Currency::parse(code).unwrap(), values);
        let usd = figures("USD", (2_588.202_265_640_535, 2_238.205, -18.651_65)).unwrap();
        assert_eq!(usd.enterprise_value.to_string(), "2588.20");
        assert_eq!(
            (usd.equity_value.to_string(), usd.value_per_share.to_string()),
            ("2238.21".into(), "-18.6517".into())
        );
        let trillions_of_yen = figures("JPY", (2.445, 2.4, 1e-9)).unwrap();
        assert_eq!(
            [
                trillions_of_yen.enterprise_value,
                trillions_of_yen.equity_value,
                trillions_of_yen.value_per_share
            ]
            .map(|figure| figure.to_string()),
            ["2.45", "2.40", "0.0000"]
        );
        let dinars = figures("KWD", (2.0005, 0.0, 0.0)).unwrap();
        assert_eq!(dinars.enterprise_value.to_string(), "2.001");
        assert_eq!(figures("USD", (1e30, 0.0, 0.0)), None);
    }

    #[test]
    fn a_note_has_a_limit_in_bytes() {
        assert!(Note::check("").is_ok() && Note::check(&"x".repeat(MAXIMUM_NOTE)).is_ok());
        assert!(Note::check(&"ü".repeat(MAXIMUM_NOTE / 2 + 1)).is_err());
    }
}
