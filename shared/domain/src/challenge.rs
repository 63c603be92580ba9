//! Proofs that somebody was asked for: a code or a link that was mailed, a second factor after a password.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ChallengeId, Entity, TenantId, UserId, account::Assurance, email::Address};

/// What the proof is good for, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Purpose {
    /// Logs in: a code by mail.
    Login {
        /// Who has no account yet, and joins the tenant that has the address's domain.
        joins: Option<Address>,
        /// The address that the code went to, as the key of its account: after a change of address nobody gets in by what
        /// lies in the old mailbox.
        #[serde(default)]
        mailbox: String,
    },
    /// Logs in who has given the first factor already.
    SecondFactor {
        /// The user's `session_epoch` at the first factor: a password that was changed since is no first factor.
        epoch: u32,
    },
    /// Proves the mailbox of a user who is logged in.
    VerifyMailbox {
        /// The address that was proven; the user may have changed it since.
        email: String,
    },
    /// Puts another address in the place of the user's.
    ChangeEmail {
        /// The new address.
        address: Address,
    },
    /// Sets a new password.
    ResetPassword {
        /// The address that the code went to, as the key of its account.
        #[serde(default)]
        mailbox: String,
    },
    /// Takes up an invitation.
    Invitation,
}

/// A proof that was asked for, and not given yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Challenge {
    /// Its id, which the one who asked has.
    pub id: ChallengeId,
    /// What it is good for.
    pub purpose: Purpose,
    /// Whose it is; nobody's where an address has no account.
    pub subject: Option<Subject>,
    /// Whether its answers are not held up by the failures of others at the same address: who asked is logged in, or at an
    /// address from which the owner has logged in of late, or what answers it can't be guessed.
    #[serde(default)]
    pub trusted: bool,
    /// Keyed hash of the code or the secret; empty where the proof is of another kind.
    pub secret_hash: String,
    /// How many wrong answers it takes yet.
    pub tries_left: u32,
    /// Set when it was used: it is good for one use.
    pub used_at: Option<Timestamp>,
    /// When it is of no use any more.
    pub expires_at: Timestamp,
}

/// A user and its tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The tenant.
    pub tenant: TenantId,
    /// The user.
    pub user: UserId,
}

/// How an answer was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It is the proof.
    Right,
    /// It is not; there may be more tries.
    Wrong,
    /// It does not matter: the challenge was used, has too many wrong answers, or is too old.
    Over,
}

impl Challenge {
    /// How many wrong answers a code takes.
    pub const TRIES: u32 = 5;

    /// Whether it may be answered.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.used_at.is_none() && self.tries_left > 0 && now < self.expires_at
    }

    /// The challenge after an answer, and how the answer was. Each answer counts, so that the one who writes the result
    /// back under a condition on the version is the only one who gave it.
    #[must_use]
    pub fn answer(self, right: bool, now: Timestamp) -> (Self, Answer) {
        if !self.is_open(now) {
            return (self, Answer::Over);
        }
        if right {
            (Self { used_at: Some(now), ..self }, Answer::Right)
        } else {
            (Self { tries_left: self.tries_left - 1, ..self }, Answer::Wrong)
        }
    }

    /// What assurance the user has once this was answered together with what came before.
    pub fn assurance(&self) -> Assurance {
        match self.purpose {
            Purpose::SecondFactor { .. } => Assurance::Aal2,
            _ => Assurance::Aal1,
        }
    }
}

impl Entity for Challenge {
    const KIND: &'static str = "CHALLENGE";
    type Key = ChallengeId;

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    fn challenge() -> Challenge {
        Challenge {
            id: "chl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN".parse().unwrap(),
            purpose: Purpose::Login { joins: None, mailbox: String::new() },
            subject: None,
            trusted: false,
            secret_hash: String::new(),
            tries_left: Challenge::TRIES,
            used_at: None,
            expires_at: Timestamp::UNIX_EPOCH + 10.minutes(),
        }
    }

    #[test]
    fn a_challenge_takes_five_wrong_answers_and_one_right_one() {
        let now = Timestamp::UNIX_EPOCH;
        let (used, answer) = challenge().answer(true, now);
        assert_eq!(answer, Answer::Right);
        assert_eq!(used.answer(true, now).1, Answer::Over);
        let mut tried = challenge();
        for _ in 0..5 {
            let (next, answer) = tried.answer(false, now);
            assert_eq!(answer, Answer::Wrong);
            tried = next;
        }
        assert_eq!(tried.answer(true, now).1, Answer::Over);
        assert_eq!(challenge().answer(true, now + 10.minutes()).1, Answer::Over);
    }
}
