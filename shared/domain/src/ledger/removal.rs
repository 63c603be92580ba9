//! The end of a ledger.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Entity, IndexEntry, PortfolioId};

/// A ledger whose portfolio was deleted. Its segments are more than one transaction takes, so maintenance deletes them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Removal {
    /// The portfolio that it was the ledger of.
    pub portfolio: PortfolioId,
    /// How many entries it has.
    pub entries: u32,
    /// Since when it is to go.
    pub due_at: Timestamp,
}

impl Entity for Removal {
    const KIND: &'static str = "REMOVAL";
    type Key = PortfolioId;

    fn key(&self) -> String {
        self.portfolio.to_string()
    }

    fn index_entries(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::Due(self.due_at)]
    }
}
