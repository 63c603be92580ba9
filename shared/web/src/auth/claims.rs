//! What an access token says.

use std::ops::Deref;

use domain::{SessionId, TenantId, UserId, permission::Permission, role::Role};
use serde::{Deserialize, Serialize};
use store::VerifiedTenant;

/// The `typ` of access tokens (RFC 9068), so that no other token passes for one.
pub const TOKEN_TYPE: &str = "at+jwt";

/// The claims of an access token.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
    /// What the user is in the tenant.
    pub roles: Vec<Role>,
    /// The token's own id.
    pub jti: String,
    /// When it was made, in seconds since 1970.
    pub iat: i64,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
}

impl Claims {
    /// Whether one of the roles permits it.
    pub fn permit(&self, permission: Permission) -> bool {
        self.roles.iter().any(|role| role.permits(permission))
    }
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
