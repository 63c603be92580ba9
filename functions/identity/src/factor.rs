//! Second factors: codes of an app and recovery codes, compared; what is written of them and of passkeys.

use domain::{UserId, account::User, digest::sha256_hex, factors::Factors, passkey::PasskeyEntry};
use store::{Audited, StoreError, Stored, VerifiedTenant, Write};
use totp_rs::{Algorithm, Builder, Totp};

use crate::{error::AuthError, letters::Letter, person::Person, secrets::Unsealable, state::Identity};

/// Seconds for which the app shows a code.
const STEP: u64 = 30;
const DIGITS: u8 = 6;
/// How many steps a code may be early or late.
const SKEW: u16 = 1;

/// A factor that was right. It counts once its write is done: whoever writes first has used it.
pub(crate) struct Taken {
    pub(crate) write: Write,
    pub(crate) means: Means,
}

/// By what somebody proves the second factor.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Means {
    App,
    RecoveryCode,
    Passkey,
}

impl Means {
    /// What the record of a login says about it.
    pub(crate) fn note(self) -> Option<&'static str> {
        match self {
            Self::App => None,
            Self::RecoveryCode => Some("with a recovery code"),
            Self::Passkey => Some("with a passkey"),
        }
    }
}

impl Identity {
    /// Compares a code with the user's factors.
    pub(crate) async fn take_factor(&self, person: &Person, code: &str) -> Result<Option<Taken>, AuthError> {
        let own = self.own(person);
        let Some(stored) = own.find::<Factors>(&person.member.user_id()).await? else { return Ok(None) };
        let step = match stored.entity.confirmed_totp() {
            Some(totp) => self.totp_step(person.member.user_id(), &totp.sealed_secret, code)?,
            None => None,
        };
        let changed = match step {
            Some(step) => stored.entity.clone().take_step(step),
            None => stored.entity.clone().take_recovery_code(&recovery_hash(code)),
        };
        let Some(changed) = changed else { return Ok(None) };
        let write = own.write_changed(&stored.map(|_| changed))?;
        let means = if step.is_some() { Means::App } else { Means::RecoveryCode };
        Ok(Some(Taken { write, means }))
    }

    /// Uses a factor up: the write that goes along with what the factor is for. A recovery code's use is recorded as `used`
    /// and told to its owner, and nothing is left to be written.
    pub(crate) async fn spend(
        &self,
        person: &Person,
        taken: Taken,
        used: Audited,
    ) -> Result<Option<Write>, AuthError> {
        if taken.means != Means::RecoveryCode {
            return Ok(Some(taken.write));
        }
        let user = &person.user.entity;
        let mail = self.mail(Some(user), Letter::recovery_code_used());
        let writes = vec![taken.write, self.write_mail(&person.member, &mail)?];
        match used.with(|event| event.on::<User>(user.id)).transact(writes).await {
            Ok(()) => {}
            // The same code was used by another request a moment ago.
            Err(StoreError::VersionMismatch(_)) => return Err(AuthError::WrongCode),
            Err(error) => return Err(error.into()),
        }
        self.announce(&person.member, &mail).await;
        Ok(None)
    }

    /// The time step whose code this is.
    pub(crate) fn totp_step(
        &self,
        user: UserId,
        sealed_secret: &str,
        code: &str,
    ) -> Result<Option<u64>, Unsealable> {
        if code.len() != usize::from(DIGITS) || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(None);
        }
        let secret = self.secrets.open(&user.to_string(), sealed_secret)?;
        let now = u64::try_from(self.app.clock.now().as_second()).unwrap_or_default();
        Ok(totp(secret).check(code, now))
    }

    /// A user's factors; an empty set that is not written yet where there are none.
    pub(crate) async fn factors(
        &self,
        tenant: &impl VerifiedTenant,
        user: UserId,
    ) -> Result<(Factors, Option<Stored<Factors>>), StoreError> {
        let stored = self.own(tenant).find::<Factors>(&user).await?;
        let factors = stored.as_ref().map_or_else(|| Factors::none(user), |stored| stored.entity.clone());
        Ok((factors, stored))
    }

    /// A user's factors as far as they count: what was set up before the mailbox was proven counts for nothing. Beside them
    /// what is written in their place.
    pub(crate) async fn counting_factors(
        &self,
        tenant: &impl VerifiedTenant,
        user: &User,
    ) -> Result<(Factors, Option<Stored<Factors>>), StoreError> {
        let (factors, stored) = self.factors(tenant, user.id).await?;
        Ok((if user.second_factor { factors } else { Factors::none(user.id) }, stored))
    }

    /// The writes by which passkeys that count for nothing lead nowhere any more, as new factors take their place.
    pub(crate) fn forget_dropped(
        &self,
        user: &User,
        stored: Option<&Stored<Factors>>,
    ) -> Result<Vec<Write>, StoreError> {
        let accounts = self.app.store().accounts();
        let dropped = stored.filter(|_| !user.second_factor).map(|stored| stored.entity.passkeys.as_slice());
        let entries = dropped.unwrap_or_default().iter().map(|passkey| &passkey.credential_id);
        entries.map(|id| accounts.write_deleted::<PasskeyEntry>(&PasskeyEntry::key_of(id), None)).collect()
    }

    /// The write of changed factors.
    pub(crate) fn write_factors(
        &self,
        tenant: &impl VerifiedTenant,
        before: Option<Stored<Factors>>,
        after: &Factors,
    ) -> Result<Write, StoreError> {
        match before {
            Some(stored) => self.own(tenant).write_changed(&stored.map(|_| after.clone())),
            None => self.own(tenant).write_new(after),
        }
    }
}

/// The generator of all apps: SHA-1, six digits, 30 seconds, which is what every app can do.
fn totp(secret: Vec<u8>) -> Totp {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(DIGITS)
        .with_step_duration(STEP)
        .with_skew(SKEW)
        .with_secret(secret)
        .build_noncompliant()
}

/// What is kept of a recovery code: its 120 bits need no slow hash (ASVS 6.5.2).
pub(crate) fn recovery_hash(code: &str) -> String {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    sha256_hex(plain.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238() {
        let totp = totp(b"12345678901234567890".to_vec());
        for (time, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(totp.check(code, time), Some(time / STEP), "{time}");
            assert_eq!(totp.check(code, time + STEP), Some(time / STEP), "a step late");
            assert_eq!(totp.check(code, time + 3 * STEP), None);
        }
    }

    #[test]
    fn recovery_codes_are_read_as_people_write_them() {
        assert_eq!(recovery_hash("abcd-EFGH-2345"), recovery_hash("ABCD EFGH 2345"));
        assert_ne!(recovery_hash("ABCD"), recovery_hash("ABCE"));
    }
}
