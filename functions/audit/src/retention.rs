//! For how long events are kept.

use axum::extract::State;
use domain::{
    Invalid,
    audit::{Action, AuditAnchor},
    permission::{AuditRead, AuditWrite},
};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{ApiError, App, Data, Json, auth::Tenant};

const DAYS: std::ops::RangeInclusive<u32> =
    AuditAnchor::MINIMUM_RETENTION_DAYS..=AuditAnchor::MAXIMUM_RETENTION_DAYS;

/// How long ago the last login may be: a shorter retention deletes what can't be brought back.
const FRESH: SignedDuration = SignedDuration::from_mins(10);

/// For how long events are kept.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AuditRetention)]
pub(crate) struct Retention {
    /// Days from an event to the day on which it may be let go.
    #[schema(minimum = 90, maximum = 36500, example = 2555)]
    days: u32,
}

/// Show the retention
///
/// Seven years when nobody has said otherwise.
#[utoipa::path(
    get,
    path = "/api/v1/audit/retention",
    operation_id = "show_audit_retention",
    tag = super::TAG,
    security(("bearer" = ["audit:read"])),
    responses((status = 200, description = "For how long events are kept.", body = Data<Retention>))
)]
pub(crate) async fn show(tenant: Tenant<AuditRead>) -> Result<Data<Retention>, ApiError> {
    let anchor = tenant.store().find::<AuditAnchor>(AuditAnchor::KEY).await?;
    let days = anchor.map_or(AuditAnchor::RETENTION_DAYS, |anchor| anchor.entity.retention_days);
    Ok(Data::new(Retention { days }))
}

/// Change the retention
///
/// Older events are let go within a day; the chain then begins after them, and is verified from there. Needs a login within
/// the last ten minutes.
#[utoipa::path(
    put,
    path = "/api/v1/audit/retention",
    operation_id = "change_audit_retention",
    tag = super::TAG,
    security(("bearer" = ["audit:write"])),
    request_body = Retention,
    responses(
        (status = 200, description = "For how long events are kept from now on.", body = Data<Retention>),
        (status = 409, description = "The chain's anchor is not what was written; `GET /api/v1/audit/verify` says more.")
    )
)]
pub(crate) async fn change(
    State(app): State<App>,
    tenant: Tenant<AuditWrite>,
    Json(body): Json<Retention>,
) -> Result<Data<Retention>, ApiError> {
    if !DAYS.contains(&body.days) {
        let detail = format!("must be {} to {}, but is {}", DAYS.start(), DAYS.end(), body.days);
        return Err(Invalid::field("/days", detail).into());
    }
    tenant.require_fresh_login(FRESH)?;
    let audited = tenant.audited(Action::RetentionChanged)?;
    if tenant.store().find::<AuditAnchor>(AuditAnchor::KEY).await?.is_none() {
        // A tenant without events: its first one makes the anchor.
        audited.record().await?;
    }
    let (keys, days, due) = (app.audit_keys()?, body.days, app.clock.now());
    let change = |anchor: AuditAnchor| match anchor.is_ours(keys, tenant.id()) {
        Some(true) => Ok(anchor.next(keys, tenant.id(), anchor.link.clone(), days, due)),
        _ => Err(ApiError::conflict("The beginning of the chain of events is not what was written.")),
    };
    audited.update(AuditAnchor::KEY, change).await?;
    Ok(Data::new(Retention { days }))
}
