//! Access tokens, taken apart and made up.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// What stands before the 32 bytes of an Ed25519 key in PKCS#8 (RFC 8410, section 7).
const PKCS8_PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// A token's header and claims.
pub fn decode(token: &str) -> (Value, Value) {
    let mut parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
    let mut part = || serde_json::from_slice(&parts.next().unwrap()).unwrap();
    (part(), part())
}

/// Header and claims without a signature, up to the last dot.
pub fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}

/// A token signed with the first Ed25519 key that follows from a signing secret.
pub fn sign(header: &Value, claims: &Value, secret: &str) -> String {
    sign_text(&unsigned(header, claims), secret)
}

/// Any text in the place of header and claims, signed with the same key.
pub fn sign_text(text: &str, secret: &str) -> String {
    let seed = Sha256::new_with_prefix(b"ballast token signing key")
        .chain_update(1_u32.to_be_bytes())
        .chain_update(secret)
        .finalize();
    let key = EncodingKey::from_ed_der(&[PKCS8_PREFIX.as_slice(), &seed].concat());
    sealed(text.to_owned(), &key, Algorithm::EdDSA)
}

/// A token signed with HMAC-SHA256.
pub fn sign_hs256(header: &Value, claims: &Value, key: &[u8]) -> String {
    sealed(unsigned(header, claims), &EncodingKey::from_secret(key), Algorithm::HS256)
}

fn sealed(text: String, key: &EncodingKey, algorithm: Algorithm) -> String {
    let signature = crypto::sign(text.as_bytes(), key, algorithm).unwrap();
    format!("{text}.{signature}")
}
