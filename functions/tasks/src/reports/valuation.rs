//! Reports on a valuation.

use axum::extract::State;
use computations::report::{Content, Input, ReportFormat, Trials, Valuation};
use domain::{
    Invalid, RunId,
    permission::{Permission, TasksWrite},
    task::TaskKind,
    valuation::{Run, RunDocument},
};
use jiff::tz::TimeZone;
use serde::{Deserialize, de::DeserializeOwned};
use store::{Scope, Stored};
use utoipa::ToSchema;
use web::{Accepted, ApiError, Data, Json, auth::Tenant};

use crate::{state::Tasks, task::view::Submitted};

/// Which run to report on. The same request of a day gives the same file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ValuationReportRequest {
    /// A run that was computed.
    run_id: RunId,
    /// The file that is wanted; `pdf` when not given.
    #[serde(default)]
    format: ReportFormat,
}

/// Report on a valuation
///
/// A run's assumptions, forecast, terminal values, bridge to a share, implied multiples, sensitivities and simulation, as PDF/A,
/// workbook, JSON or CSV: the run's own figures, of which nothing is computed anew. This needs `valuation:read` as well,
/// and so does its result: a short-lived address of the file.
#[utoipa::path(
    post,
    path = "/api/v1/tasks/reports/valuation",
    operation_id = "submit_valuation_report",
    tag = "reports",
    request_body = ValuationReportRequest,
    responses(
        (status = 202, description = "Accepted; follow it at `Location`.", body = Data<Submitted>,
         headers(("Location" = String, description = "Where its status is."), ("Retry-After" = u32, description = "When to ask first, in seconds."))),
        (status = 404, description = "The tenant has no such run."),
    ),
    security(("bearer" = ["tasks:write", "valuation:read"]))
)]
pub(crate) async fn submit(
    tenant: Tenant<TasksWrite>,
    State(tasks): State<Tasks>,
    Json(request): Json<ValuationReportRequest>,
) -> Result<Accepted<Submitted>, ApiError> {
    tenant.require(&[Permission::ValuationRead])?;
    let store = tenant.store();
    let run = store.get::<Run>(&request.run_id).await?;
    let content = Content::Valuation(Box::new(valuation(&tasks, &store, run).await?));
    let organisation = tenant.principal.tenant().entity.name.to_string();
    let input = Input { format: request.format, organisation, asked_on: tasks.today(), content };
    tasks.submit(&tenant, TaskKind::ValuationReport, input).await
}

/// The run with its documents; where a task simulates it, with what that has come to.
async fn valuation(tasks: &Tasks, store: &Scope, run: Stored<Run>) -> Result<Valuation, ApiError> {
    let RunDocument { result, simulation, .. } = store.get::<RunDocument>(&run.entity.id).await?.entity;
    let simulation = match (simulation, run.entity.task) {
        (None, None) => Trials::None,
        (Some(outcome), _) => Trials::Some(read(&outcome)?),
        (None, Some(task)) => match jobs::outcome(store, tasks.bucket(), task).await? {
            Some(outcome) => Trials::Some(read(&outcome)?),
            None => Trials::Missing,
        },
    };
    let run_on = run.created_at.to_zoned(TimeZone::UTC).date();
    Ok(Valuation { run: run.entity.id, run_on, result: read(&result)?, simulation })
}

fn read<T: DeserializeOwned>(document: &str) -> Result<T, Invalid> {
    let detail = "was computed by another version of the service, whose figures can't be read; run it again";
    serde_json::from_str(document).map_err(|_| Invalid::field("/run_id", detail))
}
