//! Passkeys: key pairs of a user's devices (`WebAuthn`), whose private half no server ever sees.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    CeremonyId, ChallengeId, Entity, PasskeyId, TenantId, UserId, challenge::Subject, digest::sha256_hex,
    text::Name,
};

/// A passkey, as it is kept among its user's factors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// Its id.
    pub id: PasskeyId,
    /// What the user calls it.
    pub name: Name,
    /// The id that its authenticator gave it, base64url without padding.
    pub credential_id: String,
    /// Its public key, its counter and its flags, as the library that checks signatures writes them.
    pub credential: String,
    /// When it was added.
    pub added_at: Timestamp,
    /// When it last let somebody in.
    pub last_used_at: Option<Timestamp>,
}

/// Leads from a passkey to the user that has it; at most one user in all tenants does.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PasskeyEntry {
    /// The authenticator's id for it, hashed: it may be longer than a key may be.
    pub credential_hash: String,
    /// The user's tenant.
    pub tenant_id: TenantId,
    /// The user.
    pub user_id: UserId,
}

impl PasskeyEntry {
    /// The sort key of the entry of the passkey with this credential id.
    pub fn key_of(credential_id: &str) -> String {
        sha256_hex(credential_id)
    }

    /// The entry that leads to this user.
    pub fn new(credential_id: &str, tenant_id: TenantId, user_id: UserId) -> Self {
        Self { credential_hash: Self::key_of(credential_id), tenant_id, user_id }
    }
}

impl Entity for PasskeyEntry {
    const KIND: &'static str = "PASSKEY";
    type Key = str;

    fn key(&self) -> String {
        self.credential_hash.clone()
    }
}

/// What a ceremony is good for, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CeremonyPurpose {
    /// Adds a passkey to a user's factors.
    Add {
        /// The user.
        subject: Subject,
    },
    /// Logs in whoever has a passkey.
    Login,
    /// Is the second factor of who has given the first.
    SecondFactor {
        /// The challenge that asks for it.
        challenge: ChallengeId,
    },
    /// Proves anew that it is still the user.
    Reauthentication {
        /// The user.
        subject: Subject,
    },
}

/// An exchange with an authenticator that has begun. Whoever comes back takes it away first, so that it is good once,
/// however it ends.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ceremony {
    /// Its id.
    pub id: CeremonyId,
    /// What it is good for.
    pub purpose: CeremonyPurpose,
    /// The random challenge that has to be signed, and what else the library that checks signatures wants to know then.
    pub state: String,
    /// When it is of no use any more.
    pub expires_at: Timestamp,
}

impl Ceremony {
    /// How long one may take.
    pub const LIFETIME: SignedDuration = SignedDuration::from_mins(5);

    /// Whether what comes back at `now` is what this ceremony is for.
    pub fn is_for(&self, purpose: CeremonyPurpose, now: Timestamp) -> bool {
        self.purpose == purpose && now < self.expires_at
    }
}

impl Entity for Ceremony {
    const KIND: &'static str = "CEREMONY";
    type Key = CeremonyId;

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

    #[test]
    fn a_ceremony_is_good_for_its_purpose_and_its_time() {
        let challenge = |last: char| format!("chl_01KAJ5M3S0Q5T3Y9WBQ0V6F2Z{last}").parse().unwrap();
        let purpose = CeremonyPurpose::SecondFactor { challenge: challenge('N') };
        let start = Timestamp::UNIX_EPOCH;
        let ceremony = Ceremony {
            id: "cer_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN".parse().unwrap(),
            purpose,
            state: String::new(),
            expires_at: start + Ceremony::LIFETIME,
        };
        assert!(ceremony.is_for(purpose, start) && ceremony.is_for(purpose, start + 299.seconds()));
        assert!(!ceremony.is_for(purpose, start + 5.minutes()));
        for other in [CeremonyPurpose::Login, CeremonyPurpose::SecondFactor { challenge: challenge('M') }] {
            assert!(!ceremony.is_for(other, start), "{other:?}");
        }
    }
}
