//! `/api/v1/users`: the people of a tenant.

mod accept;
mod change_email;
mod erase;
mod export;
mod invite;
mod list;
mod profile;
mod read;
mod roles;
mod status;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::Identity;

pub(crate) const TAG: &str = "users";

pub(crate) fn routes() -> OpenApiRouter<Identity> {
    use crate::auth::{__path_users_me, users_me};
    OpenApiRouter::new()
        .routes(routes!(users_me, erase::erase_me))
        .routes(routes!(export::export_me))
        .routes(routes!(profile::profile, profile::replace_profile))
        .routes(routes!(change_email::change_email))
        .routes(routes!(change_email::confirm_email))
        .routes(routes!(list::list_users))
        .routes(routes!(invite::invite))
        .routes(routes!(invite::resend_invitation))
        .routes(routes!(accept::accept))
        .routes(routes!(read::read_user, erase::erase_user))
        .routes(routes!(roles::replace_roles))
        .routes(routes!(status::deactivate))
        .routes(routes!(status::reactivate))
}
