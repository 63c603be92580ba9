//! What an access token says.

use std::ops::Deref;

use domain::{SessionId, TenantId, UserId, account::Assurance};
use serde::{Deserialize, Serialize};
use store::VerifiedTenant;

/// The `typ` of access tokens (RFC 9068), so that no other token passes for one.
pub const TOKEN_TYPE: &str = "at+jwt";

/// The claims of an access token: who it is, and how sure we are of that. What somebody may do is no claim: it is read at
/// each request.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// Who made the token.
    pub iss: String,
    /// Whom it is for.
    pub aud: String,
    /// The user.
    pub sub: UserId,
    /// The user's tenant.
    pub tid: TenantId,
    /// The session that it belongs to.
    pub sid: SessionId,
    /// How the user proved to be the user.
    pub acr: Assurance,
    /// When the user did, in seconds since 1970.
    pub auth_time: i64,
    /// The token's own id.
    pub jti: String,
    /// When it was made, in seconds since 1970.
    pub iat: i64,
    /// From when on it is good, in seconds since 1970.
    pub nbf: i64,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
}

/// Claims that came out of a token with a valid signature; only the [`Verifier`](super::Verifier) makes them.
#[derive(Debug, Clone)]
pub struct VerifiedClaims(Claims);

impl VerifiedClaims {
    pub(super) fn new(claims: Claims) -> Self {
        Self(claims)
    }
}

impl Deref for VerifiedClaims {
    type Target = Claims;

    fn deref(&self) -> &Claims {
        &self.0
    }
}

impl VerifiedTenant for VerifiedClaims {
    fn tenant_id(&self) -> TenantId {
        self.tid
    }
}
