//! `/api/v1/platform`: what `super_admin` alone may do, beyond the own tenant too.
//!
//! These are the only routes that lead into another tenant. Each asks for a reason, which is written into the records at
//! home before anything is shown or done; and into those of the other tenant, but for the list of all tenants.

mod crossing;
mod list;
mod plan;
mod rotate;
mod status;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::Identity;

const TAG: &str = "platform";

pub(crate) fn routes() -> OpenApiRouter<Identity> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(list::read))
        .routes(routes!(plan::replace_plan))
        .routes(routes!(status::suspend))
        .routes(routes!(status::reactivate))
}

pub(crate) fn signing_keys() -> OpenApiRouter<Identity> {
    OpenApiRouter::new().routes(routes!(rotate::rotate))
}
