//! Passwords as they come in; only their hash is ever kept.

use std::fmt;

/// The fewest characters of a password.
pub const MINIMUM_CHARACTERS: usize = 12;
/// The most characters of a password: hashing takes time, so what is hashed has a bound.
pub const MAXIMUM_CHARACTERS: usize = 128;

/// A new password that keeps the policy: 12–128 characters of any Unicode, no rules of composition (NIST SP 800-63B-4).
///
/// It can't be printed: `Debug` shows no part of it, and there is no `Display`.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// Parses a password that is about to be set.
    ///
    /// # Errors
    /// Says which bound is broken, and never repeats the password.
    pub fn parse(text: String) -> Result<Self, &'static str> {
        match text.chars().count() {
            0..MINIMUM_CHARACTERS => Err("must have at least 12 characters"),
            MINIMUM_CHARACTERS..=MAXIMUM_CHARACTERS => Ok(Self(text)),
            _ => Err("must have at most 128 characters"),
        }
    }

    /// The characters, for hashing only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}
