//! Mails on their way out.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Entity, IndexEntry, MailId};

/// For how long a mail is tried; what it says is good for less.
pub const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// When a mail that nobody has sent is taken up again, at the earliest.
pub const RETRY: SignedDuration = SignedDuration::from_secs(90);
/// How often a mail may be refused before nobody takes it up any more: as often as its queue delivers a message.
pub const MAXIMUM_REFUSALS: u32 = 5;
/// When a mail that was refused is taken up again. Until then its message comes back by itself, or is a dead letter.
const AFTER_REFUSAL: SignedDuration = SignedDuration::from_hours(1);

/// A mail to be sent. It is written together with what it tells of, and forgotten once it is sent: so it is neither lost
/// nor sent for something that did not happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Its id.
    pub id: MailId,
    /// Who gets it; `None` for nobody: where an address has no account, as much is written as where it has one.
    pub to: Option<String>,
    /// Its subject.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// When to look whether it was sent.
    pub due: Timestamp,
    /// When it is of no use any more.
    pub expires_at: Timestamp,
    /// How often it was refused.
    #[serde(default)]
    pub refusals: u32,
}

impl Mail {
    /// A mail that is written at `now`.
    pub fn new(id: MailId, to: Option<String>, subject: String, text: String, now: Timestamp) -> Self {
        Self { id, to, subject, text, due: now + RETRY, expires_at: now + KEPT, refusals: 0 }
    }

    /// The mail, to be looked at again later: the older it is, the later.
    #[must_use]
    pub fn postpone(self, now: Timestamp) -> Self {
        let age = now.duration_since(self.expires_at - KEPT);
        Self { due: now + age.max(RETRY), ..self }
    }

    /// The mail after one more refusal.
    #[must_use]
    pub fn refused(self, now: Timestamp) -> Self {
        Self { due: now + AFTER_REFUSAL, refusals: self.refusals.saturating_add(1), ..self }
    }
}

impl Entity for Mail {
    const KIND: &'static str = "MAIL";
    type Key = MailId;

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn index_entries(&self) -> Vec<IndexEntry> {
        // One that is refused again and again lies there until it expires, and goes if its dead letter is sent again.
        let given_up = self.refusals >= MAXIMUM_REFUSALS;
        if given_up { Vec::new() } else { vec![IndexEntry::Due(self.due)] }
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_taken_up_less_and_less_often_and_not_after_five_refusals() {
        let start = Timestamp::UNIX_EPOCH;
        let id = "mai_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN".parse().unwrap();
        let mut mail = Mail::new(id, None, "Hello".to_owned(), "You".to_owned(), start);
        let mut times = 0;
        while mail.due < mail.expires_at {
            let due = mail.due;
            mail = mail.postpone(due);
            assert!(mail.due >= due + RETRY);
            times += 1;
        }
        assert_eq!(times, 10, "in a day");
        for _ in 0..MAXIMUM_REFUSALS {
            assert!(!mail.index_entries().is_empty());
            mail = mail.refused(start);
        }
        assert!(mail.index_entries().is_empty());
    }
}
