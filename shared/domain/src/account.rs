//! Tenants, their users, and how a person is found before the tenant is known.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Entity, SessionId, TenantId, UserId, digest::sha256_hex, email::Email, role::Role, text::Name};

/// A finance team.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its name.
    pub name: Name,
}

impl Entity for Tenant {
    const KIND: &'static str = "TENANT";
    type Key = TenantId;

    fn key(&self) -> String {
        self.id.to_string()
    }
}

/// A person within a tenant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct User {
    /// The person's id.
    pub id: UserId,
    /// Where mail reaches the person.
    pub email: Email,
    /// What the person is called.
    pub name: Name,
    /// What the person may do.
    pub roles: Vec<Role>,
    /// The password's argon2id hash in PHC form.
    pub password_hash: String,
}

impl Entity for User {
    const KIND: &'static str = "USER";
    type Key = UserId;

    fn key(&self) -> String {
        self.id.to_string()
    }
}

/// Leads from an e-mail address to the user that has it; at most one user in all tenants does.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Account {
    /// The address, hashed: keys show up in logs and metrics, addresses must not.
    pub email_hash: String,
    /// The user's tenant.
    pub tenant_id: TenantId,
    /// The user.
    pub user_id: UserId,
}

impl Account {
    /// The sort key of the account with this address.
    pub fn key_of(email: &Email) -> String {
        sha256_hex(email.as_str())
    }
}

impl Entity for Account {
    const KIND: &'static str = "EMAIL";
    type Key = str;

    fn key(&self) -> String {
        self.email_hash.clone()
    }
}

/// A login, and the one refresh token that may continue it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The user's tenant.
    pub tenant_id: TenantId,
    /// Who logged in.
    pub user_id: UserId,
    /// SHA-256 of the refresh token that may be used next, in hexadecimal digits.
    pub refresh_token_hash: String,
    /// When the session ends, used or not.
    pub expires_at: Timestamp,
    /// Set when it was ended before its time: by logout, or because a used refresh token came back.
    pub ended_at: Option<Timestamp>,
}

impl Session {
    /// Whether the session may be continued at `now`.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }

    /// The session after its refresh token was used: only the next one continues it.
    #[must_use]
    pub fn rotate(self, refresh_token_hash: String) -> Self {
        Self { refresh_token_hash, ..self }
    }

    /// The session after it was ended; ending it again changes nothing.
    #[must_use]
    pub fn end(self, now: Timestamp) -> Self {
        Self { ended_at: self.ended_at.or(Some(now)), ..self }
    }
}

impl Entity for Session {
    const KIND: &'static str = "SESSION";
    type Key = SessionId;

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

/// A public key that access tokens are verified with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PublicKey {
    /// Its id: the RFC 7638 thumbprint of the key, which tokens carry as `kid`.
    pub kid: String,
    /// The Ed25519 public key, base64url without padding.
    pub x: String,
}

impl Entity for PublicKey {
    const KIND: &'static str = "KEY";
    type Key = str;

    fn key(&self) -> String {
        self.kid.clone()
    }
}
