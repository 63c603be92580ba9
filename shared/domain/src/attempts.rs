//! Failures to get in, and how long the next attempt has to wait.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Entity;

/// How many failures are free, and how the delay grows after them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// So many failures cost nothing.
    pub free: u32,
    /// The first delay; each further failure doubles it.
    pub first: SignedDuration,
    /// The longest delay.
    pub longest: SignedDuration,
    /// After so long without a failure all is forgotten.
    pub memory: SignedDuration,
}

impl Patience {
    const DAY: SignedDuration = SignedDuration::from_hours(24);
    const QUARTER: SignedDuration = SignedDuration::from_mins(15);

    /// With one address that tries one account.
    pub const PAIR: Self =
        Self { free: 5, first: SignedDuration::from_secs(1), longest: Self::QUARTER, memory: Self::DAY };
    /// With all strangers' addresses together that try one account.
    pub const ACCOUNT: Self =
        Self { free: 20, first: SignedDuration::from_secs(30), longest: Self::QUARTER, memory: Self::DAY };
    /// With codes of an app for one account: who gets this far has given the first factor already.
    pub const CODE: Self = Self { free: 5, first: Self::QUARTER, longest: Self::DAY, memory: Self::DAY };
    /// With mails to one account that one asks for.
    pub const MAIL: Self = Self {
        free: 5,
        first: SignedDuration::from_mins(1),
        longest: Self::QUARTER,
        memory: SignedDuration::from_hours(1),
    };
    /// With mails to one account that all strangers together ask for.
    pub const MAILS: Self = Self { free: 20, ..Self::MAIL };
    /// With mails to accounts of others that one address asks for: a company may sit behind it.
    pub const MAILS_OF_ADDRESS: Self = Self { free: 100, ..Self::MAIL };
    /// With mails to addresses of its choice that a user asks for who has proven none: three a day.
    pub const UNPROVEN: Self = Self { free: 2, first: Self::DAY, longest: Self::DAY, memory: Self::DAY };

    /// With one address that tries many accounts.
    pub const fn address(free: u32) -> Self {
        Self { free, first: SignedDuration::from_secs(10), longest: Self::QUARTER, memory: Self::QUARTER }
    }

    fn delay(self, failures: u32) -> SignedDuration {
        match failures.checked_sub(self.free + 1) {
            None => SignedDuration::ZERO,
            Some(over) => self.first.saturating_mul(1 << over.min(20)).min(self.longest),
        }
    }
}

/// The failures of one who tries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts {
    /// Who tries what, hashed.
    pub key: String,
    /// How often in a row it failed.
    pub failures: u32,
    /// When it last failed.
    pub failed_at: Option<Timestamp>,
    /// Until when every attempt fails.
    pub locked_until: Option<Timestamp>,
    /// Until when this address counts as the owner's, as a login from it has succeeded.
    pub trusted_until: Option<Timestamp>,
    /// When all this may be forgotten.
    pub expires_at: Timestamp,
}

impl Attempts {
    /// For how long a login makes its address one of the owner's.
    const TRUST: SignedDuration = SignedDuration::from_hours(24 * 30);

    /// Somebody who has not failed yet.
    pub fn none(key: String, now: Timestamp) -> Self {
        Self { key, failures: 0, failed_at: None, locked_until: None, trusted_until: None, expires_at: now }
    }

    /// Whether an attempt at `now` fails whatever it holds.
    pub fn is_locked(&self, now: Timestamp) -> bool {
        self.locked_until.is_some_and(|until| now < until)
    }

    /// Whether the owner has logged in from here not long ago.
    pub fn is_trusted(&self, now: Timestamp) -> bool {
        self.trusted_until.is_some_and(|until| now < until)
    }

    /// After one more failure. One while it is locked prolongs nothing: it was no attempt.
    #[must_use]
    pub fn fail(self, patience: Patience, now: Timestamp) -> Self {
        if self.is_locked(now) {
            return self;
        }
        let remembered = self.failed_at.is_some_and(|at| now < at + patience.memory);
        let failures = if remembered { self.failures.saturating_add(1) } else { 1 };
        let delay = patience.delay(failures);
        let memory = now + patience.memory;
        Self {
            failures,
            failed_at: Some(now),
            locked_until: (!delay.is_zero()).then(|| now + delay),
            expires_at: self.trusted_until.map_or(memory, |trusted| trusted.max(memory)),
            ..self
        }
    }

    /// After a success.
    #[must_use]
    pub fn succeed(self, now: Timestamp) -> Self {
        let trusted_until = now + Self::TRUST;
        Self { trusted_until: Some(trusted_until), expires_at: trusted_until, ..Self::none(self.key, now) }
    }
}

impl Entity for Attempts {
    const KIND: &'static str = "ATTEMPTS";
    type Key = str;

    fn key(&self) -> String {
        self.key.clone()
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    #[test]
    fn delays_grow_to_their_bound() {
        let delay = |failures| Patience::PAIR.delay(failures).as_secs();
        assert_eq!([0, 5, 6, 7, 8, 15, 16, 4000].map(delay), [0, 0, 1, 2, 4, 512, 900, 900]);
        assert_eq!(Patience::CODE.delay(6), SignedDuration::from_mins(15));
        assert_eq!(Patience::UNPROVEN.delay(3), SignedDuration::from_hours(24));
    }

    #[test]
    fn what_is_locked_is_not_locked_for_longer_by_trying() {
        let start = Timestamp::UNIX_EPOCH;
        let mut attempts = Attempts::none("x".to_owned(), start);
        for _ in 0..6 {
            attempts = attempts.fail(Patience::PAIR, start);
        }
        assert!(attempts.is_locked(start));
        assert_eq!(attempts.clone().fail(Patience::PAIR, start), attempts);
        assert!(!attempts.is_locked(start + 1.second()));
        assert_eq!(attempts.fail(Patience::PAIR, start + 25.hours()).failures, 1, "forgotten");
    }

    #[test]
    fn a_success_forgets_failures_and_trusts_the_address() {
        let start = Timestamp::UNIX_EPOCH;
        let attempts = Attempts::none("x".to_owned(), start).fail(Patience::PAIR, start).succeed(start);
        assert_eq!(attempts.failures, 0);
        assert!(attempts.is_trusted(start + 700.hours()) && !attempts.is_trusted(start + 721.hours()));
    }
}
