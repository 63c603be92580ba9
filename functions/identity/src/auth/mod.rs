//! `/api/v1/auth`: getting in, staying in, getting out.

mod login;
mod logout;
mod me;
mod refresh;
mod register;
mod tokens;
mod views;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::Identity;

const TAG: &str = "auth";

pub(crate) fn routes() -> OpenApiRouter<Identity> {
    OpenApiRouter::new()
        .routes(routes!(register::register))
        .routes(routes!(login::login))
        .routes(routes!(refresh::refresh))
        .routes(routes!(logout::logout))
        .routes(routes!(me::me))
}
