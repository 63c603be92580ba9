//! The key that signs access tokens.

use domain::account::PublicKey;
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

/// An Ed25519 key pair. The same secret gives the same pair on every instance of the function.
pub struct SigningKey {
    private: EncodingKey,
    public: PublicKey,
}

impl SigningKey {
    /// The key pair that follows from a secret of at least 32 characters.
    ///
    /// # Errors
    /// When the secret is too short.
    pub fn derive(secret: &str) -> Result<Self, StartError> {
        if secret.len() < MINIMUM_SECRET {
            return Err(StartError::WeakSecret);
        }
        let seed = Sha256::new_with_prefix(b"ballast token signing key").chain_update(secret).finalize();
        let private = EncodingKey::from_ed_der(&[PKCS8_PREFIX.as_slice(), &seed].concat());
        let jwk = Jwk::from_encoding_key(&private, Algorithm::EdDSA)?;
        let kid = jwk.thumbprint(ThumbprintHash::SHA256)?;
        let AlgorithmParameters::OctetKeyPair(parameters) = jwk.algorithm else {
            return Err(Error::from(ErrorKind::InvalidEddsaKey).into());
        };
        Ok(Self { private, public: PublicKey { kid, x: parameters.x } })
    }

    /// The half that everybody may know.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    pub(crate) fn private(&self) -> &EncodingKey {
        &self.private
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_always_gives_the_same_key() {
        let key = |secret: &str| SigningKey::derive(secret).unwrap().public().clone();
        let (one, same, other) = (key(&"a".repeat(32)), key(&"a".repeat(32)), key(&"b".repeat(32)));
        assert_eq!((&one.kid, &one.x), (&same.kid, &same.x));
        assert_ne!(one.kid, other.kid);
        assert_ne!(one.x, other.x);
    }

    #[test]
    fn the_key_id_is_the_rfc_7638_thumbprint() {
        let PublicKey { kid, x } = SigningKey::derive(&"a".repeat(32)).unwrap().public().clone();
        let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
        let digest = Sha256::digest(canonical);
        assert_eq!(kid, base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, digest));
    }

    #[test]
    fn a_short_secret_is_refused() {
        assert!(matches!(SigningKey::derive("secret"), Err(StartError::WeakSecret)));
    }
}
