//! Ids: `<kind>_<ULID>`, so that an id says what it names and sorts by its time of creation.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use rand::Rng;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use ulid::Ulid;

/// A text that is not an id of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an id of the form {prefix}_<ULID>")]
pub struct InvalidId {
    prefix: &'static str,
}

/// What all ids share.
pub trait Id: Copy + fmt::Display + FromStr<Err = InvalidId> {
    /// The kind that stands before the underscore.
    const PREFIX: &'static str;

    /// A new id: its time from `now`, the rest from `randomness`.
    fn generate(now: Timestamp, randomness: &mut impl Rng) -> Self;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, utoipa::ToSchema)]
        #[schema(value_type = String, pattern = "^[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}$")]
        pub struct $name(Ulid);

        impl Id for $name {
            const PREFIX: &'static str = $prefix;

            fn generate(now: Timestamp, randomness: &mut impl Rng) -> Self {
                let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or_default();
                let random = (u128::from(randomness.next_u64()) << 64) | u128::from(randomness.next_u64());
                Self(Ulid::from_parts(milliseconds, random))
            }
        }

        impl $name {
            /// Its 16 bytes, without its kind.
            pub fn to_bytes(self) -> [u8; 16] {
                self.0.to_bytes()
            }

            /// When what it names was made, to the millisecond.
            pub fn created_at(self) -> Option<Timestamp> {
                Timestamp::from_millisecond(self.0.timestamp_ms().try_into().ok()?).ok()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let invalid = InvalidId { prefix: $prefix };
                let ulid = text.strip_prefix(concat!($prefix, "_")).ok_or(invalid)?;
                let id = Self(Ulid::from_string(ulid).map_err(|_| invalid)?);
                // One spelling an id: a key made of a lower-case twin would name another item.
                if id.0.to_string() == ulid { Ok(id) } else { Err(invalid) }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A tenant: one finance team and all that it owns.
    TenantId = "ten";
    /// A person's account within a tenant.
    UserId = "usr";
    /// A login and the chain of refresh tokens that follows it.
    SessionId = "ses";
    /// A key that a program is known by.
    ApiKeyId = "key";
    /// A portfolio.
    PortfolioId = "pfl";
    /// A piece of long work.
    TaskId = "tsk";
    /// An entry of a portfolio's ledger.
    TransactionId = "txn";
    /// A run of a valuation.
    RunId = "run";
    /// A scenario of a valuation.
    ScenarioId = "scn";
    /// A mail on its way.
    MailId = "mai";
    /// A proof that somebody was asked for.
    ChallengeId = "chl";
    /// A passkey of a user.
    PasskeyId = "psk";
    /// An exchange with an authenticator.
    CeremonyId = "cer";
    /// One HTTP request.
    RequestId = "req";
}

impl TenantId {
    /// Ballast itself: whose records tell of what it did by itself, for no tenant. No tenant ever has this id.
    pub const PLATFORM: Self = Self(Ulid::nil());
}

impl TransactionId {
    /// The bits of an id's randomness that hold the entry's place.
    const PLACE_SHIFT: u32 = 48;

    /// The id of the entry at a place of its ledger, from 0. The ids of a ledger sort by place, and each tells its own, so
    /// that an entry is found without an index.
    pub fn at(place: u32, now: Timestamp, randomness: &mut impl Rng) -> Self {
        let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or_default();
        let random = randomness.next_u64() & ((1 << Self::PLACE_SHIFT) - 1);
        Self(Ulid::from_parts(milliseconds, (u128::from(place) << Self::PLACE_SHIFT) | u128::from(random)))
    }

    /// The entry's place in its ledger, from 0.
    pub fn place(self) -> u32 {
        (self.0.random() >> Self::PLACE_SHIFT) as u32
    }

    /// When the entry was recorded.
    pub fn recorded_at(self) -> Timestamp {
        let milliseconds = i64::try_from(self.0.timestamp_ms()).unwrap_or_default();
        Timestamp::from_millisecond(milliseconds).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_text_and_refuses_every_other_spelling() {
        let id = TaskId::generate(Timestamp::UNIX_EPOCH, &mut rand::rng());
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!(id.to_string().to_lowercase().parse::<TaskId>().is_err());
        assert!(id.to_string().parse::<PortfolioId>().is_err());
        assert!("tsk_".parse::<TaskId>().is_err());
        assert!("tsk_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN#".parse::<TaskId>().is_err());
    }

    #[test]
    fn a_transaction_tells_its_place() {
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        let at = |place| TransactionId::at(place, now, &mut rand::rng());
        for place in [0, 1, 99_999, u32::MAX] {
            assert_eq!((at(place).place(), at(place).recorded_at()), (place, now));
        }
        assert!(at(1).to_string() < at(2).to_string());
        assert!(at(9).to_string().parse::<TransactionId>().is_ok());
    }

    #[test]
    fn ids_sort_by_their_time() {
        let at = |second| TaskId::generate(Timestamp::from_second(second).unwrap(), &mut rand::rng());
        assert!(at(1).to_string() < at(2).to_string());
    }
}
