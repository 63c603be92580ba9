//! What identifies a traded instrument.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// An instrument's symbol: 1–20 of `A–Z 0–9 . - ^ = _`, upper case. Lower case is taken and raised.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^[A-Z0-9.^=_-]{1,20}$", example = "AAPL")]
pub struct Symbol(String);

/// A text that is not a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a symbol: 1 to 20 of A-Z, 0-9 and . - ^ = _")]
pub struct InvalidSymbol;

impl FromStr for Symbol {
    type Err = InvalidSymbol;

    fn from_str(text: &str) -> Result<Self, InvalidSymbol> {
        let fits = |b: u8| b.is_ascii_alphanumeric() || b".-^=_".contains(&b);
        if (1..=20).contains(&text.len()) && text.bytes().all(fits) {
            Ok(Self(text.to_ascii_uppercase()))
        } else {
            Err(InvalidSymbol)
        }
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Symbol {
    type Error = InvalidSymbol;

    fn try_from(text: String) -> Result<Self, InvalidSymbol> {
        text.parse()
    }
}

impl From<Symbol> for String {
    fn from(symbol: Symbol) -> Self {
        symbol.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_have_no_odd_characters() {
        for symbol in ["AAPL", "brk.b", "^GSPC", "EURUSD=X", "BTC-USD"] {
            assert_eq!(symbol.parse::<Symbol>().unwrap().to_string(), symbol.to_ascii_uppercase());
        }
        for odd in ["", "A B", "A/B", "A#B", "A\0", "A%00", "A\n", "€", "../A", &"A".repeat(21)] {
            assert!(odd.parse::<Symbol>().is_err(), "{odd:?}");
        }
    }
}
