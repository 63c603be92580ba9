//! Who is asking, as the store knows it at this moment.

use std::sync::Arc;

use domain::{
    TenantId, UserId,
    account::{Assurance, Session, Tenant, User},
    api_key::ApiKey,
    audit::Actor,
    permission::Permission,
    role::{Party, Reach, Role},
};
use jiff::Timestamp;
use store::{Stored, VerifiedTenant};

/// What somebody came in with.
#[derive(Debug, Clone)]
pub enum Credential {
    /// An access token of this session.
    Session(Stored<Session>),
    /// An API key.
    ApiKey(Stored<ApiKey>),
}

/// A user who was authenticated, and may act in its tenant: neither the user, nor the tenant, nor the session or key was
/// ended or suspended when the request came in. Only the check of a credential makes one.
#[derive(Debug, Clone)]
pub struct Principal(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    tenant: Stored<Tenant>,
    user: Stored<User>,
    credential: Credential,
}

impl Principal {
    pub(super) fn new(tenant: Stored<Tenant>, user: Stored<User>, credential: Credential) -> Self {
        Self(Arc::new(Parts { tenant, user, credential }))
    }

    /// The tenant.
    pub fn tenant(&self) -> &Stored<Tenant> {
        &self.0.tenant
    }

    /// The user.
    pub fn user(&self) -> &Stored<User> {
        &self.0.user
    }

    /// The user's id.
    pub fn user_id(&self) -> UserId {
        self.0.user.entity.id
    }

    /// What the user came in with.
    pub fn credential(&self) -> &Credential {
        &self.0.credential
    }

    /// The session, where the user came in with a token of one.
    pub fn session(&self) -> Option<&Stored<Session>> {
        match &self.0.credential {
            Credential::Session(session) => Some(session),
            Credential::ApiKey(_) => None,
        }
    }

    /// The user's roles at present.
    pub fn roles(&self) -> &[Role] {
        &self.0.user.entity.roles
    }

    /// How far the permission reaches: what the user's roles allow, as far as the key does.
    pub fn reach(&self, permission: Permission) -> Option<Reach> {
        let reach = Role::reach_of(self.roles(), permission)?;
        match &self.0.credential {
            Credential::Session(_) => Some(reach),
            Credential::ApiKey(key) => {
                key.entity.permissions().any(|allowed| allowed == permission).then_some(reach)
            }
        }
    }

    /// What may be done at present, by name.
    pub fn permissions(&self) -> Vec<Permission> {
        let all = Permission::ALL.iter().copied();
        all.filter(|permission| self.reach(*permission).is_some()).collect()
    }

    /// How well the user proved to be the user, and when. A key proves nothing about who holds it.
    pub fn proof(&self) -> Option<(Assurance, Timestamp)> {
        self.session().map(|session| (session.entity.assurance, session.entity.authenticated_at))
    }

    /// The user as one who asks for things of others.
    pub fn party(&self) -> Party {
        let user = &self.0.user.entity;
        Party { user: user.id, team: user.team.clone() }
    }

    /// The user as one whose deeds are recorded.
    pub fn actor(&self) -> Actor {
        match &self.0.credential {
            Credential::Session(session) => Actor::User(self.user_id(), session.entity.id),
            Credential::ApiKey(key) => Actor::ApiKey(self.user_id(), key.entity.id),
        }
    }
}

impl VerifiedTenant for Principal {
    fn tenant_id(&self) -> TenantId {
        self.0.tenant.entity.id
    }
}
