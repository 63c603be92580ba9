//! Suspending a tenant, and letting it in again.

use axum::extract::State;
use domain::{
    TenantId,
    account::{Tenant as TenantEntity, TenantStatus},
    audit::Action,
    permission::PlatformWrite,
};
use jiff::SignedDuration;
use store::StoreError;
use web::{ApiError, Data, Path, auth::Tenant};

use super::{crossing::Reason, view::PlatformTenantView};
use crate::Identity;

/// How long ago the last login may be.
pub(super) const FRESH: SignedDuration = SignedDuration::from_mins(60);

/// Suspend a tenant
///
/// From the next request on, none of its users and keys gets in. Nothing is deleted, and work that runs is finished.
#[utoipa::path(
    post,
    path = "/api/v1/platform/tenants/{id}/suspend",
    operation_id = "suspend_tenant",
    tag = super::TAG,
    security(("bearer" = ["platform:write"])),
    params(
        ("id" = TenantId, Path, description = "The tenant."),
        ("X-Audit-Reason" = String, Header, description = "Why, in 8 to 500 characters.")
    ),
    responses(
        (status = 200, description = "The tenant is suspended.", body = Data<PlatformTenantView>),
        (status = 400, description = "No reason."),
        (status = 409, description = "It is one's own tenant.")
    )
)]
pub(crate) async fn suspend(
    State(identity): State<Identity>,
    tenant: Tenant<PlatformWrite>,
    Path(id): Path<TenantId>,
    reason: Reason,
) -> Result<Data<PlatformTenantView>, ApiError> {
    if id == tenant.id() {
        return Err(ApiError::conflict("Nobody can suspend the own tenant: nobody could undo it."));
    }
    identity.set_status(&tenant, id, &reason, Action::TenantSuspended, TenantStatus::Suspended).await
}

/// Reactivate a tenant
///
/// Its users and keys get in again; sessions that have not ended meanwhile go on.
#[utoipa::path(
    post,
    path = "/api/v1/platform/tenants/{id}/reactivate",
    operation_id = "reactivate_tenant",
    tag = super::TAG,
    security(("bearer" = ["platform:write"])),
    params(
        ("id" = TenantId, Path, description = "The tenant."),
        ("X-Audit-Reason" = String, Header, description = "Why, in 8 to 500 characters.")
    ),
    responses(
        (status = 200, description = "The tenant is active.", body = Data<PlatformTenantView>),
        (status = 400, description = "No reason.")
    )
)]
pub(crate) async fn reactivate(
    State(identity): State<Identity>,
    tenant: Tenant<PlatformWrite>,
    Path(id): Path<TenantId>,
    reason: Reason,
) -> Result<Data<PlatformTenantView>, ApiError> {
    identity.set_status(&tenant, id, &reason, Action::TenantReactivated, TenantStatus::Active).await
}

impl Identity {
    async fn set_status(
        &self,
        home: &Tenant<PlatformWrite>,
        id: TenantId,
        reason: &Reason,
        action: Action,
        status: TenantStatus,
    ) -> Result<Data<PlatformTenantView>, ApiError> {
        home.require_fresh_login(FRESH)?;
        let (_, audited) = self.cross(home, id, reason, action).await?;
        let set = |tenant: TenantEntity| Ok::<_, StoreError>(TenantEntity { status, ..tenant });
        Ok(Data::new(audited.update(&id, set).await?.into()))
    }
}
