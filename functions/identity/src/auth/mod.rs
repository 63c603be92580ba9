//! `/api/v1/auth`: getting in, staying in, getting out.

mod login;
mod logout;
mod me;
mod password;
mod reauthenticate;
mod refresh;
mod register;
mod reset;
mod sessions;
mod tokens;
mod verify;
mod verify_email;
mod views;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use me::__path_users_me;
pub(crate) use me::users_me;
pub(crate) use password::{FRESH, check_password};
pub(crate) use reauthenticate::Reauthenticated;
pub(crate) use sessions::{SessionView, keep_session};
pub(crate) use tokens::{Missing, Pending, Tokens};
pub(crate) use verify::{VerifyInput, parse_code};
pub(crate) use views::UserView;

use crate::Identity;

const TAG: &str = "auth";

pub(crate) fn routes() -> OpenApiRouter<Identity> {
    OpenApiRouter::new()
        .routes(routes!(register::register))
        .routes(routes!(login::login))
        .routes(routes!(verify::verify))
        .routes(routes!(refresh::refresh))
        .routes(routes!(logout::logout))
        .routes(routes!(logout::logout_all))
        .routes(routes!(sessions::sessions))
        .routes(routes!(logout::end_session))
        .routes(routes!(me::me))
        .routes(routes!(password::change_password))
        .routes(routes!(reset::forgot_password))
        .routes(routes!(reset::reset_password))
        .routes(routes!(verify_email::mail_verification_code))
        .routes(routes!(verify_email::verify_email))
        .routes(routes!(reauthenticate::reauthenticate))
}
