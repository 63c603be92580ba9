//! Names that people give to things.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A name for people to read: 1–200 characters after trimming, none of them a control character.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, min_length = 1, max_length = 200)]
pub struct Name(String);

impl Name {
    /// Parses a name.
    ///
    /// # Errors
    /// Says which rule is broken.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if text.is_empty() {
            Err("must not be empty")
        } else if text.chars().count() > 200 {
            Err("must have at most 200 characters")
        } else if text.chars().any(char::is_control) {
            Err("must not hold control characters")
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Name {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}
