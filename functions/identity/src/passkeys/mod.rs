//! `/api/v1/auth/factors/passkeys` and `/api/v1/auth/passkeys`: passkeys kept by their owner, and what they are good for.
//!
//! A passkey verifies its user before it signs (a finger, a face, a PIN), so that it is two factors by itself.

mod add;
mod assertion;
mod ceremonies;
mod credential;
mod list;
mod login;
mod reauthenticate;
mod relying_party;
mod remove;
mod rename;
mod second_factor;
mod state;
mod view;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use state::Passkeys;

pub(crate) use relying_party::RelyingPartyError;
pub(crate) use view::PasskeyView;

const TAG: &str = "auth";

pub(crate) fn routes() -> OpenApiRouter<Passkeys> {
    OpenApiRouter::new()
        .routes(routes!(list::list_passkeys, add::add_passkey))
        .routes(routes!(add::offer_passkey))
        .routes(routes!(rename::rename_passkey, remove::remove_passkey))
        .routes(routes!(login::login))
        .routes(routes!(login::offer_login))
        .routes(routes!(second_factor::verify))
        .routes(routes!(second_factor::offer_second_factor))
        .routes(routes!(reauthenticate::reauthenticate))
        .routes(routes!(reauthenticate::offer_reauthentication))
}
