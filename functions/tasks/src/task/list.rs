//! The history of tasks.

use domain::{
    permission::TasksRead,
    task::{Task, TaskKind, TaskState},
};
use serde::Deserialize;
use store::Filter;
use utoipa::IntoParams;
use web::{
    ApiError, Query,
    auth::Tenant,
    page::{PageQuery, Paged},
};

use super::view::TaskView;

/// Which tasks, and which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// Only those of this type.
    r#type: Option<TaskKind>,
    /// Only those in this state.
    state: Option<TaskState>,
    /// How many, 1–200; 50 when not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// Where to go on: the `next_cursor` of the page before.
    cursor: Option<String>,
}

impl ListQuery {
    fn filters(&self) -> Vec<Filter> {
        let kind = self.r#type.map(|kind| Filter { attribute: "kind", value: kind.to_string() });
        let state = self.state.map(|state| Filter { attribute: "state", value: state.to_string() });
        kind.into_iter().chain(state).collect()
    }
}

/// List tasks
///
/// The newest first.
#[utoipa::path(
    get,
    path = "/api/v1/tasks",
    operation_id = "list_tasks",
    tag = "tasks",
    params(ListQuery),
    responses(
        (status = 200, description = "A page of tasks.", body = Paged<TaskView>),
        (status = 400, description = "A cursor that is not one of this list, a limit out of range, or an unknown filter."),
    ),
    security(("bearer" = ["tasks:read"]))
)]
pub(crate) async fn list(
    tenant: Tenant<TasksRead>,
    Query(query): Query<ListQuery>,
) -> Result<Paged<TaskView>, ApiError> {
    let filters = query.filters();
    tenant.list::<Task, _>(PageQuery { limit: query.limit, cursor: query.cursor }, filters).await
}
