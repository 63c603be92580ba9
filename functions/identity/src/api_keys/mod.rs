//! `/api/v1/api-keys`: how programs get in.

mod create;
mod list;
mod read;
mod revoke;
mod rotate;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use view::ApiKeyView;

use crate::Identity;

const TAG: &str = "api-keys";

pub(crate) fn routes() -> OpenApiRouter<Identity> {
    OpenApiRouter::new()
        .routes(routes!(list::list_keys, create::create_key))
        .routes(routes!(read::read_key, revoke::revoke_key))
        .routes(routes!(rotate::rotate_key))
}
