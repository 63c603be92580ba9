//! The tenant as an extractor: a handler that has one may do what its type says, in its own tenant and in no other.

use std::marker::PhantomData;

use axum::{
    extract::{FromRef, FromRequestParts, OriginalUri},
    http::request::Parts,
};
use domain::permission::Permitted;
use store::{Position, Scope, Store};

use super::{Checked, VerifiedClaims};
use crate::{ApiError, App};

/// A verified tenant, whose user has permission `P`.
pub struct Tenant<P> {
    /// Who asks.
    pub claims: VerifiedClaims,
    app: App,
    route: String,
    permission: PhantomData<P>,
}

impl<P> Tenant<P> {
    /// All that the tenant has, and nothing else.
    pub fn store(&self) -> Scope {
        Store::tenant(&self.app.store, &self.claims)
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
        format!("{} {} {filter}", self.claims.tid, self.route)
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
                "This needs an access token: Authorization: Bearer <access token>.",
            ));
        };
        let claims = checked.clone()?;
        if !claims.permit(P::PERMISSION) {
            return Err(ApiError::forbidden(format!("This needs the permission {}.", P::PERMISSION)));
        }
        let OriginalUri(uri) =
            OriginalUri::from_request_parts(parts, state).await.unwrap_or_else(|never| match never {});
        Ok(Self { claims, app: App::from_ref(state), route: uri.path().to_owned(), permission: PhantomData })
    }
}
