//! All that is kept of a user (GDPR, articles 15 and 20).

use axum::extract::State;
use domain::{
    UserId,
    account::{Session, User},
    api_key::ApiKey,
    audit::{Action, Entry},
    permission::AccountRead,
};
use jiff::Timestamp;
use serde::Serialize;
use store::{Order, Scope, StoreError, Stored};
use utoipa::ToSchema;
use web::{ApiError, Data, auth::Tenant};

use super::profile::ProfileView;
use crate::{
    Identity,
    api_keys::ApiKeyView,
    auth::{FRESH, SessionView, UserView},
    passkeys::PasskeyView,
};

/// How many of the tenant's events are looked at.
const SEARCHED: usize = 5_000;

/// What is kept of a user.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Export {
    /// When it was put together.
    exported_at: Timestamp,
    /// The account.
    user: UserView,
    /// The address as the person wrote it.
    mailbox: String,
    /// What the person tells of itself.
    profile: ProfileView,
    /// The logins that are kept, over or not.
    sessions: Vec<SessionView>,
    /// The API keys, without their secrets.
    api_keys: Vec<ApiKeyView>,
    /// The passkeys, of which only the person's devices know the secrets.
    passkeys: Vec<PasskeyView>,
    /// When the app that shows codes was confirmed; `null` without one.
    totp_confirmed_at: Option<Timestamp>,
    /// How many recovery codes are left.
    recovery_codes_left: usize,
    /// What the user did, the newest first, as far as it is among the tenant's last 5,000 events.
    events: Vec<ExportedEvent>,
}

/// An event of the audit log that the user caused.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExportedEvent {
    /// When it happened.
    at: Timestamp,
    /// What was done.
    #[schema(value_type = String, example = "portfolio.changed")]
    action: Action,
    /// The kind of thing that it was done to.
    target_kind: Option<String>,
    /// Which one.
    target_id: Option<String>,
    /// From which address, as a keyed hash.
    address: Option<String>,
    /// In which request.
    request_id: Option<String>,
    /// Why, where there is a reason.
    reason: Option<String>,
}

impl From<Entry> for ExportedEvent {
    fn from(entry: Entry) -> Self {
        let (target_kind, target_id) = entry.target.map(|target| (target.kind, target.id)).unzip();
        Self {
            at: entry.at,
            action: entry.action,
            target_kind,
            target_id,
            address: entry.address,
            request_id: entry.request,
            reason: entry.reason,
        }
    }
}

/// Export one's data
///
/// All that is kept of the user itself, and what it did. What it made, its tasks and portfolios, is the tenant's, and no part
/// of it. Needs a login within the last ten minutes.
#[utoipa::path(
    get,
    path = "/api/v1/users/me/export",
    operation_id = "export_me",
    tag = super::TAG,
    security(("bearer" = ["account:read"])),
    responses((status = 200, description = "The user's data.", body = Data<Export>))
)]
pub(crate) async fn export_me(
    State(identity): State<Identity>,
    tenant: Tenant<AccountRead>,
) -> Result<Data<Export>, ApiError> {
    tenant.require_fresh_login(FRESH)?;
    let user: Stored<User> = tenant.principal.user().clone();
    let id = user.entity.id;
    let sessions = tenant.store().list_prefixed::<Session>(&Session::keys_of(id)).await?;
    let keys = identity.keys_of(&tenant.store(), id).await?;
    let (factors, _) = identity.factors(&tenant.principal, id).await?;
    tenant.audited(Action::UserExported)?.with(|event| event.on::<User>(id)).record().await?;
    let current = tenant.principal.session().map(|session| session.entity.id);
    Ok(Data::new(Export {
        exported_at: identity.app.clock.now(),
        mailbox: user.entity.mailbox.clone(),
        user: user.clone().into(),
        profile: user.into(),
        sessions: sessions.iter().map(|session| SessionView::new(&session.entity, current)).collect(),
        totp_confirmed_at: factors.confirmed_totp().and_then(|totp| totp.confirmed_at),
        events: events_of(&tenant.store(), id).await?,
        api_keys: keys.into_iter().map(|key: Stored<ApiKey>| key.into()).collect(),
        recovery_codes_left: factors.recovery_codes.len(),
        passkeys: factors.passkeys.into_iter().map(Into::into).collect(),
    }))
}

/// The last events that a user caused, the newest first.
async fn events_of(store: &Scope, user: UserId) -> Result<Vec<ExportedEvent>, StoreError> {
    let (mut events, mut below, mut searched) = (Vec::new(), None, 0);
    loop {
        let (slots, more) = store.audit_slots(below, Order::Descending).await?;
        searched += slots.len();
        below = slots.last().and_then(|slot| slot.key.parse().ok());
        let entries = slots.into_iter().filter_map(|slot| slot.record?.entry().ok());
        events.extend(entries.filter(|entry| entry.actor.user() == Some(user)).map(ExportedEvent::from));
        if !more || below.is_none() || searched >= SEARCHED {
            return Ok(events);
        }
    }
}
