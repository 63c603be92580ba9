//! The end of a user's data (GDPR, article 17).

use axum::extract::State;
use domain::{
    ApiKeyId, UserId,
    account::{Account, Session, User, UserStatus},
    api_key::ApiKey,
    audit::Action,
    factors::Factors,
    id::Id,
    passkey::PasskeyEntry,
    permission::{AccountWrite, UsersWrite},
    role::Role,
};
use store::{Listing, Order, Scope, StoreError, Stored, Write};
use web::{ApiError, NoContent, Path, auth::Tenant};

use super::roles::check_roles;
use crate::{Identity, auth::FRESH, error::AuthError};

/// Erase oneself
///
/// Deletes the account with all that is kept of the user: address, profile, sessions, second factors, API keys. What the
/// user made for the tenant stays, and so does the audit log, which knows the user by id only. An admin can go when there is
/// another one. Needs a login within the last ten minutes.
#[utoipa::path(
    delete,
    path = "/api/v1/users/me",
    operation_id = "erase_me",
    tag = super::TAG,
    security(("bearer" = ["account:write"])),
    responses(
        (status = 204, description = "The user is gone."),
        (status = 409, description = "The user is the tenant's only admin.")
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
            let other = other_admin(&store, user.entity.id).await?;
            let other =
                other.ok_or(AuthError::Conflict("You are the only admin; make somebody else one first."))?;
            writes.push(store.write_changed(&other)?);
        }
        self.erase(tenant, user, writes).await
    }

    /// What depends on the user goes first: when this ends early, the user is there yet and can be erased again.
    async fn erase<P>(
        &self,
        tenant: &Tenant<P>,
        user: Stored<User>,
        mut writes: Vec<Write>,
    ) -> Result<(), AuthError> {
        let (store, id) = (tenant.store(), user.entity.id);
        for session in store.list_prefixed::<Session>(&Session::keys_of(id)).await? {
            let own = tenant.principal.session().is_some_and(|own| own.entity.id == session.entity.id);
            if !own {
                gone(store.delete::<Session>(&Session::key_of(id, session.entity.id), None).await)?;
            }
        }
        for key in self.keys_of(&store, id).await? {
            gone(store.delete::<ApiKey>(&key.entity.id, None).await)?;
        }
        self.erase_factors(&store, id).await?;
        let account = Account::key_of(&user.entity.email);
        writes.push(self.app.store().accounts().write_deleted::<Account>(&account, None)?);
        writes.push(store.write_deleted::<User>(&id, Some(user.version))?);
        let audited = tenant.audited(Action::UserErased)?.with(|event| event.on::<User>(id));
        audited.transact(writes).await?;
        Ok(())
    }

    /// The factors, and what leads from passkeys to them.
    async fn erase_factors(&self, store: &Scope, user: UserId) -> Result<(), StoreError> {
        let accounts = self.app.store().accounts();
        let factors = store.find::<Factors>(&user).await?;
        for passkey in factors.map(|stored| stored.entity.passkeys).unwrap_or_default() {
            let entry = PasskeyEntry::key_of(&passkey.credential_id);
            gone(accounts.delete::<PasskeyEntry>(&entry, None).await)?;
        }
        gone(store.delete::<Factors>(&user, None).await)
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

fn gone(deleted: Result<(), StoreError>) -> Result<(), StoreError> {
    match deleted {
        Err(StoreError::NotFound) => Ok(()),
        other => other,
    }
}

/// An active admin besides this user.
async fn other_admin(store: &Scope, user: UserId) -> Result<Option<Stored<User>>, StoreError> {
    let mut after = None;
    loop {
        let listing =
            Listing { limit: 200, order: Order::Descending, after, filters: Vec::new(), group: None };
        let page = store.list::<User>(listing).await?;
        let found = page.items.into_iter().find(|stored| {
            let other = &stored.entity;
            other.id != user
                && other.status == UserStatus::Active
                && other.highest_role() >= Some(Role::Admin)
        });
        if found.is_some() || page.next.is_none() {
            return Ok(found);
        }
        after = page.next;
    }
}
