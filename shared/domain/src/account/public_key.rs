use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Entity;

/// A public key that access tokens are verified with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PublicKey {
    /// Its id: the RFC 7638 thumbprint of the key, which tokens carry as `kid`.
    pub kid: String,
    /// The Ed25519 public key, base64url without padding.
    pub x: String,
    /// Its place in the row of keys, from 1.
    pub generation: u32,
    /// From when on tokens are signed with it: by then every function knows it.
    pub signs_from: Timestamp,
    /// From when on it is not taken any more; `None` while no newer one is announced.
    pub retires_at: Option<Timestamp>,
}

impl Entity for PublicKey {
    const KIND: &'static str = "KEY";
    type Key = str;

    fn key(&self) -> String {
        self.kid.clone()
    }

    fn expires_at(&self) -> Option<Timestamp> {
        self.retires_at
    }
}
