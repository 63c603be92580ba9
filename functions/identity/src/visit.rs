//! A request of somebody who may not be known yet.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use domain::{
    account::Assurance,
    audit::{Action, Actor},
};
use store::{Audited, VerifiedTenant};
use web::Origin;

use crate::{error::AuthError, sessions::Entrance, state::Identity};

/// Where a request comes from, and what its client calls itself.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    pub(crate) origin: Origin,
    user_agent: Option<String>,
}

impl Visit {
    /// The address as it is counted by; all that come from nowhere count as one.
    pub(crate) fn address(&self) -> String {
        self.origin.network().unwrap_or_default()
    }

    /// The visitor got in.
    pub(crate) fn entrance(&self, assurance: Assurance) -> Entrance {
        Entrance::new(assurance, self.user_agent.as_deref())
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let origin = Origin::from_request_parts(parts, state).await?;
        let user_agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self { origin, user_agent: user_agent.map(str::to_owned) })
    }
}

impl Identity {
    /// A tenant's scope where the next change is recorded as this action of somebody who is not logged in yet.
    pub(crate) fn audited(
        &self,
        tenant: &impl VerifiedTenant,
        visit: &Visit,
        action: Action,
        actor: Actor,
    ) -> Result<Audited, AuthError> {
        let event = self.app.event(&visit.origin, action, actor)?;
        Ok(self.app.store().tenant(tenant).audited(self.app.audit_keys()?, event))
    }
}
