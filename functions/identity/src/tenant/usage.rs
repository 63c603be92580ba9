//! What a tenant uses.

use domain::{
    account::{Session, User},
    api_key::ApiKey,
    permission::UsersRead,
    portfolio::Portfolio,
    task::Task,
};
use serde::Serialize;
use utoipa::ToSchema;
use web::{ApiError, Data, auth::Tenant};

/// How much there is of each kind.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Usage {
    /// Users, whatever their state.
    users: u64,
    /// Logins that are kept.
    sessions: u64,
    /// API keys.
    api_keys: u64,
    /// Portfolios.
    portfolios: u64,
    /// Tasks of the last 90 days.
    tasks: u64,
}

/// Show the usage
///
/// How many users, keys, portfolios and tasks the tenant has. Counting takes reading, so it goes on to 16 MB of a kind, and no
/// further.
#[utoipa::path(
    get,
    path = "/api/v1/tenant/usage",
    operation_id = "show_usage",
    tag = super::TAG,
    security(("bearer" = ["users:read"])),
    responses((status = 200, description = "How much there is of each kind.", body = Data<Usage>))
)]
pub(crate) async fn usage(tenant: Tenant<UsersRead>) -> Result<Data<Usage>, ApiError> {
    let own = tenant.store();
    let (users, sessions, api_keys, portfolios, tasks) = tokio::try_join!(
        own.count::<User>(),
        own.count::<Session>(),
        own.count::<ApiKey>(),
        own.count::<Portfolio>(),
        own.count::<Task>(),
    )?;
    Ok(Data::new(Usage { users, sessions, api_keys, portfolios, tasks }))
}
