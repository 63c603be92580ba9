//! All that is kept of a user (GDPR, articles 15 and 20).

use axum::extract::State;
use domain::{
    account::{Session, User},
    api_key::ApiKey,
    audit::Action,
    permission::AccountRead,
};
use jiff::Timestamp;
use serde::Serialize;
use store::Stored;
use utoipa::ToSchema;
use web::{ApiError, Data, auth::Tenant};

use super::profile::ProfileView;
use crate::{
    Identity,
    api_keys::ApiKeyView,
    auth::{FRESH, SessionView, UserView},
    passkeys::PasskeyView,
};

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
    /// How many recovery codes are left.
    recovery_codes_left: usize,
}

/// Export one's data
///
/// All that is kept of the user itself. What it did is in the tenant's audit log. Needs a login within the last ten minutes.
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
        api_keys: keys.into_iter().map(|key: Stored<ApiKey>| key.into()).collect(),
        recovery_codes_left: factors.recovery_codes.len(),
        passkeys: factors.passkeys.into_iter().map(Into::into).collect(),
    }))
}
