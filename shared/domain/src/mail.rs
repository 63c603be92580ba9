//! Mails on their way out.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Entity, IndexEntry, MailId};

/// For how long a mail is tried; what it says is good for less.
pub const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// When a mail that nobody has sent is taken up again.
pub const RETRY: SignedDuration = SignedDuration::from_secs(90);

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
}

impl Mail {
    /// A mail that is written at `now`.
    pub fn new(id: MailId, to: Option<String>, subject: String, text: String, now: Timestamp) -> Self {
        Self { id, to, subject, text, due: now + RETRY, expires_at: now + KEPT }
    }

    /// The mail, to be looked at again later.
    #[must_use]
    pub fn postpone(self, now: Timestamp) -> Self {
        Self { due: now + RETRY, ..self }
    }
}

impl Entity for Mail {
    const KIND: &'static str = "MAIL";
    type Key = MailId;

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn index_entries(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::Due(self.due)]
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}
