//! Into another tenant, for a reason that is written down.

use axum::{extract::FromRequestParts, http::request::Parts};
use domain::{
    TenantId,
    account::Tenant as TenantEntity,
    audit::Action,
    permission::{PlatformRead, PlatformWrite},
};
use store::{Audited, StoreError, Stored, VerifiedTenant};
use web::{ApiError, auth::Tenant};

use crate::Identity;

const HEADER: &str = "x-audit-reason";
const CHARACTERS: std::ops::RangeInclusive<usize> = 8..=500;

/// Why somebody crosses into another tenant, as the header `X-Audit-Reason` says.
#[derive(Debug, Clone)]
pub(crate) struct Reason(String);

impl Reason {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for Reason {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let reason =
            parts.headers.get(HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default().trim();
        if CHARACTERS.contains(&reason.chars().count()) {
            Ok(Self(reason.to_owned()))
        } else {
            Err(ApiError::bad_request(
                "This needs the header X-Audit-Reason with 8 to 500 characters of ASCII.",
            ))
        }
    }
}

/// A permission that leads into other tenants.
pub(crate) trait Crosses {}

impl Crosses for PlatformRead {}
impl Crosses for PlatformWrite {}

/// Another tenant, into which somebody with a [`Crosses`] permission has come.
pub(crate) struct Crossing(TenantId);

impl Crossing {
    /// A tenant of the list that was asked for.
    pub(super) fn listed<P: Crosses>(_home: &Tenant<P>, tenant: TenantId) -> Self {
        Self(tenant)
    }
}

impl VerifiedTenant for Crossing {
    fn tenant_id(&self) -> TenantId {
        self.0
    }
}

impl Identity {
    /// The other tenant, where the next change is recorded as this action. That somebody came is recorded at home first.
    pub(crate) async fn cross<P: Crosses>(
        &self,
        home: &Tenant<P>,
        tenant: TenantId,
        reason: &Reason,
        action: Action,
    ) -> Result<(Stored<TenantEntity>, Audited), ApiError> {
        let other = self.app.store().tenant(&Crossing(tenant));
        let found = other.find::<TenantEntity>(&tenant).await?.ok_or(StoreError::NotFound)?;
        let because = |audited: Audited| audited.with(|event| event.because(reason.as_str()));
        because(home.audited(action)?).with(|event| event.on::<TenantEntity>(tenant)).record().await?;
        Ok((found, because(home.audited_in(&other, action)?)))
    }
}
