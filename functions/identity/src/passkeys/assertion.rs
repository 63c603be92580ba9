//! A passkey that was shown: whose it is, and whether it is right.

use domain::{
    account::Account,
    audit::{Action, Actor},
    passkey::{Passkey, PasskeyEntry},
};
use store::{Stored, Write};
use webauthn_rs::prelude::PublicKeyCredential;

use super::{credential::encode, relying_party::Checked, state::Passkeys};
use crate::{
    error::AuthError,
    factor::{Means, Taken},
    letters::Letter,
    member::Member,
    person::Person,
    visit::Visit,
};

impl Passkeys {
    /// Whose passkey this is, as far as it says so itself; nothing of it was checked yet.
    pub(super) async fn owner(&self, shown: &PublicKeyCredential) -> Result<Option<Person>, AuthError> {
        let accounts = self.identity.app.store().accounts();
        let entry = accounts.find::<PasskeyEntry>(&PasskeyEntry::key_of(&encode(&shown.raw_id))).await?;
        let Some(Stored { entity: entry, .. }) = entry else { return Ok(None) };
        self.identity.person(Member::of_passkey(&entry)).await
    }

    /// Checks a passkey that was shown as this person's. It counts once its write is done: whoever writes first has used it.
    pub(super) async fn take_passkey(
        &self,
        person: &Person,
        state: &str,
        shown: &PublicKeyCredential,
        visit: &Visit,
    ) -> Result<Option<Taken>, AuthError> {
        let identity = &self.identity;
        let user = &person.user.entity;
        let (factors, stored) = identity.counting_factors(person, user).await?;
        let Some(passkey) = factors.passkey(&encode(&shown.raw_id)).cloned() else { return Ok(None) };
        let own = user.id.to_bytes();
        let named = shown.response.user_handle.as_deref();
        // An authenticator that was told whom it is for may leave it out.
        if named.is_some_and(|named| named != own) {
            return Ok(None);
        }
        let credential = match self.relying_party.check(state, &passkey, shown) {
            Checked::Right(credential) => credential,
            Checked::Copied => {
                self.tell_of_copy(person, &passkey, visit).await?;
                return Ok(None);
            }
            Checked::Wrong(error) => {
                tracing::warn!(%error, passkey = %passkey.id, "passkey refused");
                return Ok(None);
            }
        };
        let used = factors.use_passkey(passkey.id, credential, identity.app.clock.now());
        let Some((used, stored)) = used.zip(stored) else { return Ok(None) };
        let write: Write = identity.own(person).write_changed(&stored.map(|_| used))?;
        Ok(Some(Taken { write, means: Means::Passkey }))
    }

    /// Records that there are two of a passkey, and mails word of it to its owner.
    async fn tell_of_copy(&self, person: &Person, passkey: &Passkey, visit: &Visit) -> Result<(), AuthError> {
        let identity = &self.identity;
        let user = &person.user.entity;
        tracing::warn!(passkey = %passkey.id, "a passkey's counter went back");
        let mailing = identity.gate.mail(&Account::key_of(&user.email), &visit.address()).await?;
        let mail =
            identity.mail(Some(user).filter(|_| mailing.admitted), Letter::passkey_copied(&passkey.name));
        let writes = vec![identity.write_mail(person, &mail)?];
        let audited = identity.audited(person, visit, Action::PasskeyRefused, Actor::Nobody)?;
        let about = format!("{}: its counter went back", passkey.id);
        let audited = audited.with(|event| event.on::<domain::account::User>(user.id).because(&about));
        audited.transact(writes).await?;
        identity.announce(person, &mail).await;
        Ok(())
    }
}
