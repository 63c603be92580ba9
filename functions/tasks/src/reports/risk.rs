//! Reports on a portfolio's risk.

use axum::extract::State;
use computations::report::Content;
use domain::{
    permission::{Permission, TasksWrite},
    task::TaskKind,
};
use web::{Accepted, ApiError, Data, Json, auth::Tenant};

use super::request::{Asked, ReportRequest};
use crate::{state::Tasks, task::view::Submitted};

/// Report on a portfolio's risk
///
/// Value at risk by several methods, levels and horizons, contributions of the holdings, correlations, a simulated future and
/// stress tests, as PDF/A, workbook, JSON or CSV. This needs `portfolios:read` as well, and so does its result: a short-lived
/// address of the file.
#[utoipa::path(
    post,
    path = "/api/v1/tasks/reports/risk",
    operation_id = "submit_risk_report",
    tag = "reports",
    request_body = ReportRequest,
    responses(
        (status = 202, description = "Accepted; follow it at `Location`.", body = Data<Submitted>,
         headers(("Location" = String, description = "Where its status is."), ("Retry-After" = u32, description = "When to ask first, in seconds."))),
        (status = 404, description = "The tenant has no such portfolio."),
    ),
    security(("bearer" = ["tasks:write", "portfolios:read"]))
)]
pub(crate) async fn submit(
    tenant: Tenant<TasksWrite>,
    State(tasks): State<Tasks>,
    Json(request): Json<ReportRequest>,
) -> Result<Accepted<Submitted>, ApiError> {
    tenant.require(&[Permission::PortfoliosRead])?;
    request.refuse_benchmark()?;
    let organisation = &tenant.principal.tenant().entity.name;
    let asked = Asked { store: &tenant.store(), organisation, today: tasks.today() };
    let input = request.parse(asked, Content::Risk).await?;
    tasks.submit(&tenant, TaskKind::RiskReport, input).await
}
