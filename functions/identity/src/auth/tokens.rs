//! The pair of tokens that every way in answers with.

use domain::account::{Session, User};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Identity, error::AuthError, refresh_token::RefreshToken};

/// What a client goes on with.
#[derive(Serialize, ToSchema)]
pub(crate) struct Tokens {
    /// Send it with every request: `Authorization: Bearer <access token>`.
    access_token: String,
    /// How the access token is sent.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// For how many seconds the access token is good.
    #[schema(example = 900)]
    expires_in: i64,
    /// Gets the next pair, once, at `/api/v1/auth/refresh`.
    refresh_token: String,
    /// In how many seconds the session ends, however often it is refreshed.
    #[schema(example = 2_592_000)]
    refresh_expires_in: i64,
}

impl Identity {
    /// A new access token, beside the session's next refresh token.
    pub(crate) fn tokens(
        &self,
        user: &User,
        session: &Session,
        refresh_token: RefreshToken,
    ) -> Result<Tokens, AuthError> {
        let now = self.app.clock.now();
        let access = self.access_tokens.issue(user, session, self.app.ids.secret(), now)?;
        Ok(Tokens {
            access_token: access.token,
            token_type: "Bearer",
            expires_in: access.expires_in,
            refresh_token: refresh_token.into_text(),
            refresh_expires_in: session.expires_at.as_second() - now.as_second(),
        })
    }
}
