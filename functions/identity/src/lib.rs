//! Accounts and sessions: who somebody is, and the tokens that say so to every other function.
//!
//! Only this function signs access tokens; the public half of its key lies in the store, where all others read it.

mod access_token;
mod auth;
mod error;
mod hasher;
mod member;
mod refresh_token;
mod sessions;
mod signing_key;
mod signing_secret;
mod state;

use axum::Router;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub use error::StartError;
pub use signing_key::SigningKey;
pub use state::Identity;

/// The routes, described.
pub fn routes() -> OpenApiRouter<Identity> {
    auth::routes()
}

/// The routes within the layers of every function, ready to be served.
pub fn router(identity: Identity) -> Router {
    web::service(routes().split_for_parts().0, identity)
}

/// The description of the routes.
pub fn openapi() -> OpenApi {
    routes().into_openapi()
}
