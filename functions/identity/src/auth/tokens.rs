//! What every way in ends with: the pair of tokens, or word that something is missing yet.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{
    ChallengeId,
    account::{Session, User},
    audit::{Action, Actor},
    challenge::Challenge,
};
use serde::Serialize;
use store::Write;
use utoipa::ToSchema;
use web::Data;

use crate::{
    Identity, error::AuthError, person::Person, refresh_token::RefreshToken, sessions::Entrance, visit::Visit,
};

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

/// What is missing yet.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Missing {
    /// The six digits that were mailed, if the address has an account that may use them.
    EmailCode,
    /// A code of the app, a recovery code, or a passkey (`/api/v1/auth/passkeys/verify`).
    SecondFactor,
}

/// The session opens once the challenge is answered at `/api/v1/auth/verify`, or with a passkey.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Pending {
    /// Which challenge.
    challenge_id: ChallengeId,
    /// What it asks for.
    missing: Missing,
    /// For how many seconds it may be answered.
    #[schema(example = 600)]
    expires_in: i64,
}

/// How an attempt to get in went, when it did not fail.
pub(crate) enum Entered {
    /// The session is open.
    Open(Tokens),
    /// Something is missing yet.
    Pending(Pending),
}

impl IntoResponse for Entered {
    fn into_response(self) -> Response {
        match self {
            Self::Open(tokens) => Data::new(tokens).into_response(),
            Self::Pending(pending) => (StatusCode::ACCEPTED, axum::Json(Data::new(pending))).into_response(),
        }
    }
}

impl Identity {
    /// A new access token, beside the session's next refresh token.
    pub(crate) fn tokens(
        &self,
        user: &User,
        tenant: domain::TenantId,
        session: &Session,
        refresh_token: RefreshToken,
    ) -> Result<Tokens, AuthError> {
        let now = self.app.clock.now();
        let access = self.access_tokens.issue(user, tenant, session, self.app.ids.secret(), now)?;
        Ok(Tokens {
            access_token: access.token,
            token_type: "Bearer",
            expires_in: access.expires_in,
            refresh_token: refresh_token.into_text(),
            refresh_expires_in: session.expires_at.as_second() - now.as_second(),
        })
    }

    /// Word that this challenge is to be answered.
    pub(crate) fn pending(&self, challenge: &Challenge, missing: Missing) -> Pending {
        let expires_in = challenge.expires_at.as_second() - self.app.clock.now().as_second();
        Pending { challenge_id: challenge.id, missing, expires_in }
    }

    /// Opens a session together with other writes of the login; `note` goes into the record.
    pub(crate) async fn let_in(
        &self,
        person: &Person,
        entrance: Entrance,
        visit: &Visit,
        mut writes: Vec<Write>,
        note: Option<String>,
    ) -> Result<Tokens, AuthError> {
        person.require_open_tenant()?;
        let (user, tenant) = (&person.user.entity, &person.tenant.entity);
        let (session, token) = self.sessions().open(user, tenant, entrance);
        writes.push(self.own(person).write_new(&session)?);
        let actor = Actor::User(user.id, session.id);
        let audited = self.audited(person, visit, Action::SessionOpened, actor)?;
        let audited = audited.changed(None, Some(&session));
        let audited = match note {
            Some(note) => audited.with(|event| event.because(&note)),
            None => audited,
        };
        audited.transact(writes).await?;
        self.tokens(user, tenant.id, &session, token)
    }
}
