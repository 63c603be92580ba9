use serde::{Deserialize, Serialize};

use crate::{optimisation, performance, rebalancing};

/// A portfolio task's input, by its kind: complete, checked, and with nothing left to look up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum PortfolioInput {
    /// An optimisation.
    Optimise(Box<optimisation::Input>),
    /// A rebalancing.
    Rebalance(rebalancing::Input),
    /// A performance analysis.
    Performance(performance::Input),
}

/// Bytes that are no input of this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

impl PortfolioInput {
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
