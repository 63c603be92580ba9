//! One user, as colleagues see it.

use domain::{UserId, account::User, permission::UsersRead};
use web::{ApiError, Data, Path, auth::Tenant, etag::Versioned};

use crate::auth::UserView;

/// Show a user
///
/// One person of the tenant.
#[utoipa::path(
    get,
    path = "/api/v1/users/{id}",
    operation_id = "show_user",
    tag = super::TAG,
    security(("bearer" = ["users:read"])),
    params(("id" = UserId, Path, description = "The user's id.")),
    responses((
        status = 200,
        description = "The user.",
        body = Data<UserView>,
        headers(("ETag" = String, description = "Its version."))
    ))
)]
pub(crate) async fn read_user(
    tenant: Tenant<UsersRead>,
    Path(id): Path<UserId>,
) -> Result<Versioned<UserView>, ApiError> {
    Ok(Versioned::view(tenant.store().get::<User>(&id).await?))
}
