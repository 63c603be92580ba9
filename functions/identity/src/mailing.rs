//! Mails, as this function writes them.

use domain::{
    account::{Account, User},
    api_key::ApiKey,
    email::Email,
    limit::Quota,
    mail::Mail,
};
use store::{Gauge, StoreError, VerifiedTenant, Write};
use web::auth::Principal;

use crate::{error::AuthError, letters::Letter, state::Identity};

impl Identity {
    /// Counts a mail that somebody who is logged in has us send: to one address only now and then, and to addresses of
    /// others only so many a day.
    ///
    /// # Errors
    /// `TooManyMails`
    pub(crate) async fn count_mail(&self, sender: &Principal, to: &Email) -> Result<(), AuthError> {
        let tenant = sender.tenant_id().to_string();
        if !self.gate.mail_of(&tenant, &Account::key_of(to)).await? {
            return Err(AuthError::TooManyMails);
        }
        if sender.user().entity.email == *to {
            return Ok(());
        }
        let quota = Quota::mails_a_day(sender.tenant().entity.settings.tier);
        let reading = self.app.store().take(&Gauge::mails(sender), quota).await?;
        if reading.allowed { Ok(()) } else { Err(AuthError::TooManyMails) }
    }

    /// Word of a new secret of an API key to its user; to nobody where too much of it went there already.
    pub(crate) async fn mail_of_key(&self, principal: &Principal, key: &ApiKey) -> Result<Mail, StoreError> {
        let user = &principal.user().entity;
        let tenant = principal.tenant_id().to_string();
        let admitted = self.gate.mail_of(&tenant, &Account::key_of(&user.email)).await?;
        Ok(self.mail(Some(user).filter(|_| admitted), Letter::api_key_made(&key.hint)))
    }

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
