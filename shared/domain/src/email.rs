//! E-mail addresses.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An e-mail address in its normal form: trimmed, lower case.
///
/// The check is that of a door, not of RFC 5322: one `@`, a dotted domain, no white space, at most 254 bytes. Whether the
/// mailbox exists only a mail can tell.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, format = Email, example = "user@example.com")]
pub struct Email(String);

impl Email {
    /// Parses an address and brings it into its normal form.
    ///
    /// # Errors
    /// Says what an address looks like.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const WRONG: &str = "must be an e-mail address";
        let text = text.trim().to_lowercase();
        let (local, host) = text.split_once('@').ok_or(WRONG)?;
        let labels_fit = host.contains('.')
            && host
                .split('.')
                .all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'));
        let local_fits =
            (1..=64).contains(&local.len()) && !local.chars().any(|c| c.is_whitespace() || c.is_control());
        if text.len() <= 254 && local_fits && labels_fit { Ok(Self(text)) } else { Err(WRONG) }
    }

    /// The address in its normal form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Email {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_normal_form() {
        assert_eq!(Email::parse(" User@Example.COM "), Email::parse("user@example.com"));
        for wrong in [
            "",
            "user",
            "user@",
            "@example.com",
            "user@example",
            "a b@example.com",
            "a@b@example.com",
            "a@.com",
        ] {
            assert!(Email::parse(wrong).is_err(), "{wrong}");
        }
    }
}
