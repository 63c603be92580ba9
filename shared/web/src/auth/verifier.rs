//! Access tokens, verified: signed (Ed25519) by a key of ours, for us, and not yet over.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::account::PublicKey;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use platform::{Clock, Env, EnvError};
use serde::Deserialize;
use store::{Listing, Order, Scope, StoreError};

use super::claims::{Claims, TOKEN_TYPE, VerifiedClaims};
use crate::ApiError;

/// How far the clocks of two machines may differ.
pub const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(60);
/// A token with an unknown key makes us look for new keys, but not more often than this.
const RELOAD_INTERVAL: SignedDuration = SignedDuration::from_secs(1);
/// Keys are read anew after so long: a key that was withdrawn is refused, and one that is announced is known before its
/// first token.
const LONGEST_KEPT: SignedDuration = SignedDuration::from_mins(1);
/// No token of ours is nearly as long.
const LONGEST_TOKEN: usize = 4_096;

/// Who makes tokens, and for whom.
#[derive(Debug, Clone)]
pub struct TokenConfig {
    /// The `iss` of every token.
    pub issuer: String,
    /// The `aud` of every token.
    pub audience: String,
}

impl TokenConfig {
    /// Reads `TOKEN_ISSUER` and `TOKEN_AUDIENCE`.
    ///
    /// # Errors
    /// Names the variable that is missing.
    pub fn from_env(env: &Env) -> Result<Self, EnvError> {
        Ok(Self { issuer: env.required("TOKEN_ISSUER")?, audience: env.required("TOKEN_AUDIENCE")? })
    }
}

/// The only header that a token of ours has. Whatever else a header may name (`jku`, `x5u`, `jwk`, `crit`, `zip`), or name
/// twice, is refused before anything is believed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

impl Header {
    fn of(token: &str) -> Option<Self> {
        let (header, rest) = token.split_once('.')?;
        let whole = token.len() <= LONGEST_TOKEN && rest.matches('.').count() == 1;
        let header = URL_SAFE_NO_PAD.decode(header).ok().filter(|_| whole)?;
        serde_json::from_slice(&header).ok()
    }
}

/// A key, and the one algorithm that it is good for.
#[derive(Clone)]
struct Key {
    decoding: DecodingKey,
    algorithm: Algorithm,
    retires_at: Option<Timestamp>,
}

#[derive(Default)]
struct Keys {
    by_id: HashMap<String, Key>,
    loaded_at: Option<Timestamp>,
}

/// Verifies access tokens with the public keys that `identity` has published.
#[derive(Clone)]
pub struct Verifier {
    published: Scope,
    config: TokenConfig,
    clock: Clock,
    keys: Arc<RwLock<Keys>>,
}

impl Verifier {
    pub(crate) fn new(published: Scope, config: TokenConfig, clock: Clock) -> Self {
        Self { published, config, clock, keys: Arc::default() }
    }

    /// The claims of a valid token.
    ///
    /// # Errors
    /// 401 for every token that is not valid now; 503 when the keys can't be read.
    pub async fn verify(&self, token: &str) -> Result<VerifiedClaims, ApiError> {
        let invalid = || ApiError::unauthorized("The access token is not valid.");
        let header = Header::of(token).ok_or_else(invalid)?;
        if header.typ != TOKEN_TYPE {
            return Err(invalid());
        }
        let key = self.key(&header.kid).await?.ok_or_else(invalid)?;
        if header.alg != format!("{:?}", key.algorithm) {
            return Err(invalid());
        }
        let mut validation = Validation::new(key.algorithm);
        validation.set_issuer(&[&self.config.issuer]);
        validation.set_audience(&[&self.config.audience]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // Times are compared below, with the clock that the rest of the program goes by.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &key.decoding, &validation);
        let claims = claims.map_err(|_| invalid())?.claims;
        let (now, skew) = (self.clock.now().as_second(), CLOCK_SKEW.as_secs());
        if claims.exp.saturating_add(skew) <= now {
            return Err(ApiError::unauthorized(
                "The access token has expired; get a new one at /api/v1/auth/refresh.",
            ));
        }
        if claims.nbf.max(claims.iat).saturating_sub(skew) > now {
            return Err(invalid());
        }
        Ok(VerifiedClaims::new(claims))
    }

    /// Reads the published keys anew.
    pub(crate) async fn reload(&self) -> Result<(), StoreError> {
        let all =
            Listing { limit: 100, order: Order::Descending, after: None, filters: Vec::new(), group: None };
        let published = self.published.list::<PublicKey>(all).await?.items;
        let usable = published.into_iter().filter_map(|stored| {
            let PublicKey { kid, x, retires_at, .. } = stored.entity;
            let decoding = DecodingKey::from_ed_components(&x).ok()?;
            Some((kid, Key { decoding, algorithm: Algorithm::EdDSA, retires_at }))
        });
        let keys = Keys { by_id: usable.collect(), loaded_at: Some(self.clock.now()) };
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    async fn key(&self, kid: &str) -> Result<Option<Key>, StoreError> {
        let now = self.clock.now();
        let (known, age) = {
            let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
            (keys.by_id.get(kid).cloned(), keys.loaded_at.map(|at| now.duration_since(at)))
        };
        let fresh_enough = if known.is_some() { LONGEST_KEPT } else { RELOAD_INTERVAL };
        let known = if age.is_some_and(|age| age < fresh_enough) {
            known
        } else {
            self.reload().await?;
            self.keys.read().unwrap_or_else(PoisonError::into_inner).by_id.get(kid).cloned()
        };
        Ok(known.filter(|key| key.retires_at.is_none_or(|at| now < at)))
    }
}
