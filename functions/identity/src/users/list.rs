//! A tenant's users.

use domain::{
    account::{User, UserStatus},
    email::Email,
    permission::UsersRead,
};
use serde::Deserialize;
use store::Filter;
use utoipa::IntoParams;
use web::{
    ApiError, Query,
    auth::Tenant,
    page::{PageQuery, Paged},
};

use crate::auth::UserView;

/// Which users, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct UsersQuery {
    /// Only those who are in this state.
    status: Option<UserStatus>,
    /// Only those of this team.
    team: Option<String>,
    /// Only the one with this e-mail address.
    email: Option<String>,
    /// At most this many entries.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

impl UsersQuery {
    fn filters(&self) -> Result<Vec<Filter>, ApiError> {
        let email = self.email.as_deref().map(Email::parse).transpose();
        let email = email.map_err(|error| ApiError::bad_request(format!("email {error}.")))?;
        let wanted = [
            ("status", self.status.map(|status| status.as_str().to_owned())),
            ("team", self.team.clone()),
            ("email", email.map(|email| email.to_string())),
        ];
        let filters = wanted
            .into_iter()
            .filter_map(|(attribute, value)| value.map(|value| Filter { attribute, value }));
        Ok(filters.collect())
    }
}

/// List the users
///
/// The people of the tenant, the newest first, in pages.
#[utoipa::path(
    get,
    path = "/api/v1/users/list",
    operation_id = "list_users",
    tag = super::TAG,
    security(("bearer" = ["users:read"])),
    params(UsersQuery),
    responses(
        (status = 200, description = "One page of users.", body = Paged<UserView>),
        (status = 400, description = "A filter can't be read, the limit is out of range, or the cursor is not one of this list.")
    )
)]
pub(crate) async fn list_users(
    tenant: Tenant<UsersRead>,
    Query(query): Query<UsersQuery>,
) -> Result<Paged<UserView>, ApiError> {
    let filters = query.filters()?;
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    tenant.list::<User, _>(page, filters).await
}
