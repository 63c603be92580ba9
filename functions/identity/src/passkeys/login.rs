//! Getting in with a passkey alone.

use axum::extract::State;
use domain::{CeremonyId, Invalid, Validation, account::Assurance, passkey::CeremonyPurpose};
use serde::Deserialize;
use store::StoreError;
use utoipa::ToSchema;
use web::{ApiError, Data, Json};
use webauthn_rs::prelude::PublicKeyCredential;

use super::{ceremonies::PasskeyOptions, credential::Assertion, state::Passkeys};
use crate::{auth::Tokens, error::AuthError, visit::Visit};

/// A passkey that proves who somebody is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasskeyInput {
    /// The ceremony that asked for it.
    ceremony_id: CeremonyId,
    /// What the authenticator answered.
    credential: Assertion,
}

impl PasskeyInput {
    pub(super) fn parse(self) -> Result<(CeremonyId, PublicKeyCredential), Invalid> {
        let mut validation = Validation::new();
        let shown = validation.nest("/credential", self.credential.parse());
        validation.finish(shown.map(|shown| (self.ceremony_id, shown)))
    }
}

/// Ask for a passkey to log in with
///
/// The options for `navigator.credentials.get`, with whichever passkey the user chooses: no address is needed, and nothing is
/// told of anybody. They are good once, for five minutes.
#[utoipa::path(
    post,
    path = "/api/v1/auth/passkeys/login/options",
    operation_id = "offer_passkey_login",
    tag = super::TAG,
    responses((status = 200, description = "What the authenticator is asked for.", body = Data<PasskeyOptions>))
)]
pub(crate) async fn offer_login(State(passkeys): State<Passkeys>) -> Result<Data<PasskeyOptions>, ApiError> {
    Ok(Data::new(passkeys.offer_login().await?))
}

/// Log in with a passkey
///
/// Opens a session of the level `aal2`: a passkey that has verified its user is two factors. An unknown passkey, a wrong
/// signature and a deactivated user get the same answer.
#[utoipa::path(
    post,
    path = "/api/v1/auth/passkeys/login",
    operation_id = "passkey_login",
    tag = super::TAG,
    request_body = PasskeyInput,
    responses(
        (status = 200, description = "The session is open.", body = Data<Tokens>),
        (status = 401, description = "The ceremony is over, or the passkey is not accepted."),
        (status = 403, description = "The passkey is right, but the tenant is suspended.")
    )
)]
pub(crate) async fn login(
    State(passkeys): State<Passkeys>,
    visit: Visit,
    Json(body): Json<PasskeyInput>,
) -> Result<Data<Tokens>, ApiError> {
    let (ceremony, shown) = body.parse()?;
    Ok(Data::new(passkeys.login(ceremony, &shown, &visit).await?))
}

impl Passkeys {
    async fn offer_login(&self) -> Result<PasskeyOptions, AuthError> {
        self.begin(CeremonyPurpose::Login, self.relying_party.offer_authentication(&[])?).await
    }

    async fn login(
        &self,
        ceremony: CeremonyId,
        shown: &PublicKeyCredential,
        visit: &Visit,
    ) -> Result<Tokens, AuthError> {
        let state = self.take(ceremony, CeremonyPurpose::Login).await?;
        // Who was not known before has to be named by the authenticator (WebAuthn, section 7.2, step 6).
        if shown.response.user_handle.is_none() {
            return Err(AuthError::WrongPasskey);
        }
        let person = self.owner(shown).await?.ok_or(AuthError::WrongPasskey)?;
        let taken = self.take_passkey(&person, &state, shown, visit).await?;
        let taken = taken.filter(|_| person.is_active()).ok_or(AuthError::WrongPasskey)?;
        let entrance = visit.entrance(Assurance::Aal2);
        let note = taken.means.note().map(str::to_owned);
        match self.identity.let_in(&person, entrance, visit, vec![taken.write], note).await {
            // The passkey was used by another request a moment ago.
            Err(AuthError::Store(StoreError::VersionMismatch(_))) => Err(AuthError::WrongPasskey),
            entered => entered,
        }
    }
}
