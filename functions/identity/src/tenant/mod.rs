//! `/api/v1/tenant`: the team itself.

mod domains;
mod read;
mod settings;
mod usage;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::Identity;

const TAG: &str = "tenant";

pub(crate) fn routes() -> OpenApiRouter<Identity> {
    OpenApiRouter::new()
        .routes(routes!(read::show_tenant, settings::replace_settings))
        .routes(routes!(usage::usage))
}
