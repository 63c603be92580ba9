//! Access tokens, verified: signed (Ed25519) by a key of ours, for us, and not yet over.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use domain::account::PublicKey;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use platform::{Clock, Env, EnvError};
use store::{Listing, Order, Scope, StoreError};

use super::claims::{Claims, TOKEN_TYPE, VerifiedClaims};
use crate::ApiError;

/// How far the clocks of two machines may differ.
const CLOCK_SKEW_SECONDS: i64 = 60;
/// A token with an unknown key makes us look for new keys, but not more often than this.
const RELOAD_INTERVAL: SignedDuration = SignedDuration::from_secs(10);

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

#[derive(Default)]
struct Keys {
    by_id: HashMap<String, DecodingKey>,
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
        let header = jsonwebtoken::decode_header(token).map_err(|_| invalid())?;
        if header.alg != Algorithm::EdDSA || header.typ.as_deref() != Some(TOKEN_TYPE) {
            return Err(invalid());
        }
        let key = self.key(&header.kid.ok_or_else(invalid)?).await?.ok_or_else(invalid)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&self.config.issuer]);
        validation.set_audience(&[&self.config.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Times are compared below, with the clock that the rest of the program goes by.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation).map_err(|_| invalid())?.claims;
        let now = self.clock.now().as_second();
        if claims.exp + CLOCK_SKEW_SECONDS <= now {
            return Err(ApiError::unauthorized(
                "The access token has expired; get a new one at /api/v1/auth/refresh.",
            ));
        }
        if claims.iat - CLOCK_SKEW_SECONDS > now {
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
            let key = DecodingKey::from_ed_components(&stored.entity.x).ok()?;
            Some((stored.entity.kid, key))
        });
        let keys = Keys { by_id: usable.collect(), loaded_at: Some(self.clock.now()) };
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    async fn key(&self, kid: &str) -> Result<Option<DecodingKey>, StoreError> {
        let loaded_at = {
            let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(key) = keys.by_id.get(kid) {
                return Ok(Some(key.clone()));
            }
            keys.loaded_at
        };
        if loaded_at.is_some_and(|at| self.clock.now().duration_since(at) < RELOAD_INTERVAL) {
            return Ok(None);
        }
        self.reload().await?;
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        Ok(keys.by_id.get(kid).cloned())
    }
}
