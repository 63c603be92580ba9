//! Looking at tenants.

use axum::extract::State;
use domain::{
    TenantId,
    account::{Tenant as TenantEntity, TenantEntry},
    audit::Action,
    permission::PlatformRead,
};
use futures::future::try_join_all;
use store::{Listing, Order};
use web::{
    ApiError, Data, Path, Query,
    auth::Tenant,
    page::{self, PageQuery, Paged},
};

use super::{
    crossing::{Crossing, Reason},
    view::PlatformTenantView,
};
use crate::Identity;

/// List all tenants
///
/// The newest first. That somebody looked, and why, is recorded.
#[utoipa::path(
    get,
    path = "/api/v1/platform/tenants",
    operation_id = "list_tenants",
    tag = super::TAG,
    security(("bearer" = ["platform:read"])),
    params(PageQuery, ("X-Audit-Reason" = String, Header, description = "Why, in 8 to 500 characters.")),
    responses(
        (status = 200, description = "A page of tenants.", body = Paged<PlatformTenantView>),
        (status = 400, description = "No reason, a cursor that is not one of this list, or a limit out of range.")
    )
)]
pub(crate) async fn list(
    State(identity): State<Identity>,
    tenant: Tenant<PlatformRead>,
    reason: Reason,
    Query(query): Query<PageQuery>,
) -> Result<Paged<PlatformTenantView>, ApiError> {
    let listing = Listing {
        limit: page::limit(query.limit)?,
        order: Order::Descending,
        after: tenant.open_cursor("", query.cursor.as_deref())?,
        filters: Vec::new(),
        group: None,
    };
    tenant.audited(Action::TenantInspected)?.with(|event| event.because(reason.as_str())).record().await?;
    let entries = identity.app.store().accounts().list::<TenantEntry>(listing).await?;
    let tenants = try_join_all(entries.items.iter().map(async |entry| {
        let id = entry.entity.id;
        identity.app.store().tenant(&Crossing::listed(&tenant, id)).find::<TenantEntity>(&id).await
    }));
    Ok(Paged {
        data: tenants.await?.into_iter().flatten().map(Into::into).collect(),
        next_cursor: entries.next.map(|position| tenant.seal_cursor("", &position)),
    })
}

/// Show a tenant
///
/// Status and tier, and nothing of what the tenant keeps. The tenant sees in its own records that somebody looked, and why.
#[utoipa::path(
    get,
    path = "/api/v1/platform/tenants/{id}",
    operation_id = "show_tenant",
    tag = super::TAG,
    security(("bearer" = ["platform:read"])),
    params(
        ("id" = TenantId, Path, description = "The tenant."),
        ("X-Audit-Reason" = String, Header, description = "Why, in 8 to 500 characters.")
    ),
    responses(
        (status = 200, description = "The tenant.", body = Data<PlatformTenantView>),
        (status = 400, description = "No reason.")
    )
)]
pub(crate) async fn read(
    State(identity): State<Identity>,
    tenant: Tenant<PlatformRead>,
    Path(id): Path<TenantId>,
    reason: Reason,
) -> Result<Data<PlatformTenantView>, ApiError> {
    let (found, audited) = identity.cross(&tenant, id, &reason, Action::TenantInspected).await?;
    audited.with(|event| event.on::<TenantEntity>(id)).record().await?;
    Ok(Data::new(found.into()))
}
