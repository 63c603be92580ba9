//! What the routes work with.

use std::sync::Arc;

use axum::extract::FromRef;
use domain::account::User;
use platform::Context;
use web::{App, auth::TokenConfig};

use crate::{
    SigningKey, StartError, access_token::AccessTokens, error::AuthError, hasher::Hasher, member::Member,
    sessions::Sessions, signing_secret::signing_secret,
};

/// The function's state.
#[derive(Clone)]
pub struct Identity {
    pub(crate) app: App,
    pub(crate) access_tokens: Arc<AccessTokens>,
    pub(crate) hasher: Hasher,
}

impl Identity {
    /// The state as the context says: the variables of [`App`] and `SIGNING_SECRET`, or `SIGNING_SECRET_ARN`. Publishes the
    /// public half of the signing key, so that no token is ever ahead of its key.
    ///
    /// # Errors
    /// Names the variable that is missing; or says what AWS refused.
    pub async fn new(context: &Context) -> Result<Self, StartError> {
        let app = App::new(context)?;
        let signing_key = SigningKey::derive(&signing_secret(context).await?)?;
        app.store().public_keys().put(signing_key.public()).await?;
        app.warm().await;
        let access_tokens = Arc::new(AccessTokens::new(signing_key, TokenConfig::from_env(&context.env)?));
        Ok(Self { app, access_tokens, hasher: Hasher::new() })
    }

    /// The sessions of all users.
    pub(crate) fn sessions(&self) -> Sessions {
        Sessions::new(&self.app)
    }

    /// The user that a member is, unless it was deleted.
    pub(crate) async fn user(&self, member: &Member) -> Result<User, AuthError> {
        let found = self.app.store().tenant(member).find::<User>(&member.user_id()).await?;
        found.map(|stored| stored.entity).ok_or(AuthError::UserGone)
    }
}

impl FromRef<Identity> for App {
    fn from_ref(identity: &Identity) -> Self {
        identity.app.clone()
    }
}
