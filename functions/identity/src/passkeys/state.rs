//! What the routes of passkeys work with.

use std::sync::Arc;

use axum::extract::FromRef;
use platform::Context;
use web::App;

use super::relying_party::RelyingParty;
use crate::{Identity, StartError};

/// The state of the function that serves passkeys: identity's, and who asks authenticators.
#[derive(Clone)]
pub struct Passkeys {
    pub(crate) identity: Identity,
    pub(crate) relying_party: Arc<RelyingParty>,
}

impl Passkeys {
    /// The state as the context says: the variables of [`Identity`], `PASSKEY_RELYING_PARTY` and `PASSKEY_ORIGINS`.
    ///
    /// # Errors
    /// Names the variable that is missing, or that does not fit; or says what AWS refused.
    pub async fn new(context: &Context) -> Result<Self, StartError> {
        let relying_party = Arc::new(RelyingParty::from_env(&context.env)?);
        Ok(Self { identity: Identity::new(context).await?, relying_party })
    }
}

impl FromRef<Passkeys> for Identity {
    fn from_ref(passkeys: &Passkeys) -> Self {
        passkeys.identity.clone()
    }
}

impl FromRef<Passkeys> for App {
    fn from_ref(passkeys: &Passkeys) -> Self {
        passkeys.identity.app.clone()
    }
}
