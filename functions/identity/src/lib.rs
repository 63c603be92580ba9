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

use axum::{Router, middleware::from_fn_with_state};
use utoipa_axum::{router::OpenApiRouter, routes};

pub use error::StartError;
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

/// All routes, described. A stage deploys the function twice, as `IdentityFunction` for the door and as `AccountsFunction`
/// for accounts, because a function's resource policy has no room for a statement for each route.
pub fn routes() -> OpenApiRouter<Identity> {
    door().merge(accounts())
}

/// The routes within the layers of every function, ready to be served.
pub fn router(identity: Identity) -> Router {
    let keep = from_fn_with_state(identity.clone(), key_ring::keep);
    web::service(routes().split_for_parts().0.layer(keep), identity)
}
