//! From a credential to who it belongs to, as the store knows them at this moment: one call that reads three items.
//!
//! This is what makes a logout, a changed role, a disabled user and a suspended tenant take effect at the next request,
//! everywhere.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use axum::http::StatusCode;
use domain::{
    ApiKeyId, SessionId, TenantId, UserId,
    account::{Session, Tenant, TenantStatus, User},
    api_key::{ApiKey, ApiKeyText},
    limit::Plan,
};
use jiff::SignedDuration;
use store::{Store, StoreError, VerifiedTenant};

use super::{Credential, Principal, VerifiedClaims};
use crate::{ApiError, App};

/// How exactly a key's last use is kept; a finer one would cost a write a request.
const LAST_USE: SignedDuration = SignedDuration::from_hours(1);
const REMEMBERED: usize = 4_096;

/// What earlier requests have taught, and what no decision about access rests upon: plans, which choose a quota, whose a key
/// is, which never changes, and which sessions are over.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    plans: Arc<Mutex<HashMap<TenantId, Plan>>>,
    keys: Arc<Mutex<HashMap<ApiKeyId, UserId>>>,
    over: Arc<Mutex<HashSet<SessionId>>>,
}

impl Known {
    /// The tenant's plan at its last request.
    pub(super) fn plan(&self, tenant: TenantId) -> Option<Plan> {
        self.plans.lock().unwrap_or_else(PoisonError::into_inner).get(&tenant).cloned()
    }

    /// Whether an earlier request has found the session to be over.
    pub(super) fn is_over(&self, session: SessionId) -> bool {
        self.over.lock().unwrap_or_else(PoisonError::into_inner).contains(&session)
    }

    /// That a request has found the session to be over.
    pub(super) fn note_over(&self, session: SessionId) {
        let mut over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        if over.len() >= REMEMBERED {
            over.clear();
        }
        over.insert(session);
    }
}

fn remember<K: Eq + Hash, V>(known: &Mutex<HashMap<K, V>>, key: K, value: V) {
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= REMEMBERED && !known.contains_key(&key) {
        known.clear();
    }
    known.insert(key, value);
}

pub(super) async fn by_session(app: &App, claims: &VerifiedClaims) -> Result<Principal, ApiError> {
    let own = Store::tenant(&app.store, claims);
    let session = Session::key_of(claims.sub, claims.sid);
    let found = own.find_together::<Session, User, Tenant>((&session, &claims.sub, &claims.tid)).await?;
    let over = || ApiError::unauthorized("The session is over. Log in again.");
    let (Some(session), Some(user), Some(tenant)) = found else { return Err(over()) };
    if !session.entity.is_open_for(&user.entity, app.clock.now()) {
        return Err(over());
    }
    admit(app, Principal::new(tenant, user, Credential::Session(session)))
}

pub(super) async fn by_api_key(app: &App, text: &ApiKeyText) -> Result<Principal, ApiError> {
    let invalid = || ApiError::unauthorized("The API key is not valid.");
    if text.stage() != app.stage {
        return Err(invalid());
    }
    let own = Store::tenant(&app.store, &Claimed(text.tenant()));
    let known = app.known.keys.lock().unwrap_or_else(PoisonError::into_inner).get(&text.id()).copied();
    let user = match known {
        Some(user) => user,
        None => own.find::<ApiKey>(&text.id()).await?.ok_or_else(invalid)?.entity.user_id,
    };
    let found = own.find_together::<ApiKey, User, Tenant>((&text.id(), &user, &text.tenant())).await?;
    let (Some(key), Some(user), Some(tenant)) = found else { return Err(invalid()) };
    let now = app.clock.now();
    if !key.entity.admits(text, &user.entity, now) {
        return Err(invalid());
    }
    remember(&app.known.keys, key.entity.id, key.entity.user_id);
    let stale = key.entity.last_used_at.is_none_or(|at| now.duration_since(at) >= LAST_USE);
    if stale {
        let used = key.clone().map(|key| ApiKey { last_used_at: Some(now), ..key });
        match own.replace(used).await {
            // Another request was first, or the key was changed: the next one will see.
            Ok(_) | Err(StoreError::VersionMismatch(_) | StoreError::NotFound | StoreError::Contended) => {}
            Err(error) => return Err(error.into()),
        }
    }
    admit(app, Principal::new(tenant, user, Credential::ApiKey(key)))
}

/// Lets everybody in whose tenant is not suspended.
fn admit(app: &App, principal: Principal) -> Result<Principal, ApiError> {
    let tenant = &principal.tenant().entity;
    remember(&app.known.plans, tenant.id, tenant.settings.plan());
    match tenant.status {
        TenantStatus::Active => Ok(principal),
        TenantStatus::Suspended => Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "tenant-suspended",
            "The tenant is suspended; its data is kept. Ask whoever runs Ballast.",
        )),
    }
}

/// The tenant that a key says it belongs to: good for finding the key, and for nothing before its secret was compared.
struct Claimed(TenantId);

impl VerifiedTenant for Claimed {
    fn tenant_id(&self) -> TenantId {
        self.0
    }
}
