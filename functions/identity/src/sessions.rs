//! Sessions: opened by a login, continued by refresh tokens that are good for one use each, ended once.
//!
//! Refresh and logout change one item under a condition on its version, so of several that run at the same time exactly
//! one comes first, and the others see what it did.

use domain::{SessionId, account::Session};
use jiff::SignedDuration;
use platform::{Clock, IdSource};
use store::{Scope, StoreError, Stored, VerifiedTenant};
use web::App;

use crate::{error::AuthError, member::Member, refresh_token::RefreshToken};

/// How long a session lasts, however often it is continued.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 30);

/// The sessions of all users.
pub(crate) struct Sessions {
    accounts: Scope,
    clock: Clock,
    ids: IdSource,
}

impl Sessions {
    pub(crate) fn new(app: &App) -> Self {
        Self { accounts: app.store().accounts(), clock: app.clock.clone(), ids: app.ids.clone() }
    }

    /// A session that is yet to be written, and the token that continues it.
    pub(crate) fn open(&self, member: &Member) -> (Session, RefreshToken) {
        let id = self.ids.id();
        let token = RefreshToken::new(id, self.ids.secret());
        let session = Session {
            id,
            tenant_id: member.tenant_id(),
            user_id: member.user_id(),
            refresh_token_hash: token.hash(),
            expires_at: self.clock.now() + LIFETIME,
            ended_at: None,
        };
        (session, token)
    }

    /// Opens a session.
    pub(crate) async fn start(&self, member: &Member) -> Result<(Session, RefreshToken), AuthError> {
        let (session, token) = self.open(member);
        Ok((self.accounts.create(session).await?.entity, token))
    }

    /// The session, if it is open.
    pub(crate) async fn find(&self, id: SessionId) -> Result<Stored<Session>, AuthError> {
        let found = self.accounts.find::<Session>(&id).await?;
        found.filter(|stored| stored.entity.is_open(self.clock.now())).ok_or(AuthError::SessionOver)
    }

    /// The session that a refresh token continues. Any other token of the session was used before, or was made up by
    /// somebody who knows the session's id: either way the session ends.
    pub(crate) async fn find_by(&self, token: &RefreshToken) -> Result<Stored<Session>, AuthError> {
        let stored = self.find(token.session()).await.map_err(|error| match error {
            AuthError::SessionOver => AuthError::InvalidRefreshToken,
            error => error,
        })?;
        if token.continues(&stored.entity) {
            return Ok(stored);
        }
        self.end(stored.entity.id).await?;
        Err(AuthError::InvalidRefreshToken)
    }

    /// Uses a session's refresh token up and makes the next one.
    ///
    /// Who loses a race here has presented a token that was used a moment before, so the session ends, as for every used
    /// token; or it has ended already.
    pub(crate) async fn rotate(&self, found: Stored<Session>) -> Result<(Session, RefreshToken), AuthError> {
        let id = found.entity.id;
        let next = RefreshToken::new(id, self.ids.secret());
        match self.accounts.replace(found.map(|session| session.rotate(next.hash()))).await {
            Ok(stored) => Ok((stored.entity, next)),
            Err(StoreError::VersionMismatch(_) | StoreError::NotFound) => {
                self.end(id).await?;
                Err(AuthError::InvalidRefreshToken)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Ends a session; one that is over stays as it is.
    pub(crate) async fn end(&self, id: SessionId) -> Result<(), StoreError> {
        let now = self.clock.now();
        match self.accounts.update(&id, |session: Session| Ok::<_, StoreError>(session.end(now))).await {
            Ok(_) | Err(StoreError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
