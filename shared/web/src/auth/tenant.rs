//! The tenant as an extractor: a handler that has one may do what its type says, in its own tenant and in no other.

use std::marker::PhantomData;

use axum::{
    extract::{FromRef, FromRequestParts, OriginalUri},
    http::{StatusCode, request::Parts},
};
use domain::{
    TenantId, UserId,
    account::{Assurance, User},
    audit::{Action, AuditEvent},
    permission::{Permission, Permitted},
    role::{Party, Reach},
};
use jiff::SignedDuration;
use store::{Audited, HeldClaim, Position, Scope, Store, VerifiedTenant};

use super::{Checked, Principal};
use crate::{ApiError, App, Origin};

/// A verified tenant, whose user has permission `P`.
pub struct Tenant<P> {
    /// Who asks.
    pub principal: Principal,
    /// From where.
    pub origin: Origin,
    app: App,
    route: String,
    claim: Option<HeldClaim>,
    reach: Reach,
    permission: PhantomData<P>,
}

impl<P> Tenant<P> {
    /// The tenant's id.
    pub fn id(&self) -> TenantId {
        self.principal.tenant_id()
    }

    /// Who asks.
    pub fn user_id(&self) -> UserId {
        self.principal.user_id()
    }

    /// All that the tenant has, and nothing else: to be read. What changes it, goes through [`Tenant::audited`].
    pub fn store(&self) -> Scope {
        Store::tenant(&self.app.store, &self.principal)
    }

    /// The same, where each change is recorded as this action of this user.
    ///
    /// # Errors
    /// 500 in a function that has no key to record with.
    pub fn audited(&self, action: Action) -> Result<Audited, ApiError> {
        self.audited_in(&self.store(), action)
    }

    /// The same in another scope.
    ///
    /// # Errors
    /// 500 in a function that has no key to record with.
    pub fn audited_in(&self, scope: &Scope, action: Action) -> Result<Audited, ApiError> {
        let audited = scope.audited(self.app.audit_keys()?, self.event(action)?);
        Ok(audited.under(self.claim.clone()))
    }

    /// The event of an action of this user, for a record in another scope.
    ///
    /// # Errors
    /// 500 in a function that has no key to record with.
    pub fn event(&self, action: Action) -> Result<AuditEvent, ApiError> {
        self.app.event(&self.origin, action, self.principal.actor())
    }

    /// Whether the permission covers what `owner` owns.
    ///
    /// # Errors
    /// 403 when it does not.
    pub async fn require_reach(&self, owner: UserId) -> Result<(), ApiError> {
        let asking = self.principal.party();
        let team = if self.reach == Reach::Team && asking.team.is_some() && asking.user != owner {
            self.store().find::<User>(&owner).await?.and_then(|user| user.entity.team)
        } else {
            None
        };
        if self.reach.covers(&asking, &Party { user: owner, team }) {
            Ok(())
        } else {
            Err(ApiError::forbidden("This belongs to somebody else in your tenant."))
        }
    }

    /// Whether these are permitted as well, with everybody's things: for what takes more than one permission.
    ///
    /// # Errors
    /// 403 that names the first that is not.
    pub fn require(&self, permissions: &[Permission]) -> Result<(), ApiError> {
        let lacks = |permission: &&Permission| self.principal.reach(**permission) != Some(Reach::Tenant);
        match permissions.iter().find(lacks) {
            None => Ok(()),
            Some(permission) => {
                Err(ApiError::forbidden(format!("This needs the permission {permission} as well.")))
            }
        }
    }

    /// How far the permission reaches.
    pub fn reach(&self) -> Reach {
        self.reach
    }

    /// Whether the user proved to be the user within the last `age`, with two factors where the user has two.
    ///
    /// # Errors
    /// 401 of kind `insufficient-user-authentication` (RFC 9470): log in anew, then try again. API keys prove nothing about
    /// who holds them, so they never pass.
    pub fn require_fresh_login(&self, age: SignedDuration) -> Result<(), ApiError> {
        use domain::account::Assurance::{Aal1, Aal2};
        let wanted = if self.principal.user().entity.second_factor { Aal2 } else { Aal1 };
        let now = self.app.clock.now();
        let fresh = self
            .principal
            .proof()
            .is_some_and(|(assurance, at)| assurance >= wanted && now.duration_since(at) <= age);
        if fresh { Ok(()) } else { Err(ApiError::stale_login(wanted.as_str(), age.as_secs())) }
    }

    /// Where the list continues after a page that ended with this cursor; `filter` tells one list of a route from another.
    ///
    /// # Errors
    /// 400 when the cursor was made for another tenant, route or filter.
    pub fn open_cursor(&self, filter: &str, cursor: Option<&str>) -> Result<Option<Position>, ApiError> {
        cursor.map(|cursor| self.app.cursor_key.open(&self.purpose(filter), cursor)).transpose()
    }

    /// The cursor that [`Tenant::open_cursor`] takes back.
    pub fn seal_cursor(&self, filter: &str, position: &Position) -> String {
        self.app.cursor_key.seal(&self.purpose(filter), position)
    }

    fn purpose(&self, filter: &str) -> String {
        format!("{} {} {filter}", self.id(), self.route)
    }
}

impl<S, P> FromRequestParts<S> for Tenant<P>
where
    S: Send + Sync,
    P: Permitted,
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Some(Checked(checked)) = parts.extensions.get::<Checked>() else {
            return Err(ApiError::unauthorized(
                "This needs an access token or an API key: Authorization: Bearer <token or key>.",
            ));
        };
        let principal = checked.clone()?;
        let Some(reach) = principal.reach(P::PERMISSION) else {
            tracing::warn!(permission = %P::PERMISSION, "refused: too little permission");
            return Err(ApiError::forbidden(format!("This needs the permission {}.", P::PERMISSION)));
        };
        require_second_factor(&principal, P::PERMISSION)?;
        let origin = Origin::from_request_parts(parts, state).await.unwrap_or_else(|never| match never {});
        let OriginalUri(uri) =
            OriginalUri::from_request_parts(parts, state).await.unwrap_or_else(|never| match never {});
        let (app, route) = (App::from_ref(state), uri.path().to_owned());
        let claim = parts.extensions.get::<HeldClaim>().cloned();
        Ok(Self { principal, origin, app, route, claim, reach, permission: PhantomData })
    }
}

/// Where the tenant asks for a second factor, a session without one is good for setting one up, and for nothing else; nor is
/// a key of a user who has none. The platform asks for one always.
fn require_second_factor(principal: &Principal, permission: Permission) -> Result<(), ApiError> {
    let platform = matches!(permission, Permission::PlatformRead | Permission::PlatformWrite);
    let asked = platform || principal.tenant().entity.settings.mfa_required;
    let own_account = matches!(permission, Permission::AccountRead | Permission::AccountWrite);
    let given = match principal.proof() {
        Some((assurance, _)) => assurance >= Assurance::Aal2,
        None => principal.user().entity.second_factor,
    };
    if !asked || own_account || given {
        return Ok(());
    }
    Err(ApiError::new(
        StatusCode::FORBIDDEN,
        "second-factor-required",
        "This needs a second factor: set one up under /api/v1/auth/factors, or log in with it.",
    ))
}
