//! Getting out.

use axum::extract::State;
use domain::{
    SessionId,
    account::{Session, User},
    audit::Action,
    permission::AccountWrite,
};
use jiff::Timestamp;
use store::StoreError;
use web::{ApiError, NoContent, Path, auth::Tenant};

use crate::Identity;

/// Log out
///
/// Ends the session that the access token belongs to: neither it nor its refresh token is of any use from now on.
#[utoipa::path(
    post,
    path = "/api/v1/auth/logout",
    tag = super::TAG,
    security(("bearer" = ["account:write"])),
    responses((status = 204, description = "The session is over."))
)]
pub(crate) async fn logout(
    State(identity): State<Identity>,
    tenant: Tenant<AccountWrite>,
) -> Result<NoContent, ApiError> {
    if let Some(session) = tenant.principal.session() {
        end(&tenant, session.entity.id, identity.app.clock.now()).await?;
    }
    Ok(NoContent)
}

/// Log out everywhere
///
/// Ends all sessions of the user at once, this one too. API keys stay.
#[utoipa::path(
    post,
    path = "/api/v1/auth/logout-all",
    tag = super::TAG,
    security(("bearer" = ["account:write"])),
    responses((status = 204, description = "All sessions are over."))
)]
pub(crate) async fn logout_all(tenant: Tenant<AccountWrite>) -> Result<NoContent, ApiError> {
    let everywhere = tenant.audited(Action::SessionsEnded)?;
    let user = tenant.user_id();
    everywhere.update(&user, |user: User| Ok::<_, StoreError>(user.end_sessions())).await?;
    Ok(NoContent)
}

/// End a session
///
/// Logs out one of the user's own devices.
#[utoipa::path(
    delete,
    path = "/api/v1/auth/sessions/{id}",
    operation_id = "end_session",
    tag = super::TAG,
    security(("bearer" = ["account:write"])),
    params(("id" = SessionId, Path, description = "The session's id.")),
    responses((status = 204, description = "The session is over."))
)]
pub(crate) async fn end_session(
    State(identity): State<Identity>,
    tenant: Tenant<AccountWrite>,
    Path(id): Path<SessionId>,
) -> Result<NoContent, ApiError> {
    end(&tenant, id, identity.app.clock.now()).await?;
    Ok(NoContent)
}

async fn end(tenant: &Tenant<AccountWrite>, id: SessionId, now: Timestamp) -> Result<(), ApiError> {
    let key = Session::key_of(tenant.user_id(), id);
    let own = tenant.audited(Action::SessionEnded)?;
    own.update(&*key, |session: Session| Ok::<_, StoreError>(session.end(now))).await?;
    Ok(())
}
