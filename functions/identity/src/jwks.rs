//! The public keys, for whoever wants to check a token.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use domain::account::PublicKey;
use serde::Serialize;
use utoipa::ToSchema;
use web::ApiError;

use crate::Identity;

/// For how long the answer may be kept: less than a new key's notice.
const CACHING: HeaderValue = HeaderValue::from_static("public, max-age=60");

/// A set of keys (RFC 7517).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JsonWebKeySet)]
pub(crate) struct KeySet {
    /// The keys that are taken at present, and the one that is announced.
    keys: Vec<Key>,
}

/// A public key (RFC 8037).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JsonWebKey)]
struct Key {
    /// What tokens name it by.
    kid: String,
    /// The kind of key.
    #[schema(example = "OKP")]
    kty: &'static str,
    /// The curve.
    #[schema(example = "Ed25519")]
    crv: &'static str,
    /// The only algorithm that it is good for.
    #[schema(example = "EdDSA")]
    alg: &'static str,
    /// What it is for.
    #[schema(example = "sig")]
    r#use: &'static str,
    /// The key itself.
    x: String,
}

impl From<PublicKey> for Key {
    fn from(key: PublicKey) -> Self {
        Self { kid: key.kid, kty: "OKP", crv: "Ed25519", alg: "EdDSA", r#use: "sig", x: key.x }
    }
}

/// Show the public keys
///
/// What access tokens are signed with. A new key stands here five minutes before its first token.
#[utoipa::path(
    get,
    path = "/.well-known/jwks.json",
    operation_id = "show_public_keys",
    tag = "auth",
    responses((status = 200, description = "The key set.", body = KeySet))
)]
pub(crate) async fn show(State(identity): State<Identity>) -> Result<Response, ApiError> {
    let published = identity.keys.published().await?;
    let keys = published.into_iter().map(|stored| stored.entity.into()).collect();
    Ok(([(header::CACHE_CONTROL, CACHING)], axum::Json(KeySet { keys })).into_response())
}
