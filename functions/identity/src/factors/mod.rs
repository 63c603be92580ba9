//! `/api/v1/auth/factors`: second factors, set up and removed by their owner.

mod recovery;
mod remove;
mod totp;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use recovery::RecoveryCodes;

use crate::Identity;

const TAG: &str = "auth";

pub(crate) fn routes() -> OpenApiRouter<Identity> {
    OpenApiRouter::new()
        .routes(routes!(view::factors))
        .routes(routes!(totp::enrol_totp, remove::remove_totp))
        .routes(routes!(totp::confirm_totp))
        .routes(routes!(recovery::new_recovery_codes))
}
