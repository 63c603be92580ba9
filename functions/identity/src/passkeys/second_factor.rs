//! A passkey after a password, or after a code by mail.

use axum::extract::State;
use domain::{CeremonyId, ChallengeId, Invalid, Validation, challenge::Purpose, passkey::CeremonyPurpose};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{ApiError, Data, Json};
use webauthn_rs::prelude::PublicKeyCredential;

use super::{ceremonies::PasskeyOptions, credential::Assertion, state::Passkeys};
use crate::{auth::Tokens, error::AuthError, visit::Visit};

/// Which challenge a passkey is to answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasskeyChallengeInput {
    /// The challenge that a login was answered with, whose `missing` is `second_factor`.
    challenge_id: ChallengeId,
}

/// A passkey that answers a challenge.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasskeyAnswerInput {
    /// Which challenge.
    challenge_id: ChallengeId,
    /// The ceremony that asked for the passkey.
    ceremony_id: CeremonyId,
    /// What the authenticator answered.
    credential: Assertion,
}

impl PasskeyAnswerInput {
    fn parse(self) -> Result<(ChallengeId, CeremonyId, PublicKeyCredential), Invalid> {
        let mut validation = Validation::new();
        let shown = validation.nest("/credential", self.credential.parse());
        validation.finish(shown.map(|shown| (self.challenge_id, self.ceremony_id, shown)))
    }
}

/// Ask for a passkey as the second factor
///
/// The options for `navigator.credentials.get`, with the passkeys of the user who has given the first factor. They are good
/// once, for five minutes.
#[utoipa::path(
    post,
    path = "/api/v1/auth/passkeys/verify/options",
    operation_id = "offer_passkey_second_factor",
    tag = super::TAG,
    request_body = PasskeyChallengeInput,
    responses(
        (status = 200, description = "What the authenticator is asked for.", body = Data<PasskeyOptions>),
        (status = 401, description = "There is no such challenge, or it is over."),
        (status = 409, description = "The user has no passkey.")
    )
)]
pub(crate) async fn offer_second_factor(
    State(passkeys): State<Passkeys>,
    Json(body): Json<PasskeyChallengeInput>,
) -> Result<Data<PasskeyOptions>, ApiError> {
    Ok(Data::new(passkeys.offer_second_factor(body.challenge_id).await?))
}

/// Answer a challenge with a passkey
///
/// Opens the session that a login has asked for.
#[utoipa::path(
    post,
    path = "/api/v1/auth/passkeys/verify",
    operation_id = "passkey_verify",
    tag = super::TAG,
    request_body = PasskeyAnswerInput,
    responses(
        (status = 200, description = "The session is open.", body = Data<Tokens>),
        (status = 401, description = "The challenge or the ceremony is over, or the passkey is not accepted."),
        (status = 403, description = "The passkey is right, but the tenant is suspended.")
    )
)]
pub(crate) async fn verify(
    State(passkeys): State<Passkeys>,
    visit: Visit,
    Json(body): Json<PasskeyAnswerInput>,
) -> Result<Data<Tokens>, ApiError> {
    let (challenge, ceremony, shown) = body.parse()?;
    Ok(Data::new(passkeys.answer_second_factor(challenge, ceremony, &shown, &visit).await?))
}

fn wanted(purpose: &Purpose) -> bool {
    matches!(purpose, Purpose::SecondFactor { .. })
}

impl Passkeys {
    async fn offer_second_factor(&self, challenge: ChallengeId) -> Result<PasskeyOptions, AuthError> {
        let identity = &self.identity;
        let found = identity.challenges().find(challenge, wanted).await?;
        let person = identity.person_of(&found.entity).await?;
        let (factors, _) = identity.counting_factors(&person, &person.user.entity).await?;
        if factors.passkeys.is_empty() {
            return Err(AuthError::Conflict("There is no passkey to answer it with."));
        }
        let offer = self.relying_party.offer_authentication(&factors.passkeys)?;
        self.begin(CeremonyPurpose::SecondFactor { challenge }, offer).await
    }

    async fn answer_second_factor(
        &self,
        challenge: ChallengeId,
        ceremony: CeremonyId,
        shown: &PublicKeyCredential,
        visit: &Visit,
    ) -> Result<Tokens, AuthError> {
        let identity = &self.identity;
        let found = identity.challenges().find(challenge, wanted).await?;
        let state = self.take(ceremony, CeremonyPurpose::SecondFactor { challenge }).await?;
        let person = identity.person_of(&found.entity).await?;
        let taken = self.take_passkey(&person, &state, shown, visit).await?;
        match identity.enter_by_second_factor(found, &person, taken, visit).await {
            Err(AuthError::WrongCode) => Err(AuthError::WrongPasskey),
            entered => entered,
        }
    }
}
