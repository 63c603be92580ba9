//! The end of a user's data (GDPR, article 17).

use axum::extract::State;
use domain::{
    ApiKeyId, UserId,
    account::{Account, DomainClaim, Session, Tenant as TenantEntity, TenantStatus, User, UserStatus},
    api_key::ApiKey,
    audit::Action,
    factors::Factors,
    id::Id,
    passkey::PasskeyEntry,
    permission::{AccountWrite, UsersWrite},
    role::Role,
};
use store::{Scope, StoreError, Stored, Write};
use web::{ApiError, NoContent, Path, auth::Tenant};

use super::roles::check_roles;
use crate::{Identity, auth::FRESH, error::AuthError};

/// How much of what depends on a user is deleted together with it: a transaction takes 100 writes.
const AT_ONCE: usize = 60;

/// Erase oneself
///
/// Deletes the account with all that is kept of the user: address, profile, sessions, second factors, API keys. What the
/// user made for the tenant stays, and so does the audit log, which knows the user by id only. An admin can go when there is
/// another one, or nobody else at all: then the tenant is closed. Needs a login within the last ten minutes.
#[utoipa::path(
    delete,
    path = "/api/v1/users/me",
    operation_id = "erase_me",
    tag = super::TAG,
    security(("bearer" = ["account:write"])),
    responses(
        (status = 204, description = "The user is gone."),
        (status = 409, description = "The user is the only admin, and not the only user.")
    )
)]
pub(crate) async fn erase_me(
    State(identity): State<Identity>,
    tenant: Tenant<AccountWrite>,
) -> Result<NoContent, ApiError> {
    tenant.require_fresh_login(FRESH)?;
    identity.erase_me(&tenant).await?;
    Ok(NoContent)
}

/// Erase a user
///
/// Deletes a colleague's account with all that is kept of it. Nobody erases somebody above them. Needs a login within the
/// last ten minutes.
#[utoipa::path(
    delete,
    path = "/api/v1/users/{id}",
    operation_id = "erase_user",
    tag = super::TAG,
    security(("bearer" = ["users:write"])),
    params(("id" = UserId, Path, description = "The user's id.")),
    responses((status = 204, description = "The user is gone."))
)]
pub(crate) async fn erase_user(
    State(identity): State<Identity>,
    tenant: Tenant<UsersWrite>,
    Path(id): Path<UserId>,
) -> Result<NoContent, ApiError> {
    let store = tenant.store();
    let user = store.get::<User>(&id).await?;
    tenant.require_fresh_login(FRESH)?;
    if id == tenant.user_id() {
        return Err(AuthError::Forbidden("Erase yourself at /api/v1/users/me.").into());
    }
    check_roles(tenant.principal.roles(), &user.entity.roles, &[])?;
    // Written along unchanged, so that two admins can't erase each other at the same time.
    let kept = store.write_changed(tenant.principal.user())?;
    identity.erase(&tenant, user, vec![kept]).await?;
    Ok(NoContent)
}

impl Identity {
    async fn erase_me(&self, tenant: &Tenant<AccountWrite>) -> Result<(), AuthError> {
        let (store, user) = (tenant.store(), tenant.principal.user().clone());
        let mut writes = Vec::new();
        if user.entity.highest_role() >= Some(Role::Admin) {
            let mut others = store.list_prefixed::<User>(UserId::PREFIX).await?;
            others.retain(|other| other.entity.id != user.entity.id);
            match others.iter().find(|other| is_admin(&other.entity)) {
                // Written along unchanged, so that two admins can't go at the same time.
                Some(other) => writes.push(store.write_changed(other)?),
                None if others.is_empty() => writes.extend(self.close(tenant)?),
                None => {
                    return Err(AuthError::Conflict("You are the only admin; make somebody else one first."));
                }
            }
        }
        self.erase(tenant, user, writes).await
    }

    /// The writes that close a tenant whose last user goes: it is suspended, and its domains are free again.
    fn close(&self, tenant: &Tenant<AccountWrite>) -> Result<Vec<Write>, StoreError> {
        let closed = tenant.principal.tenant().clone();
        let closed = closed.map(|tenant| TenantEntity { status: TenantStatus::Suspended, ..tenant });
        let accounts = self.app.store().accounts();
        let mut writes = vec![tenant.store().write_changed(&closed)?];
        for domain in &closed.entity.settings.domains {
            writes.push(accounts.write_deleted::<DomainClaim>(domain, None)?);
        }
        Ok(writes)
    }

    /// Deletes the user with all that depends on it, and records that, in one transaction. Who has more than fits into one
    /// is gone with it all the same: what is left is of no use without its user, and is deleted next.
    async fn erase<P>(
        &self,
        tenant: &Tenant<P>,
        user: Stored<User>,
        mut writes: Vec<Write>,
    ) -> Result<(), AuthError> {
        let (store, id) = (tenant.store(), user.entity.id);
        let account = Account::key_of(&user.entity.email);
        let accounts = self.app.store().accounts();
        // Who was only invited has none, and another tenant's user may.
        let own = accounts.find::<Account>(&account).await?.filter(|account| account.entity.user_id == id);
        if let Some(own) = own {
            writes.push(accounts.write_deleted::<Account>(&account, Some(own.version))?);
        }
        writes.push(store.write_deleted::<User>(&id, Some(user.version))?);
        let mut rest = self.dependents(&store, id).await?;
        writes.extend(rest.drain(..rest.len().min(AT_ONCE)));
        let audited = tenant.audited(Action::UserErased)?.with(|event| event.on::<User>(id));
        match audited.transact(writes).await {
            Ok(()) => {}
            Err(StoreError::NotFound | StoreError::VersionMismatch(_)) => {
                return Err(AuthError::Conflict("The user was changed at the same time; try again."));
            }
            Err(error) => return Err(error.into()),
        }
        for left in rest {
            match self.app.store().transact(vec![left]).await {
                Ok(()) | Err(StoreError::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// The deletions of what depends on a user: factors, what leads from passkeys to them, API keys, sessions, the latest first.
    async fn dependents(&self, store: &Scope, id: UserId) -> Result<Vec<Write>, StoreError> {
        let mut deletions = Vec::new();
        if let Some(factors) = store.find::<Factors>(&id).await? {
            let accounts = self.app.store().accounts();
            deletions.push(store.write_deleted::<Factors>(&id, None)?);
            for passkey in &factors.entity.passkeys {
                let entry = PasskeyEntry::key_of(&passkey.credential_id);
                deletions.push(accounts.write_deleted::<PasskeyEntry>(&entry, None)?);
            }
        }
        for key in self.keys_of(store, id).await? {
            deletions.push(store.write_deleted::<ApiKey>(&key.entity.id, None)?);
        }
        for session in store.list_prefixed::<Session>(&Session::keys_of(id)).await?.iter().rev() {
            let key = Session::key_of(id, session.entity.id);
            deletions.push(store.write_deleted::<Session>(&key, None)?);
        }
        Ok(deletions)
    }

    /// All API keys of a user.
    pub(crate) async fn keys_of(
        &self,
        store: &Scope,
        user: UserId,
    ) -> Result<Vec<Stored<ApiKey>>, StoreError> {
        let all = store.list_prefixed::<ApiKey>(ApiKeyId::PREFIX).await?;
        Ok(all.into_iter().filter(|key| key.entity.user_id == user).collect())
    }
}

fn is_admin(user: &User) -> bool {
    user.status == UserStatus::Active && user.highest_role() >= Some(Role::Admin)
}
