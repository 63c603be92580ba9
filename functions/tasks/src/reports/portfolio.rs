//! Reports on a portfolio.

use axum::extract::State;
use computations::report::Content;
use domain::{
    permission::{Permission, TasksWrite},
    task::TaskKind,
};
use web::{Accepted, ApiError, Data, Json, auth::Tenant};

use super::request::{Asked, ReportRequest};
use crate::{state::Tasks, task::view::Submitted};

/// Report on a portfolio
///
/// Holdings, performance against a benchmark, drawdowns, calendar returns, risk by several methods, a simulated future, stress
/// tests and the efficient frontier, as PDF/A, workbook, JSON or CSV. This needs `portfolios:read` as well, and so does its
/// result: a short-lived address of the file.
#[utoipa::path(
    post,
    path = "/api/v1/tasks/reports/portfolio",
    operation_id = "submit_portfolio_report",
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
    let organisation = &tenant.principal.tenant().entity.name;
    let asked = Asked { store: &tenant.store(), organisation, today: tasks.today() };
    let input = request.parse(asked, Content::Portfolio).await?;
    tasks.submit(&tenant, TaskKind::PortfolioReport, input).await
}
