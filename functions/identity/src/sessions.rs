//! Sessions: opened by a login, continued by refresh tokens, ended once.

use domain::account::{Assurance, Lifetimes, Refused, Reuse, Session, Tenant, User};
use platform::{Clock, IdSource};
use store::{Scope, StoreError, VerifiedTenant};
use web::App;

use crate::{
    error::AuthError,
    member::Member,
    refresh_token::{RefreshToken, SessionName},
    secrets::Secrets,
    state::Identity,
};

/// The longest name of a client that is kept.
const MAXIMUM_USER_AGENT: usize = 200;

/// How somebody got in.
#[derive(Debug, Clone)]
pub(crate) struct Entrance {
    pub(crate) assurance: Assurance,
    pub(crate) user_agent: Option<String>,
}

impl Entrance {
    pub(crate) fn new(assurance: Assurance, user_agent: Option<&str>) -> Self {
        let fit = |text: &str| {
            text.chars().filter(|c| !c.is_control()).take(MAXIMUM_USER_AGENT).collect::<String>()
        };
        Self { assurance, user_agent: user_agent.map(fit) }
    }
}

/// The sessions of all users.
pub(crate) struct Sessions {
    app: App,
    clock: Clock,
    ids: IdSource,
    secrets: Secrets,
}

/// A session that was continued.
pub(crate) struct Continued {
    pub(crate) session: Session,
    pub(crate) token: RefreshToken,
}

/// Why a session was not continued.
pub(crate) enum NotContinued {
    /// The token was used before: the session must end.
    Reused(Reuse),
    /// Anything else.
    Refused(AuthError),
}

impl<E: Into<AuthError>> From<E> for NotContinued {
    fn from(error: E) -> Self {
        Self::Refused(error.into())
    }
}

impl Sessions {
    pub(crate) fn new(identity: &Identity) -> Self {
        let app = identity.app.clone();
        Self { clock: app.clock.clone(), ids: app.ids.clone(), app, secrets: identity.secrets.clone() }
    }

    fn scope(&self, member: &impl VerifiedTenant) -> Scope {
        self.app.store().tenant(member)
    }

    /// A session that is yet to be written, and the token that continues it.
    pub(crate) fn open(&self, user: &User, tenant: &Tenant, entrance: Entrance) -> (Session, RefreshToken) {
        let now = self.clock.now();
        let Lifetimes { absolute, idle } = tenant.settings.sessions.lifetimes();
        let name = SessionName { tenant: tenant.id, user: user.id, session: self.ids.id() };
        let token = RefreshToken::new(name, self.ids.secret(), &self.secrets);
        let expires_at = now + absolute;
        let session = Session {
            id: name.session,
            user_id: user.id,
            epoch: user.session_epoch,
            authenticated_at: now,
            assurance: entrance.assurance,
            refresh_token_hash: token.hash(),
            previous_token_hash: None,
            rotated_at: now,
            idle_until: expires_at.min(now + idle),
            expires_at,
            ended_at: None,
            user_agent: entrance.user_agent,
        };
        (session, token)
    }

    /// The user's sessions that are open, the oldest first.
    pub(crate) async fn of(
        &self,
        tenant: &impl VerifiedTenant,
        user: &User,
    ) -> Result<Vec<Session>, StoreError> {
        let now = self.clock.now();
        let all = self.scope(tenant).list_prefixed::<Session>(&Session::keys_of(user.id)).await?;
        let open =
            all.into_iter().map(|stored| stored.entity).filter(|session| session.is_open_for(user, now));
        Ok(open.collect())
    }

    /// Continues a session. Whoever changes the session at the same time, a logout or another refresh, comes before or
    /// after, and never in between; a lost race is a reason to look again, and no theft.
    pub(crate) async fn refresh(
        &self,
        token: &RefreshToken,
        user: &User,
        lifetimes: Lifetimes,
    ) -> Result<Continued, NotContinued> {
        let next = token.next(self.ids.secret(), &self.secrets);
        let key = Session::key_of(user.id, token.session());
        let change = |session: Session| {
            let now = self.clock.now();
            if !session.is_open_for(user, now) {
                return Err(AuthError::InvalidRefreshToken.into());
            }
            session.refresh(&token.hash(), next.hash(), lifetimes, now).map_err(|refused| match refused {
                Refused::Over => AuthError::InvalidRefreshToken.into(),
                Refused::Reused(reuse) => NotContinued::Reused(reuse),
            })
        };
        match self.scope(&Member::claimed_by(token)).update(key.as_str(), change).await {
            Err(NotContinued::Refused(AuthError::Store(StoreError::NotFound))) => {
                Err(AuthError::InvalidRefreshToken.into())
            }
            Err(other) => Err(other),
            Ok(stored) => Ok(Continued { session: stored.entity, token: next }),
        }
    }
}
