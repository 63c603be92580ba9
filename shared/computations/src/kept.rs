//! How inputs are kept for the workers.

use serde::{Serialize, de::DeserializeOwned};

use crate::{PortfolioInput, frontier, report};

/// An input that is kept for the workers as bytes (CBOR, RFC 8949); equal inputs have equal bytes, so their hash names the
/// input.
pub trait Kept: Serialize + DeserializeOwned {
    /// Its bytes.
    ///
    /// # Errors
    /// When there is no memory for them.
    fn to_bytes(&self) -> Result<Vec<u8>, ciborium::ser::Error<std::io::Error>> {
        let mut bytes = Vec::new();
        ciborium::into_writer(self, &mut bytes)?;
        Ok(bytes)
    }

    /// The input that was kept.
    ///
    /// # Errors
    /// When the bytes are no input of this version.
    fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        ciborium::from_reader(bytes).map_err(|_| Unreadable)
    }
}

/// Bytes that are no input of this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

impl Kept for PortfolioInput {}
impl Kept for frontier::Input {}
impl Kept for report::Input {}
