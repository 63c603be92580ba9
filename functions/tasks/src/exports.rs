//! Exports.

use std::convert::Infallible;

use axum::extract::State;
use domain::{
    permission::{Permission, TasksWrite},
    task::TaskKind,
};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Accepted, ApiError, Data, Json, auth::Tenant};

use crate::{
    state::{Input, Tasks},
    task::view::Submitted,
};

/// What an export holds; there is nothing to choose.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportRequest {}

/// Export all data
///
/// All of the tenant's portfolios, holdings, transactions, valuation runs and notes, as a zip of CSV and JSON. Whoever may see
/// all of that may have it: this needs `portfolios:read` and `valuation:read` as well, and so does its result. It is no
/// snapshot: what changes meanwhile may be in one table and not yet in another. The result is a short-lived address of the
/// file.
#[utoipa::path(
    post,
    path = "/api/v1/tasks/exports",
    operation_id = "submit_export",
    tag = "reports",
    request_body(content = ExportRequest, example = json!({})),
    responses(
        (status = 202, description = "Accepted; follow it at `Location`.", body = Data<Submitted>,
         headers(("Location" = String, description = "Where its status is."), ("Retry-After" = u32, description = "When to ask first, in seconds."))),
    ),
    security(("bearer" = ["tasks:write", "portfolios:read", "valuation:read"]))
)]
pub(crate) async fn submit(
    tenant: Tenant<TasksWrite>,
    State(tasks): State<Tasks>,
    Json(request): Json<ExportRequest>,
) -> Result<Accepted<Submitted>, ApiError> {
    tenant.require(READS)?;
    tasks.submit(&tenant, TaskKind::Export, request).await
}

/// What an export shows.
pub(crate) const READS: &[Permission] = &[Permission::PortfoliosRead, Permission::ValuationRead];

impl Input for ExportRequest {
    fn to_bytes(&self) -> Result<Vec<u8>, impl std::error::Error + Send + Sync + 'static> {
        Ok::<_, Infallible>(b"{}".to_vec())
    }
}
