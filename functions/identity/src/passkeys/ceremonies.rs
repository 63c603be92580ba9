//! Ceremonies: begun by one request, ended by another, kept on our side in between.

use domain::{
    CeremonyId,
    passkey::{Ceremony, CeremonyPurpose},
};
use serde::Serialize;
use serde_json::Value;
use store::Scope;
use utoipa::ToSchema;

use super::{relying_party::Offer, state::Passkeys};
use crate::error::AuthError;

/// What an authenticator is asked for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "ceremony_id": "cer_01M81CHEPGEJDXKF55MMBYGMNF",
    "public_key": {
        "challenge": "pTq2mB0Xv3fC8t5kS1nYwQ4rE7uIzO9aLdGhJxKcVbM",
        "rpId": "app.example.com",
        "userVerification": "required",
        "allowCredentials": []
    },
    "expires_in": 300
}))]
pub(crate) struct PasskeyOptions {
    /// Which ceremony this is: send it along with what the authenticator answers.
    ceremony_id: CeremonyId,
    /// For `navigator.credentials`, by way of `PublicKeyCredential.parseCreationOptionsFromJSON` or
    /// `parseRequestOptionsFromJSON`.
    #[schema(value_type = Object)]
    public_key: Value,
    /// For how many seconds an answer is taken.
    expires_in: i64,
}

impl Passkeys {
    fn ceremonies(&self) -> Scope {
        self.identity.app.store().accounts().transient()
    }

    /// Begins a ceremony.
    pub(super) async fn begin(
        &self,
        purpose: CeremonyPurpose,
        offer: Offer,
    ) -> Result<PasskeyOptions, AuthError> {
        let app = &self.identity.app;
        let id = app.ids.id();
        let expires_at = app.clock.now() + Ceremony::LIFETIME;
        self.ceremonies().create(Ceremony { id, purpose, state: offer.state, expires_at }).await?;
        let expires_in = Ceremony::LIFETIME.as_secs();
        Ok(PasskeyOptions { ceremony_id: id, public_key: offer.options, expires_in })
    }

    /// Takes a ceremony away to end it, and gives its state. Of several who come back at once, one gets it.
    pub(super) async fn take(&self, id: CeremonyId, purpose: CeremonyPurpose) -> Result<String, AuthError> {
        let now = self.identity.app.clock.now();
        let found = self.ceremonies().find::<Ceremony>(&id).await?;
        let found = found.filter(|found| found.entity.is_for(purpose, now)).ok_or(AuthError::WrongPasskey)?;
        match self.ceremonies().delete::<Ceremony>(&id, Some(found.version)).await {
            Ok(()) => Ok(found.entity.state),
            Err(error) if error.is_lost_race() => Err(AuthError::WrongPasskey),
            Err(error) => Err(error.into()),
        }
    }
}
