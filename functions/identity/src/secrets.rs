//! What follows from the function's own secret: the pepper of passwords, the key that seals secrets at rest, and the tags
//! of codes that are too short to be hashed without one.

use std::{collections::BTreeMap, str::FromStr};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

const MINIMUM_SECRET: usize = 32;

/// A text that holds no secrets, or short ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the secret must have 32 characters or more; several are written <version>:<secret>,<version>:<secret>"
)]
pub struct InvalidSecrets;

/// What is sealed by another secret than ours, or was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("what was sealed can't be opened")]
pub struct Unsealable;

/// Secrets by version. New things are made with the newest; the older ones stay, to read what was made with them.
#[derive(Clone)]
pub(crate) struct Secrets(BTreeMap<u32, String>);

impl Secrets {
    /// The version that new things are made with.
    pub(crate) fn current(&self) -> u32 {
        self.0.keys().next_back().copied().unwrap_or_default()
    }

    /// What passwords are hashed with besides themselves; `None` when the version is unknown.
    pub(crate) fn pepper(&self, version: u32) -> Option<[u8; 32]> {
        self.derive(version, "pepper")
    }

    /// The keyed hash of a code, good for one purpose.
    pub(crate) fn tag(&self, purpose: &str, code: &str) -> String {
        let version = self.current();
        let tag = self.derive(version, "code").map(|key| mac(&key, &[purpose, code]));
        format!("{version}:{}", URL_SAFE_NO_PAD.encode(tag.unwrap_or_default()))
    }

    /// Whether this is the keyed hash of the code.
    pub(crate) fn is_tag(&self, tag: &str, purpose: &str, code: &str) -> bool {
        let (version, expected) = tag.split_once(':').unwrap_or_default();
        let version = version.parse().unwrap_or_default();
        let found =
            self.derive(version, "code").map(|key| URL_SAFE_NO_PAD.encode(mac(&key, &[purpose, code])));
        found.is_some_and(|found| found.as_bytes().ct_eq(expected.as_bytes()).into())
    }

    /// Seals bytes for one owner: nobody else's sealed text opens in their place. `nonce` must be new each time.
    pub(crate) fn seal(&self, owner: &str, bytes: &[u8], nonce: [u8; 32]) -> Result<String, Unsealable> {
        let version = self.current();
        let key = self.sealing_key(version)?;
        let nonce: [u8; NONCE_LEN] = nonce[..NONCE_LEN].try_into().map_err(|_| Unsealable)?;
        let mut sealed = bytes.to_vec();
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(owner), &mut sealed)
            .map_err(|_| Unsealable)?;
        Ok(format!("{version}:{}", URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat())))
    }

    /// What was sealed for this owner.
    pub(crate) fn open(&self, owner: &str, sealed: &str) -> Result<Vec<u8>, Unsealable> {
        let (version, text) = sealed.split_once(':').ok_or(Unsealable)?;
        let key = self.sealing_key(version.parse().map_err(|_| Unsealable)?)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Unsealable)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LEN>().ok_or(Unsealable)?;
        let mut opened = sealed.to_vec();
        let plain = key.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(owner), &mut opened);
        Ok(plain.map_err(|_| Unsealable)?.to_vec())
    }

    fn sealing_key(&self, version: u32) -> Result<LessSafeKey, Unsealable> {
        let key = self.derive(version, "seal").ok_or(Unsealable)?;
        Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key).map_err(|_| Unsealable)?))
    }

    fn derive(&self, version: u32, purpose: &str) -> Option<[u8; 32]> {
        self.0.get(&version).map(|secret| mac(secret.as_bytes(), &["ballast identity", purpose]))
    }
}

fn mac(key: &[u8], parts: &[&str]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes any key"));
    for part in parts {
        mac.update(&part.len().to_le_bytes());
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes().0
}

impl FromStr for Secrets {
    type Err = InvalidSecrets;

    /// One secret is version 1; several are `<version>:<secret>`, separated by commas.
    fn from_str(text: &str) -> Result<Self, InvalidSecrets> {
        let secrets = text.split(',').map(|part| {
            let (version, secret) = part.trim().split_once(':').unwrap_or(("1", part.trim()));
            let version: u32 = version.parse().map_err(|_| InvalidSecrets)?;
            if secret.len() < MINIMUM_SECRET { Err(InvalidSecrets) } else { Ok((version, secret.to_owned())) }
        });
        secrets.collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(text: &str) -> Secrets {
        text.parse().ok().unwrap()
    }

    fn both() -> (Secrets, Secrets) {
        let (one, two) = ("1".repeat(32), "2".repeat(32));
        (secrets(&one), secrets(&format!("1:{one},2:{two}")))
    }

    #[test]
    fn what_is_sealed_opens_for_its_owner_only() {
        let (old, new) = both();
        let sealed = old.seal("usr_a", b"secret", [1; 32]).unwrap();
        assert_eq!(new.open("usr_a", &sealed).unwrap(), b"secret", "by a later version too");
        assert_eq!(new.open("usr_b", &sealed), Err(Unsealable));
        let resealed = new.seal("usr_a", b"secret", [1; 32]).unwrap();
        assert!(resealed.starts_with("2:") && old.open("usr_a", &resealed).is_err());
        assert!(!sealed.contains("secret"));
        for wrong in ["", "1:", "1:AAAA", "9:AAAA", &sealed[..sealed.len() - 2]] {
            assert_eq!(old.open("usr_a", wrong), Err(Unsealable), "{wrong}");
        }
    }

    #[test]
    fn a_tag_is_good_for_its_purpose() {
        let (old, new) = both();
        let tag = old.tag("chl_a", "123456");
        assert!(new.is_tag(&tag, "chl_a", "123456"));
        assert!(!new.is_tag(&tag, "chl_b", "123456") && !new.is_tag(&tag, "chl_a", "123457"));
        assert!(!new.is_tag("", "chl_a", "123456") && !new.is_tag("9:", "chl_a", "123456"));
        assert_ne!(old.pepper(1), new.pepper(2));
    }

    #[test]
    fn short_secrets_are_refused() {
        for wrong in ["", "short", "1:short", "x:11111111111111111111111111111111"] {
            assert!(wrong.parse::<Secrets>().is_err(), "{wrong}");
        }
    }
}
