//! Mails, as this function writes them.

use domain::{account::User, mail::Mail};
use store::{StoreError, VerifiedTenant, Write};

use crate::{letters::Letter, state::Identity};

impl Identity {
    /// A mail to this user, or to nobody.
    pub(crate) fn mail(&self, to: Option<&User>, letter: Letter) -> Mail {
        self.mail_to(to.map(|user| user.mailbox.clone()), letter)
    }

    /// A mail to this mailbox, or to nobody.
    pub(crate) fn mail_to(&self, to: Option<String>, letter: Letter) -> Mail {
        Mail::new(self.app.ids.id(), to, letter.subject, letter.text, self.app.clock.now())
    }

    /// The write of a mail, to be part of the transaction of what it tells of. Announce it when that has happened.
    pub(crate) fn write_mail(&self, tenant: &impl VerifiedTenant, mail: &Mail) -> Result<Write, StoreError> {
        self.own(tenant).write_new(mail)
    }

    /// Announces a mail that was written.
    pub(crate) async fn announce(&self, tenant: &impl VerifiedTenant, mail: &Mail) {
        self.outbox.announce(tenant, mail).await;
    }
}
