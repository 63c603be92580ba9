//! What the routes work with.

use std::sync::Arc;

use axum::extract::FromRef;
use mail::Outbox;
use platform::Context;
use web::{App, auth::TokenConfig};

use crate::{
    StartError, access_token::AccessTokens, challenges::Challenges, gate::Gate, hasher::Hasher,
    key_ring::KeyRing, secrets::Secrets, sessions::Sessions, signing_secret::SigningSecret,
};

/// The function's state.
#[derive(Clone)]
pub struct Identity {
    pub(crate) app: App,
    pub(crate) access_tokens: Arc<AccessTokens>,
    pub(crate) gate: Gate,
    pub(crate) hasher: Hasher,
    pub(crate) keys: KeyRing,
    pub(crate) outbox: Outbox,
    pub(crate) secrets: Secrets,
}

impl Identity {
    /// The state as the context says: the variables of [`App`] and [`Outbox`], `IDENTITY_SECRETS`, and `SIGNING_SECRET` or
    /// `SIGNING_SECRET_ARN`. Publishes the public half of the signing key, so that no token is ever ahead of its key.
    ///
    /// # Errors
    /// Names the variable that is missing; or says what AWS refused.
    pub async fn new(context: &Context) -> Result<Self, StartError> {
        let app = App::new(context)?;
        let secrets: Secrets = context.env.required("IDENTITY_SECRETS")?;
        let secret = SigningSecret::of(context)?;
        let audit_keys = context.env.required("AUDIT_KEYS")?;
        let keys = KeyRing::open(app.store(), audit_keys, secret, context.clock.clone()).await?;
        app.warm().await;
        Ok(Self {
            access_tokens: Arc::new(AccessTokens::new(keys.clone(), TokenConfig::from_env(&context.env)?)),
            gate: Gate::new(&app, &context.env)?,
            hasher: Hasher::new(secrets.clone()),
            outbox: Outbox::from_env(context)?,
            app,
            keys,
            secrets,
        })
    }

    /// The sessions of all users.
    pub(crate) fn sessions(&self) -> Sessions {
        Sessions::new(self)
    }

    /// The codes and links that were asked for.
    pub(crate) fn challenges(&self) -> Challenges {
        Challenges::new(self)
    }
}

impl FromRef<Identity> for App {
    fn from_ref(identity: &Identity) -> Self {
        identity.app.clone()
    }
}
