//! A key that signs access tokens.

use domain::account::PublicKey;
use jiff::Timestamp;
use jsonwebtoken::{
    Algorithm, EncodingKey,
    errors::{Error, ErrorKind},
    jwk::{AlgorithmParameters, Jwk, ThumbprintHash},
};
use sha2::{Digest, Sha256};

use crate::StartError;

/// What stands before the 32 bytes of an Ed25519 key in PKCS#8 (RFC 8410, section 7).
const PKCS8_PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
const MINIMUM_SECRET: usize = 32;

/// An Ed25519 key pair. The same secret and generation give the same pair on every instance of the function.
pub struct SigningKey {
    private: EncodingKey,
    kid: String,
    x: String,
    generation: u32,
}

impl SigningKey {
    /// The key pair of a generation, from 1, that follows from a secret of at least 32 characters.
    ///
    /// # Errors
    /// When the secret is too short.
    pub fn derive(secret: &str, generation: u32) -> Result<Self, StartError> {
        if secret.len() < MINIMUM_SECRET {
            return Err(StartError::WeakSecret);
        }
        let seed = Sha256::new_with_prefix(b"ballast token signing key")
            .chain_update(generation.to_be_bytes())
            .chain_update(secret)
            .finalize();
        let private = EncodingKey::from_ed_der(&[PKCS8_PREFIX.as_slice(), &seed].concat());
        let jwk = Jwk::from_encoding_key(&private, Algorithm::EdDSA)?;
        let kid = jwk.thumbprint(ThumbprintHash::SHA256)?;
        let AlgorithmParameters::OctetKeyPair(parameters) = jwk.algorithm else {
            return Err(Error::from(ErrorKind::InvalidEddsaKey).into());
        };
        Ok(Self { private, kid, x: parameters.x, generation })
    }

    /// Its id: the RFC 7638 thumbprint of its public half.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The half that everybody may know, base64url without padding.
    pub fn x(&self) -> &str {
        &self.x
    }

    /// The public half, to be published: it signs from a time on.
    pub(crate) fn public(&self, signs_from: Timestamp) -> PublicKey {
        PublicKey {
            kid: self.kid.clone(),
            x: self.x.clone(),
            generation: self.generation,
            signs_from,
            retires_at: None,
        }
    }

    pub(crate) fn private(&self) -> &EncodingKey {
        &self.private
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_always_gives_the_same_key_a_generation() {
        let key = |secret: &str, generation| SigningKey::derive(secret, generation).unwrap();
        let (one, same) = (key(&"a".repeat(32), 1), key(&"a".repeat(32), 1));
        assert_eq!((one.kid(), one.x()), (same.kid(), same.x()));
        for other in [key(&"b".repeat(32), 1), key(&"a".repeat(32), 2)] {
            assert_ne!(one.kid(), other.kid());
            assert_ne!(one.x(), other.x());
        }
    }

    #[test]
    fn the_key_id_is_the_rfc_7638_thumbprint() {
        let key = SigningKey::derive(&"a".repeat(32), 1).unwrap();
        let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, key.x());
        let digest = Sha256::digest(canonical);
        assert_eq!(
            key.kid(),
            base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, digest)
        );
    }

    #[test]
    fn a_short_secret_is_refused() {
        assert!(matches!(SigningKey::derive("secret", 1), Err(StartError::WeakSecret)));
    }
}
