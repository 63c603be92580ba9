//! API keys: how a program says on whose behalf it comes.
//!
//! A key's text is `blst_<stage>_<tenant><key>_<secret><checksum>`: the two ULIDs lead to the stored key without a look-up,
//! the secret has 256 bits, and the checksum tells a typing error from a leaked key without asking anybody. A secret of
//! that size needs no slow hash (ASVS 6.5.2), so SHA-256 is what is kept.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    ApiKeyId, Entity, TenantId, UserId,
    account::{User, UserStatus},
    digest::sha256_hex,
    permission::Permission,
    text::Name,
};

/// What every key begins with, for those who look for leaked secrets.
pub const PREFIX: &str = "blst";
const ULID: usize = 26;
const SECRET: usize = 52;
const CHECKSUM: usize = 6;
/// Crockford's base 32, as in ULIDs: nothing in a key has to be escaped, and a double click selects all of it.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A text that is no API key, or one with a typing error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is no API key, or has a typing error")]
pub struct InvalidApiKey;

/// A key as its holder has it. It can't be printed by accident: `Debug` leaves the secret out.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKeyText {
    stage: String,
    tenant: TenantId,
    id: ApiKeyId,
    secret: String,
}

impl ApiKeyText {
    /// A key of a stage with these 32 bytes that nobody else can know.
    pub fn new(stage: &str, tenant: TenantId, id: ApiKeyId, secret: [u8; 32]) -> Self {
        Self { stage: stage.to_owned(), tenant, id, secret: base32(&secret) }
    }

    /// The stage that it was made for.
    pub fn stage(&self) -> &str {
        &self.stage
    }

    /// The tenant that it says it belongs to: to be believed once the stored key authenticates it.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Which of the tenant's keys it says it is.
    pub fn id(&self) -> ApiKeyId {
        self.id
    }

    /// What is kept of it.
    pub fn hash(&self) -> String {
        sha256_hex(&self.secret)
    }

    /// The text for its holder, to be shown once.
    pub fn expose(&self) -> String {
        let body = self.body();
        let checksum = checksum(&body);
        body + &checksum
    }

    fn body(&self) -> String {
        let (tenant, id) = (self.tenant.to_string(), self.id.to_string());
        format!("{PREFIX}_{}_{}{}_{}", self.stage, &tenant[4..], &id[4..], self.secret)
    }
}

impl FromStr for ApiKeyText {
    type Err = InvalidApiKey;

    fn from_str(text: &str) -> Result<Self, InvalidApiKey> {
        let mut parts = text.split('_');
        let mut part = || parts.next().ok_or(InvalidApiKey);
        let (prefix, stage, ids, end) = (part()?, part()?, part()?, part()?);
        let fits = prefix == PREFIX
            && parts.next().is_none()
            && (1..=16).contains(&stage.len())
            && [stage, ids, end].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
            && ids.len() == 2 * ULID
            && end.len() == SECRET + CHECKSUM;
        if !fits {
            return Err(InvalidApiKey);
        }
        let (tenant, id) = ids.split_at(ULID);
        let key = Self {
            stage: stage.to_owned(),
            tenant: format!("ten_{tenant}").parse().map_err(|_| InvalidApiKey)?,
            id: format!("key_{id}").parse().map_err(|_| InvalidApiKey)?,
            secret: end[..SECRET].to_owned(),
        };
        if checksum(&key.body()) == end[SECRET..] { Ok(key) } else { Err(InvalidApiKey) }
    }
}

impl fmt::Debug for ApiKeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKeyText({}, {}, …)", self.tenant, self.id)
    }
}

/// Thirty bits of the text's hash.
fn checksum(body: &str) -> String {
    base32(&Sha256::digest(body)[..4])[..CHECKSUM].to_owned()
}

fn base32(bytes: &[u8]) -> String {
    let bit = |index: usize| bytes.get(index / 8).is_some_and(|byte| byte >> (7 - index % 8) & 1 == 1);
    let digit = |start: usize| (0..5).fold(0, |digit, offset| digit << 1 | usize::from(bit(start + offset)));
    (0..bytes.len() * 8).step_by(5).map(|start| char::from(ALPHABET[digit(start)])).collect()
}

