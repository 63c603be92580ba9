//! Passwords as they come in; only their hash is ever kept.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// The fewest characters of a password.
pub const MINIMUM_CHARACTERS: usize = 12;
/// The most characters of a password: hashing takes time, so what is hashed has a bound.
pub const MAXIMUM_CHARACTERS: usize = 128;

/// A new password within its bounds: 12–128 characters of any Unicode, in NFC, no rules of composition (NIST SP 800-63B-4).
///
/// It can't be printed: `Debug` shows no part of it, and there is no `Display`.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// Parses a password that is about to be set.
    ///
    /// # Errors
    /// Says which bound is broken, and never repeats the password.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        match text.chars().count() {
            0..MINIMUM_CHARACTERS => Err("must have at least 12 characters"),
            MINIMUM_CHARACTERS..=MAXIMUM_CHARACTERS => Ok(Self(normal(text))),
            _ => Err("must have at most 128 characters"),
        }
    }

    /// How many characters it has.
    pub fn characters(&self) -> usize {
        self.0.chars().count()
    }

    /// Whether it has a lower-case and an upper-case letter, a digit, and something that is none of these.
    pub fn is_composed(&self) -> bool {
        let has = |kind: fn(char) -> bool| self.0.chars().any(kind);
        has(char::is_lowercase)
            && has(char::is_uppercase)
            && has(char::is_numeric)
            && has(|c| !c.is_alphanumeric())
    }

    /// The characters, for hashing and judging only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// The form in which passwords are hashed: NFC. Keyboards differ in how they write `é`; nothing else is changed.
pub fn normal(text: &str) -> String {
    text.nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_characters_are_taken_and_counted_as_people_count() {
        assert!(Password::parse("elevenchars").is_err());
        for good in ["ééééééééé🦀🦀🦀", "            ", "пароль на каждый день", "a\u{0}bcdefghijklm"]
        {
            assert!(Password::parse(good).is_ok(), "{good}");
        }
        assert!(Password::parse(&"x".repeat(129)).is_err());
    }

    #[test]
    fn two_ways_to_write_a_letter_are_one_password() {
        let (one, two) = ("cafe\u{301} au lait", "caf\u{e9} au lait");
        assert_eq!(Password::parse(one).unwrap().expose(), Password::parse(two).unwrap().expose());
    }

    #[test]
    fn nothing_of_it_is_printed() {
        assert_eq!(format!("{:?}", Password::parse("correct horse battery").unwrap()), "Password(…)");
    }
}
