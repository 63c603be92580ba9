//! The keys that make the chain.

use std::{collections::BTreeMap, fmt, str::FromStr, sync::Arc};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const MINIMUM_SECRET: usize = 32;
/// Half of a tag is enough to tell two things apart.
const FINGERPRINT_DIGITS: usize = 32;

/// What is no list of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be <version>:<secret>, several separated by commas, each secret of at least 32 characters")]
pub struct InvalidAuditKeys;

/// HMAC keys by version. New records are made with the newest; the older ones stay, as old records are checked with them.
#[derive(Clone)]
pub struct AuditKeys(Arc<BTreeMap<u32, Hmac<Sha256>>>);

impl AuditKeys {
    /// The version that new records are made with.
    pub fn current(&self) -> u32 {
        self.0.keys().next_back().copied().unwrap_or_default()
    }

    /// The tag of `bytes` for one purpose; `None` when the version is unknown.
    pub(super) fn tag(&self, version: u32, purpose: &str, bytes: &[u8]) -> Option<String> {
        self.0.get(&version).map(|key| base16ct::lower::encode_string(&tag(key, purpose, bytes)))
    }

    /// A keyed hash that is the same for the same bytes as long as the oldest key is kept, and tells nothing about them to
    /// who does not have it.
    pub fn fingerprint(&self, purpose: &str, bytes: &[u8]) -> String {
        let tag = self.0.values().next().map(|key| tag(key, purpose, bytes)).unwrap_or_default();
        let mut text = base16ct::lower::encode_string(&tag);
        text.truncate(FINGERPRINT_DIGITS);
        text
    }
}

fn tag(key: &Hmac<Sha256>, purpose: &str, bytes: &[u8]) -> [u8; 32] {
    let mac = key.clone().chain_update(b"ballast audit ").chain_update(purpose.len().to_le_bytes());
    mac.chain_update(purpose).chain_update(bytes).finalize().into_bytes().into()
}

impl FromStr for AuditKeys {
    type Err = InvalidAuditKeys;

    fn from_str(text: &str) -> Result<Self, InvalidAuditKeys> {
        let keys = text.split(',').map(|part| {
            let (version, secret) = part.trim().split_once(':').ok_or(InvalidAuditKeys)?;
            let version: u32 = version.parse().map_err(|_| InvalidAuditKeys)?;
            let fits = version > 0 && secret.len() >= MINIMUM_SECRET;
            let key = fits.then(|| Hmac::new_from_slice(secret.as_bytes()).ok()).flatten();
            key.map(|key| (version, key)).ok_or(InvalidAuditKeys)
        });
        keys.collect::<Result<BTreeMap<_, _>, _>>().map(|keys| Self(Arc::new(keys)))
    }
}

impl fmt::Debug for AuditKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AuditKeys").field(&self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_key_makes_records_and_the_oldest_fingerprints() {
        let (one, two) = ("1".repeat(32), "2".repeat(32));
        let first: AuditKeys = format!("1:{one}").parse().unwrap();
        let both: AuditKeys = format!("1:{one}, 2:{two}").parse().unwrap();
        assert_eq!((first.current(), both.current()), (1, 2));
        assert_eq!(first.fingerprint("address", b"::1"), both.fingerprint("address", b"::1"));
        assert_eq!(first.tag(1, "record", b"x"), both.tag(1, "record", b"x"));
        assert_ne!(both.tag(1, "record", b"x"), both.tag(2, "record", b"x"));
        assert_ne!(both.tag(1, "record", b"x"), both.tag(1, "head", b"x"));
        assert_eq!(first.tag(2, "record", b"x"), None);
        assert!(!format!("{both:?}").contains(&one));
    }

    #[test]
    fn short_and_nameless_secrets_are_refused() {
        let long = "x".repeat(32);
        for wrong in ["", "1:short", &long, &format!("0:{long}"), &format!("a:{long}"), &format!("1:{long},")]
        {
            assert_eq!(wrong.parse::<AuditKeys>().err(), Some(InvalidAuditKeys), "{wrong}");
        }
    }
}
