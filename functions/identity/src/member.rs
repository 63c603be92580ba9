//! Who somebody is before there is a token that says so.

use domain::{
    TenantId, UserId,
    account::{Account, Session},
};
use platform::IdSource;
use store::VerifiedTenant;

/// A user of a tenant, as a record of our own says; nothing that a client sends makes one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Member {
    tenant: TenantId,
    user: UserId,
}

impl Member {
    /// The first user of a tenant that is about to be made: so far, nobody.
    pub(crate) fn founder(ids: &IdSource) -> Self {
        Self { tenant: ids.id(), user: ids.id() }
    }

    /// The user that an account leads to.
    pub(crate) fn of_account(account: &Account) -> Self {
        Self { tenant: account.tenant_id, user: account.user_id }
    }

    /// The user that a session belongs to.
    pub(crate) fn of_session(session: &Session) -> Self {
        Self { tenant: session.tenant_id, user: session.user_id }
    }

    /// The user.
    pub(crate) fn user_id(&self) -> UserId {
        self.user
    }
}

impl VerifiedTenant for Member {
    fn tenant_id(&self) -> TenantId {
        self.tenant
    }
}
