//! What a user has besides a password.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Entity, UserId};

/// A user's second factors. All that may be used once lies in this one item, which changes under a condition only.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Factors {
    /// Whose they are.
    pub user_id: UserId,
    /// The app that shows codes.
    pub totp: Option<Totp>,
    /// SHA-256 of the recovery codes that were not used yet.
    pub recovery_codes: Vec<String>,
}

/// An app that shows codes (RFC 6238).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totp {
    /// The shared secret, encrypted.
    pub sealed_secret: String,
    /// Set once the user has shown a first code; before, it proves nothing.
    pub confirmed_at: Option<Timestamp>,
    /// The time step of the last code that was taken: that one and older ones are not taken any more.
    pub last_step: Option<u64>,
}

impl Factors {
    /// Nothing yet.
    pub fn none(user_id: UserId) -> Self {
        Self { user_id, totp: None, recovery_codes: Vec::new() }
    }

    /// The app, once it was confirmed.
    pub fn confirmed_totp(&self) -> Option<&Totp> {
        self.totp.as_ref().filter(|totp| totp.confirmed_at.is_some())
    }

    /// After a code of this time step was shown; `None` when one of this step or a later one was taken before.
    #[must_use]
    pub fn take_step(self, step: u64) -> Option<Self> {
        let totp = self.totp.filter(|totp| totp.last_step.is_none_or(|last| step > last))?;
        Some(Self { totp: Some(Totp { last_step: Some(step), ..totp }), ..self })
    }

    /// After the recovery code with this hash was used; `None` when there is none.
    #[must_use]
    pub fn take_recovery_code(mut self, hash: &str) -> Option<Self> {
        let found = self.recovery_codes.iter().position(|known| known == hash)?;
        self.recovery_codes.remove(found);
        Some(self)
    }
}

impl Entity for Factors {
    const KIND: &'static str = "FACTORS";
    type Key = UserId;

    fn key(&self) -> String {
        self.user_id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_and_all_before_it_are_taken_once() {
        let user = "usr_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN".parse().unwrap();
        let totp = Totp { sealed_secret: String::new(), confirmed_at: None, last_step: None };
        let factors = Factors { totp: Some(totp), ..Factors::none(user) };
        assert!(factors.confirmed_totp().is_none());
        let used = factors.take_step(7).unwrap();
        assert!(used.clone().take_step(7).is_none() && used.clone().take_step(6).is_none());
        assert!(used.take_step(8).is_some());
    }

    #[test]
    fn a_recovery_code_is_taken_once() {
        let user = "usr_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN".parse().unwrap();
        let factors = Factors { recovery_codes: vec!["a".to_owned(), "b".to_owned()], ..Factors::none(user) };
        let used = factors.take_recovery_code("a").unwrap();
        assert_eq!(used.recovery_codes, ["b"]);
        assert!(used.take_recovery_code("a").is_none());
    }
}
