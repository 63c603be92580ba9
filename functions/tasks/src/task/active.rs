//! The tasks that have not ended.

use domain::{permission::TasksRead, task::Task};
use serde::Deserialize;
use store::{Listing, Order};
use utoipa::IntoParams;
use web::{
    ApiError, Query,
    auth::Tenant,
    page::{self, Paged},
};

use super::view::TaskView;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ActiveQuery {
    /// How many, 1–200; 50 when not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// Where to go on: the `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List the tasks that have not ended
///
/// The newest first.
#[utoipa::path(
    get,
    path = "/api/v1/tasks/active",
    operation_id = "list_active_tasks",
    tag = "tasks",
    params(ActiveQuery),
    responses(
        (status = 200, description = "A page of tasks.", body = Paged<TaskView>),
        (status = 400, description = "A cursor that is not one of this list, or a limit out of range."),
    ),
    security(("bearer" = ["tasks:read"]))
)]
pub(crate) async fn active(
    tenant: Tenant<TasksRead>,
    Query(query): Query<ActiveQuery>,
) -> Result<Paged<TaskView>, ApiError> {
    let listing = Listing {
        limit: page::limit(query.limit)?,
        order: Order::Descending,
        after: tenant.open_cursor("", query.cursor.as_deref())?,
        filters: Vec::new(),
        group: Some(Task::ACTIVE.into()),
    };
    let page = tenant.store().list::<Task>(listing).await?;
    Ok(Paged::view(page, |position| tenant.seal_cursor("", position)))
}
