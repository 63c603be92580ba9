//! What a tenant pays for, and what was agreed with it.

use std::ops::RangeInclusive;

use axum::extract::State;
use domain::{
    Invalid, TenantId, Validation,
    account::{Tenant as TenantEntity, TenantSettings, Tier},
    audit::Action,
    limit::OwnLimit,
    permission::PlatformWrite,
};
use serde::Deserialize;
use store::StoreError;
use utoipa::ToSchema;
use web::{ApiError, Data, Json, Path, auth::Tenant};

use super::{crossing::Reason, status::FRESH, view::PlatformTenantView};
use crate::Identity;

const REQUESTS: RangeInclusive<u32> = 1..=1_000_000;

/// A plan to take the other's place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanInput {
    /// What the tenant pays for.
    tier: Tier,
    /// What all of its users together may ask for in a minute, by class, in place of what the tier gives; each class once.
    #[schema(max_items = 4, example = json!([{"class": "compute", "requests_per_minute": 20000}]))]
    limits: Vec<OwnLimit>,
}

impl PlanInput {
    fn parse(self) -> Result<(Tier, Vec<OwnLimit>), Invalid> {
        let Self { tier, limits } = self;
        let mut validation = Validation::new();
        for (index, limit) in limits.iter().enumerate() {
            let first = limits.iter().position(|other| other.class == limit.class) == Some(index);
            validation.require(first, &format!("/limits/{index}/class"), "is given twice");
            let fits = REQUESTS.contains(&limit.requests_per_minute);
            let pointer = format!("/limits/{index}/requests_per_minute");
            validation.require(fits, &pointer, format!("must be {} to {}", REQUESTS.start(), REQUESTS.end()));
        }
        validation.finish(Some((tier, limits)))
    }
}

/// Choose a tenant's plan
///
/// Its tier, and limits of its own. They count from the tenant's next requests on, and the tenant sees in its own records
/// that they were chosen, and why.
#[utoipa::path(
    put,
    path = "/api/v1/platform/tenants/{id}/plan",
    operation_id = "replace_tenant_plan",
    tag = super::TAG,
    security(("bearer" = ["platform:write"])),
    params(
        ("id" = TenantId, Path, description = "The tenant."),
        ("X-Audit-Reason" = String, Header, description = "Why, in 8 to 500 characters.")
    ),
    request_body = PlanInput,
    responses(
        (status = 200, description = "The tenant with its plan.", body = Data<PlatformTenantView>),
        (status = 400, description = "No reason.")
    )
)]
pub(crate) async fn replace_plan(
    State(identity): State<Identity>,
    tenant: Tenant<PlatformWrite>,
    Path(id): Path<TenantId>,
    reason: Reason,
    Json(body): Json<PlanInput>,
) -> Result<Data<PlatformTenantView>, ApiError> {
    let (tier, limits) = body.parse()?;
    tenant.require_fresh_login(FRESH)?;
    let (_, audited) = identity.cross(&tenant, id, &reason, Action::TenantPlanChanged).await?;
    let set = |tenant: TenantEntity| {
        let settings = TenantSettings { tier, limits: limits.clone(), ..tenant.settings };
        Ok::<_, StoreError>(TenantEntity { settings, ..tenant })
    };
    Ok(Data::new(audited.update(&id, set).await?.into()))
}
