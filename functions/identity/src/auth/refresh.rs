//! Staying in.

use axum::extract::State;
use domain::{
    SessionId,
    account::{Reuse, Session},
    audit::{Action, Actor},
};
use serde::Deserialize;
use store::StoreError;
use utoipa::ToSchema;
use web::{ApiError, Data, Json};

use super::tokens::Tokens;
use crate::{
    Identity, error::AuthError, member::Member, person::Person, refresh_token::RefreshToken,
    sessions::NotContinued, visit::Visit,
};

/// The token that continues the session.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshInput {
    /// The refresh token that the last answer held.
    refresh_token: String,
}

/// Refresh the tokens
///
/// Answers with a new pair; the refresh token that was sent is used up. Answers get lost: for 30 seconds the same token may
/// be sent again, and the last answer is the one that counts. Any other used token that comes back ends its whole session,
/// as somebody has a copy of it.
#[utoipa::path(
    post,
    path = "/api/v1/auth/refresh",
    tag = super::TAG,
    request_body = RefreshInput,
    responses(
        (status = 200, description = "The next pair of tokens.", body = Data<Tokens>),
        (status = 401, description = "The refresh token is not valid, or not any more."),
        (status = 403, description = "The tenant is suspended.")
    )
)]
pub(crate) async fn refresh(
    State(identity): State<Identity>,
    visit: Visit,
    Json(body): Json<RefreshInput>,
) -> Result<Data<Tokens>, ApiError> {
    let presented = RefreshToken::open(&body.refresh_token, &identity.secrets)?;
    Ok(Data::new(identity.refresh(presented, &visit).await?))
}

impl Identity {
    async fn refresh(&self, presented: RefreshToken, visit: &Visit) -> Result<Tokens, AuthError> {
        let person = self.person(Member::claimed_by(&presented)).await?;
        let person = person.ok_or(AuthError::InvalidRefreshToken)?;
        // Before the token is used up: who is let in again goes on with it.
        person.require_open_tenant()?;
        let (user, tenant) = (&person.user.entity, &person.tenant.entity);
        let lifetimes = tenant.settings.sessions.lifetimes();
        match self.sessions().refresh(&presented, user, lifetimes).await {
            Ok(continued) => self.tokens(user, tenant.id, &continued.session, continued.token),
            Err(NotContinued::Reused(reuse)) => {
                self.end_stolen(&person, presented.session(), reuse, visit).await?;
                Err(AuthError::InvalidRefreshToken)
            }
            Err(NotContinued::Refused(error)) => Err(error),
        }
    }

    /// Ends a session of whose tokens somebody has a copy, and records it with that.
    async fn end_stolen(
        &self,
        person: &Person,
        session: SessionId,
        reuse: Reuse,
        visit: &Visit,
    ) -> Result<(), AuthError> {
        let user = person.user.entity.id;
        let audited = self.audited(person, visit, Action::SessionStolen, Actor::User(user, session))?;
        let reason = format!("a used refresh token came back: {}", reuse.as_str());
        let now = self.app.clock.now();
        let end = |session: Session| Ok::<_, StoreError>(session.end(now));
        let key = Session::key_of(user, session);
        audited.with(|event| event.because(&reason)).update(key.as_str(), end).await?;
        tracing::warn!(%session, reuse = reuse.as_str(), "a used refresh token came back");
        Ok(())
    }
}
