//! Accounts and sessions: who somebody is, and the tokens that say so to every other function.
//!
//! Only this function signs access tokens; the public half of its key lies in the store, where all others read it.

mod access_token;
mod api_keys;
mod auth;
mod challenges;
mod error;
mod factor;
mod factors;
mod gate;
mod hasher;
mod jwks;
mod key_ring;
mod letters;
mod mailing;
mod member;
mod passkeys;
mod password_policy;
mod person;
mod platform;
mod refresh_token;
mod rotation;
mod secrets;
mod sessions;
mod signing_key;
mod signing_secret;
mod state;
mod tenant;
mod users;
mod visit;

use axum::{Router, extract::FromRef, middleware::from_fn_with_state};
use utoipa_axum::{router::OpenApiRouter, routes};
use web::App;

pub use error::StartError;
pub use passkeys::Passkeys;
pub use rotation::Rotation;
pub use signing_key::SigningKey;
pub use state::Identity;

/// The routes of the door, described: how somebody gets in and stays in, and the keys that say so.
pub fn door() -> OpenApiRouter<Identity> {
    auth::routes().merge(factors::routes()).merge(platform::signing_keys()).routes(routes!(jwks::show))
}

/// The routes of accounts, described: people, keys and tenants.
pub fn accounts() -> OpenApiRouter<Identity> {
    users::routes().merge(api_keys::routes()).merge(tenant::routes()).merge(platform::routes())
}

/// The routes of passkeys, described.
pub fn passkeys() -> OpenApiRouter<Passkeys> {
    passkeys::routes()
}

/// A part of the routes within the layers of every function, ready to be served.
///
/// Each part is a function of its own, with a program of its own: a function's resource policy has no room for a statement
/// for each route, and a program holds no more than its routes need.
pub fn serve<S>(routes: OpenApiRouter<S>, state: S) -> Router
where
    S: Clone + Send + Sync + 'static,
    Identity: FromRef<S>,
    App: FromRef<S>,
{
    let keep = from_fn_with_state(Identity::from_ref(&state), key_ring::keep);
    web::service(routes.split_for_parts().0.layer(keep), state)
}
