//! Is the chain what was written?

use axum::extract::State;
use domain::{audit::Report, permission::AuditRead};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::{ApiError, Data, Query, auth::Tenant};

use crate::Audit;

/// The most records of one check: what fits well into the time that a request has.
const LIMIT: u64 = 100_000;

/// Where to begin.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct VerifyQuery {
    /// Goes on after this event, where an earlier check has paused; at most the last event's number.
    after: Option<u64>,
}

/// What a check has found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditReport)]
pub(crate) struct Verified {
    #[serde(flatten)]
    report: Report,
    /// Where the chain is longer than one check: ask again with this as `after`.
    next_after: Option<u64>,
}

/// Verify the events
///
/// Recomputes the chain of tags from its beginning to its end and compares: `faults` tells an edited event from one that
/// was removed, put elsewhere, forked off or cut off, and from one whose key is not there. Each hour a checkpoint of a chain
/// that has grown is kept outside of the table: `rolled_back` is a chain that was set back behind it, or written anew since.
/// `checkpoint` says up to which event it vouches. Who keeps `last` and `mac` elsewhere can tell by them what neither does.
#[utoipa::path(
    get,
    path = "/api/v1/audit/verify",
    operation_id = "verify_audit_events",
    tag = super::TAG,
    security(("bearer" = ["audit:read"])),
    params(VerifyQuery),
    responses(
        (status = 200, description = "What was found; `intact` says whether all is well.", body = Data<Verified>),
        (status = 400, description = "`after` lies beyond the last event.")
    )
)]
pub(crate) async fn verify(
    State(audit): State<Audit>,
    tenant: Tenant<AuditRead>,
    Query(query): Query<VerifyQuery>,
) -> Result<Data<Verified>, ApiError> {
    let (own, keys) = (tenant.store(), audit.app.audit_keys()?);
    let checked = own.audit_check(keys, &audit.checkpoints, query.after, LIMIT).await?;
    let (report, next_after) =
        checked.ok_or_else(|| ApiError::bad_request("after must not lie beyond the last event."))?;
    if !report.intact {
        tracing::error!(faults = report.fault_count, "the audit chain is not what was written");
    }
    Ok(Data::new(Verified { report, next_after }))
}
