//! Who somebody is before there is a token that says so.

use domain::{
    TenantId, UserId,
    account::{Account, DomainClaim},
    challenge::Subject,
    passkey::PasskeyEntry,
};
use platform::IdSource;
use store::VerifiedTenant;

use crate::refresh_token::RefreshToken;

/// A user of a tenant, as a record of our own says, or as a token says whose secret is compared next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Member {
    tenant: TenantId,
    user: UserId,
}

impl Member {
    /// The first user of a tenant that is about to be made: so far, nobody.
    pub(crate) fn founder(ids: &IdSource) -> Self {
        Self { tenant: ids.id(), user: ids.id() }
    }

    /// A user who is about to join the tenant that has the domain of the user's address.
    pub(crate) fn newcomer(claim: &DomainClaim, ids: &IdSource) -> Self {
        Self { tenant: claim.tenant_id, user: ids.id() }
    }

    /// The user that an account leads to.
    pub(crate) fn of_account(account: &Account) -> Self {
        Self { tenant: account.tenant_id, user: account.user_id }
    }

    /// The user that a passkey leads to.
    pub(crate) fn of_passkey(entry: &PasskeyEntry) -> Self {
        Self { tenant: entry.tenant_id, user: entry.user_id }
    }

    /// The user that a challenge is about.
    pub(crate) fn of_subject(subject: Subject) -> Self {
        Self { tenant: subject.tenant, user: subject.user }
    }

    /// The user that a refresh token of ours was made for. Whether the token still counts, its session says.
    pub(crate) fn claimed_by(token: &RefreshToken) -> Self {
        Self { tenant: token.tenant(), user: token.user() }
    }

    /// A user of the tenant of somebody who is logged in.
    pub(crate) fn colleague(of: &impl VerifiedTenant, user: UserId) -> Self {
        Self { tenant: of.tenant_id(), user }
    }

    /// The user.
    pub(crate) fn user_id(&self) -> UserId {
        self.user
    }

    /// The user as a challenge's subject.
    pub(crate) fn subject(&self) -> Subject {
        Subject { tenant: self.tenant, user: self.user }
    }
}

impl VerifiedTenant for Member {
    fn tenant_id(&self) -> TenantId {
        self.tenant
    }
}