/// A key as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// Whom it acts for: never with more than this user may do at the time.
    pub user_id: UserId,
    /// What it is called.
    pub name: Name,
    /// What it may do, as far as its user may.
    pub permissions: Vec<String>,
    /// The user's `key_epoch` when it was made.
    pub epoch: u32,
    /// SHA-256 of its secret, in hexadecimal digits.
    pub secret_hash: String,
    /// The end of its text, by which people tell one key from another.
    pub hint: String,
    /// The secret before the last rotation, while it is still taken.
    pub previous: Option<Retiring>,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used, to the hour.
    pub last_used_at: Option<Timestamp>,
}

/// A secret that was replaced, and is taken for a while yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retiring {
    /// SHA-256 of the secret.
    pub secret_hash: String,
    /// Until when it is taken.
    pub until: Timestamp,
}

impl ApiKey {
    /// Whether this text gets in at `now` on behalf of this user.
    pub fn admits(&self, text: &ApiKeyText, user: &User, now: Timestamp) -> bool {
        let hash = text.hash();
        let retiring = self.previous.as_ref().filter(|previous| now < previous.until);
        let known = same(&hash, &self.secret_hash)
            | retiring.is_some_and(|previous| same(&hash, &previous.secret_hash));
        known && self.is_open_for(user, now)
    }

    /// Whether the key may be used at `now` on behalf of this user, by whoever has its secret.
    pub fn is_open_for(&self, user: &User, now: Timestamp) -> bool {
        now < self.expires_at
            && self.user_id == user.id
            && self.epoch == user.key_epoch
            && user.status == UserStatus::Active
    }

    /// What it may do; a permission that there is no more counts for nothing.
    pub fn permissions(&self) -> impl Iterator<Item = Permission> {
        self.permissions.iter().filter_map(|name| name.parse().ok())
    }

    /// The key with a new secret; the present one is taken until `overlap_until`.
    #[must_use]
    pub fn rotate(self, text: &ApiKeyText, overlap_until: Timestamp) -> Self {
        let previous = Some(Retiring { secret_hash: self.secret_hash, until: overlap_until });
        Self { secret_hash: text.hash(), hint: hint(text), previous, ..self }
    }
}

/// The last characters of a key's text; they are part of its checksum.
pub fn hint(text: &ApiKeyText) -> String {
    let text = text.expose();
    text[text.len() - 4..].to_owned()
}

fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |acc, (a, b)| acc | (a ^ b)) == 0
}

impl Entity for ApiKey {
    const KIND: &'static str = "APIKEY";
    type Key = ApiKeyId;

    fn key(&self) -> String {
        self.id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use crate::id::Id;

    use super::*;

    fn text() -> ApiKeyText {
        let mut random = rand::rng();
        let now = Timestamp::UNIX_EPOCH;
        ApiKeyText::new(
            "prod",
            TenantId::generate(now, &mut random),
            ApiKeyId::generate(now, &mut random),
            [7; 32],
        )
    }

    #[test]
    fn a_key_survives_its_text() {
        let key = text();
        let exposed = key.expose();
        assert!(exposed.starts_with("blst_prod_"), "{exposed}");
        assert_eq!(exposed.len(), 4 + 1 + 4 + 1 + 2 * ULID + 1 + SECRET + CHECKSUM);
        assert_eq!(exposed.parse(), Ok(key.clone()));
        assert!(!format!("{key:?}").contains(&key.secret));
    }

    #[test]
    fn every_typing_error_is_noticed() {
        let exposed = text().expose();
        for (index, found) in exposed.char_indices() {
            let other = if found == 'A' { 'B' } else { 'A' };
            let mut wrong = exposed.clone();
            wrong.replace_range(index..=index, &other.to_string());
            assert_eq!(wrong.parse::<ApiKeyText>(), Err(InvalidApiKey), "{wrong}");
        }
        for wrong in
            ["", "blst", "blst_____", "x", &exposed[1..], &format!("{exposed}A"), &exposed.replace('_', "-")]
        {
            assert_eq!(wrong.parse::<ApiKeyText>(), Err(InvalidApiKey), "{wrong}");
        }
    }

    #[test]
    fn base_32_is_that_of_ulids() {
        assert_eq!(base32(&[0xff; 5]), "ZZZZZZZZ");
        assert_eq!(base32(&[0, 0, 0, 0, 1]), "00000001");
        assert_eq!(base32(&[0x80]), "G0");
    }
}
