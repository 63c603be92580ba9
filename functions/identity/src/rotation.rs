//! The rotation of the signing key on a schedule, for a stage of which nobody asks anything for days.

use platform::Context;
use store::{Store, StoreConfig};

use crate::{StartError, key_ring::KeyRing, signing_secret::SigningSecret};

/// Looks whether a new signing key is due. It is deployed by itself, with no more rights than that needs.
#[derive(Clone)]
pub struct Rotation(KeyRing);

impl Rotation {
    /// The rotation as the context says: the variables of [`StoreConfig`], `AUDIT_KEYS`, and `SIGNING_SECRET` or
    /// `SIGNING_SECRET_ARN`.
    ///
    /// # Errors
    /// Names the variable that is missing; or says what AWS refused.
    pub async fn new(context: &Context) -> Result<Self, StartError> {
        let store = Store::new(&context.aws, StoreConfig::from_env(&context.env)?, context.clock.clone());
        let (audit_keys, secret) = (context.env.required("AUDIT_KEYS")?, SigningSecret::of(context)?);
        Ok(Self(KeyRing::open(&store, audit_keys, secret, context.clock.clone()).await?))
    }

    /// Announces the next key if the present one has signed for its time.
    ///
    /// # Errors
    /// When the store fails; the next round starts over.
    pub async fn rotate_when_due(&self) -> Result<(), StartError> {
        self.0.refresh().await
    }
}
