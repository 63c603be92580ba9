use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Entity, UserId,
    email::{Address, Email},
    role::Role,
    text::Name,
};

/// A person within a tenant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct User {
    /// The person's id.
    pub id: UserId,
    /// The person's address in its normal form: what it is found by and compared with.
    pub email: Email,
    /// The address as the person wrote it: where mail goes.
    pub mailbox: String,
    /// What the person is called.
    pub name: Name,
    /// What the person may do.
    pub roles: Vec<Role>,
    /// The team within the tenant that the person works in.
    #[serde(default)]
    pub team: Option<Name>,
    /// Whether the person may get in.
    pub status: UserStatus,
    /// When the person proved to read the mailbox.
    pub verified_at: Option<Timestamp>,
    /// The password's argon2id hash in PHC form; `None` for those who log in by mail only.
    pub password_hash: Option<String>,
    /// Whether a login needs a second factor.
    pub second_factor: bool,
    /// What else the person tells of itself.
    #[serde(default)]
    pub profile: Profile,
    /// Sessions of an earlier epoch are over.
    pub session_epoch: u32,
    /// API keys of an earlier epoch are over.
    pub key_epoch: u32,
}

/// Whether a user may get in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    /// Was asked to join, and has not answered yet.
    Invited,
    /// Gets in.
    Active,
    /// Does not get in until an admin says otherwise.
    Deactivated,
}

impl UserStatus {
    /// Its name in documents and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Deactivated => "deactivated",
        }
    }
}

/// What a person tells of itself, all of it optional.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// What the person does.
    pub job_title: Option<Name>,
    /// A telephone number.
    pub phone: Option<String>,
    /// The language to be addressed in (BCP 47).
    pub locale: Option<String>,
    /// Where the person's day begins (IANA).
    pub time_zone: Option<String>,
}

impl User {
    /// A user who gets in, without a password yet and with an address that was not proven yet.
    pub fn new(id: UserId, address: Address, name: Name, roles: Vec<Role>) -> Self {
        Self {
            id,
            email: address.email,
            mailbox: address.mailbox,
            name,
            roles,
            team: None,
            status: UserStatus::Active,
            verified_at: None,
            password_hash: None,
            second_factor: false,
            profile: Profile::default(),
            session_epoch: 0,
            key_epoch: 0,
        }
    }

    /// The user whose sessions are all over.
    #[must_use]
    pub fn end_sessions(self) -> Self {
        Self { session_epoch: self.session_epoch.wrapping_add(1), ..self }
    }

    /// The user whose API keys are all over.
    #[must_use]
    pub fn end_keys(self) -> Self {
        Self { key_epoch: self.key_epoch.wrapping_add(1), ..self }
    }

    /// The user after it proved to read its mailbox. Whoever opened an account for an address that was not theirs must not
    /// keep a way into it: what was set before the proof is dropped.
    #[must_use]
    pub fn prove_mailbox(self, now: Timestamp) -> Self {
        if self.verified_at.is_some() {
            return self;
        }
        let dropped = Self { password_hash: None, second_factor: false, ..self };
        Self { verified_at: Some(now), ..dropped.end_sessions().end_keys() }
    }

    /// The highest of its roles; `None` without any.
    pub fn highest_role(&self) -> Option<Role> {
        self.roles.iter().copied().max()
    }
}

impl Entity for User {
    const KIND: &'static str = "USER";
    type Key = UserId;

    fn key(&self) -> String {
        self.id.to_string()
    }
}
