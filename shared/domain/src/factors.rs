//! What a user has besides a password.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Entity, PasskeyId, UserId, passkey::Passkey, text::Name};

/// A user's second factors. All that may be used once lies in this one item, which changes under a condition only.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Factors {
    /// Whose they are.
    pub user_id: UserId,
    /// The app that shows codes.
    pub totp: Option<Totp>,
    /// The passkeys, in the order in which they were added.
    #[serde(default)]
    pub passkeys: Vec<Passkey>,
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

/// Why a passkey can't be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAdded {
    /// It is among the factors.
    #[error("This passkey was added before.")]
    Known,
    /// There are as many as there may be.
    #[error("There are 20 passkeys already; remove one first.")]
    Full,
}

impl Factors {
    /// How many passkeys a user may have.
    pub const MAXIMUM_PASSKEYS: usize = 20;

    /// Nothing yet.
    pub fn none(user_id: UserId) -> Self {
        Self { user_id, totp: None, passkeys: Vec::new(), recovery_codes: Vec::new() }
    }

    /// The app, once it was confirmed.
    pub fn confirmed_totp(&self) -> Option<&Totp> {
        self.totp.as_ref().filter(|totp| totp.confirmed_at.is_some())
    }

    /// Whether there is one that a login can ask for. Recovery codes stand in for the others, and are none by themselves.
    pub fn any(&self) -> bool {
        self.confirmed_totp().is_some() || !self.passkeys.is_empty()
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

    /// Without the app. The recovery codes go with the last factor.
    #[must_use]
    pub fn remove_totp(self) -> Self {
        Self { totp: None, ..self }.or_none()
    }

    /// The passkey with the id that its authenticator gave it.
    pub fn passkey(&self, credential_id: &str) -> Option<&Passkey> {
        self.passkeys.iter().find(|passkey| passkey.credential_id == credential_id)
    }

    /// With one more passkey.
    ///
    /// # Errors
    /// When it is there, or there are too many.
    pub fn add_passkey(mut self, passkey: Passkey) -> Result<Self, NotAdded> {
        if self.passkey(&passkey.credential_id).is_some() {
            return Err(NotAdded::Known);
        }
        if self.passkeys.len() >= Self::MAXIMUM_PASSKEYS {
            return Err(NotAdded::Full);
        }
        self.passkeys.push(passkey);
        Ok(self)
    }

    /// After a passkey has let its user in, and is `credential` from now on; `None` without it.
    #[must_use]
    pub fn use_passkey(mut self, id: PasskeyId, credential: String, now: Timestamp) -> Option<Self> {
        let passkey = self.passkeys.iter_mut().find(|passkey| passkey.id == id)?;
        passkey.credential = credential;
        passkey.last_used_at = Some(now);
        Some(self)
    }

    /// With another name for a passkey; `None` without it.
    #[must_use]
    pub fn rename_passkey(mut self, id: PasskeyId, name: Name) -> Option<Self> {
        self.passkeys.iter_mut().find(|passkey| passkey.id == id)?.name = name;
        Some(self)
    }

    /// Without a passkey, and that one; `None` without it. The recovery codes go with the last factor.
    #[must_use]
    pub fn remove_passkey(mut self, id: PasskeyId) -> Option<(Self, Passkey)> {
        let found = self.passkeys.iter().position(|passkey| passkey.id == id)?;
        let removed = self.passkeys.remove(found);
        Some((self.or_none(), removed))
    }

    fn or_none(self) -> Self {
        if self.any() { self } else { Self { totp: self.totp, ..Self::none(self.user_id) } }
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

    fn none() -> Factors {
        Factors::none("usr_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN".parse().unwrap())
    }

    fn app(confirmed_at: Option<Timestamp>) -> Totp {
        Totp { sealed_secret: String::new(), confirmed_at, last_step: None }
    }

    fn id(number: usize) -> PasskeyId {
        format!("psk_01KAJ5M3S0Q5T3Y9WBQ0V6F2{number:02}").parse().unwrap()
    }

    fn passkey(number: usize) -> Passkey {
        Passkey {
            id: id(number),
            name: Name::parse("Laptop").unwrap(),
            credential_id: format!("credential {number}"),
            credential: "new".to_owned(),
            added_at: Timestamp::UNIX_EPOCH,
            last_used_at: None,
        }
    }

    #[test]
    fn a_code_and_all_before_it_are_taken_once() {
        let factors = Factors { totp: Some(app(None)), ..none() };
        assert!(factors.confirmed_totp().is_none() && !factors.any());
        let used = factors.take_step(7).unwrap();
        assert!(used.clone().take_step(7).is_none() && used.clone().take_step(6).is_none());
        assert!(used.take_step(8).is_some());
    }

    #[test]
    fn a_recovery_code_is_taken_once() {
        let factors = Factors { recovery_codes: vec!["a".to_owned(), "b".to_owned()], ..none() };
        let used = factors.take_recovery_code("a").unwrap();
        assert_eq!(used.recovery_codes, ["b"]);
        assert!(used.take_recovery_code("a").is_none());
    }

    #[test]
    fn a_passkey_is_added_once_and_not_without_end() {
        let one = none().add_passkey(passkey(0)).unwrap();
        assert!(one.any() && !none().any());
        let again = Passkey { id: id(1), ..passkey(0) };
        assert_eq!(one.add_passkey(again).unwrap_err(), NotAdded::Known);
        let full = (0..Factors::MAXIMUM_PASSKEYS)
            .fold(none(), |all, number| all.add_passkey(passkey(number)).unwrap());
        assert_eq!(full.add_passkey(passkey(99)).unwrap_err(), NotAdded::Full);
    }

    #[test]
    fn a_passkey_is_used_and_renamed_by_its_id() {
        let (now, name) = (Timestamp::UNIX_EPOCH, Name::parse("Phone").unwrap());
        let both = none().add_passkey(passkey(0)).unwrap().add_passkey(passkey(1)).unwrap();
        let used = both.use_passkey(id(1), "used".to_owned(), now).unwrap();
        assert_eq!((used.passkeys[0].last_used_at, used.passkeys[1].last_used_at), (None, Some(now)));
        assert_eq!(used.passkey("credential 1").unwrap().credential, "used");
        let renamed = used.rename_passkey(id(0), name.clone()).unwrap();
        assert_eq!((&renamed.passkeys[0].name, renamed.passkeys[1].name == name), (&name, false));
        assert!(renamed.rename_passkey(id(2), name).is_none());
    }

    #[test]
    fn recovery_codes_go_with_the_last_factor() {
        let recovery_codes = vec!["a".to_owned()];
        let both = Factors { totp: Some(app(Some(Timestamp::UNIX_EPOCH))), recovery_codes, ..none() };
        let both = both.add_passkey(passkey(0)).unwrap();
        let (with_app, removed) = both.clone().remove_passkey(id(0)).unwrap();
        assert_eq!((removed.id, with_app.any(), with_app.recovery_codes.len()), (id(0), true, 1));
        assert!(with_app.clone().remove_passkey(id(0)).is_none());
        let without_app = both.remove_totp();
        assert!(without_app.any() && without_app.totp.is_none() && without_app.recovery_codes.len() == 1);
        for last in [with_app.remove_totp(), without_app.remove_passkey(id(0)).unwrap().0] {
            assert!(!last.any() && last.recovery_codes.is_empty());
        }
    }
}
