//! Staying in.

use axum::extract::State;
use domain::audit::{Action, Actor};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{ApiError, Data, Json};

use super::tokens::Tokens;
use crate::{Identity, error::AuthError, member::Member, refresh_token::RefreshToken, visit::Visit};

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
    Ok(Data::new(identity.refresh(body.refresh_token.parse()?, &visit).await?))
}

impl Identity {
    async fn refresh(&self, presented: RefreshToken, visit: &Visit) -> Result<Tokens, AuthError> {
        let person = self.person(Member::claimed_by(&presented)).await?;
        let person = person.ok_or(AuthError::InvalidRefreshToken)?;
        let (user, tenant) = (&person.user.entity, &person.tenant.entity);
        let lifetimes = tenant.settings.sessions.lifetimes();
        match self.sessions().refresh(&presented, user, lifetimes).await {
            Ok(continued) => {
                person.require_open_tenant()?;
                self.tokens(user, tenant.id, &continued.session, continued.token)
            }
            Err(Ok(reuse)) => {
                let actor = Actor::User(user.id, presented.session());
                let audited = self.audited(&person, visit, Action::SessionStolen, actor)?;
                let reason = format!("a used refresh token came back: {}", reuse.as_str());
                audited.with(|event| event.because(&reason)).record().await?;
                tracing::warn!(session = %presented.session(), reuse = reuse.as_str(), "a used refresh token came back");
                Err(AuthError::InvalidRefreshToken)
            }
            Err(Err(error)) => Err(error),
        }
    }
}
