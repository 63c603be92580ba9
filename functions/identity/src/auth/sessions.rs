//! Where a user is logged in.

use axum::extract::State;
use domain::{
    SessionId,
    account::{Assurance, Session, User},
    permission::{AccountRead, AccountWrite},
};
use jiff::Timestamp;
use serde::Serialize;
use store::{StoreError, Write};
use utoipa::ToSchema;
use web::{ApiError, Data, auth::Tenant};

use crate::Identity;

/// A login.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub(crate) struct SessionView {
    /// Its id.
    id: SessionId,
    /// Whether it is the one that asks.
    current: bool,
    /// When it was opened.
    created_at: Option<Timestamp>,
    /// When its tokens were last refreshed.
    refreshed_at: Timestamp,
    /// When it ends unless it is refreshed before.
    idle_until: Timestamp,
    /// When it ends.
    expires_at: Timestamp,
    /// When the user last proved to be the user.
    authenticated_at: Timestamp,
    /// How well.
    assurance: Assurance,
    /// What the client called itself.
    user_agent: Option<String>,
}

impl SessionView {
    pub(crate) fn new(session: &Session, current: Option<SessionId>) -> Self {
        Self {
            id: session.id,
            current: current == Some(session.id),
            created_at: session.id.created_at(),
            refreshed_at: session.rotated_at,
            idle_until: session.idle_until,
            expires_at: session.expires_at,
            authenticated_at: session.authenticated_at,
            assurance: session.assurance,
            user_agent: session.user_agent.clone(),
        }
    }
}

/// The write that takes the session at hand into its user's new epoch, so that it alone goes on; `change` is what else
/// becomes of it.
pub(crate) fn keep_session(
    tenant: &Tenant<AccountWrite>,
    user: &User,
    change: impl FnOnce(Session) -> Session,
) -> Result<Option<Write>, StoreError> {
    let epoch = user.session_epoch;
    let kept = tenant.principal.session().cloned();
    let kept = kept.map(|session| session.map(|session| Session { epoch, ..change(session) }));
    kept.map(|kept| tenant.store().write_changed(&kept)).transpose()
}

/// List the sessions
///
/// Where the user is logged in, the oldest login first.
#[utoipa::path(
    get,
    path = "/api/v1/auth/sessions",
    operation_id = "list_sessions",
    tag = super::TAG,
    security(("bearer" = ["account:read"])),
    responses((status = 200, description = "The user's open sessions.", body = Data<Vec<SessionView>>))
)]
pub(crate) async fn sessions(
    State(identity): State<Identity>,
    tenant: Tenant<AccountRead>,
) -> Result<Data<Vec<SessionView>>, ApiError> {
    let current = tenant.principal.session().map(|session| session.entity.id);
    let open = identity.sessions().of(&tenant.principal, &tenant.principal.user().entity).await?;
    Ok(Data::new(open.iter().map(|session| SessionView::new(session, current)).collect()))
}
