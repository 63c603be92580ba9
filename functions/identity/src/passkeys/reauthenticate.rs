//! Proving anew, with a passkey, that it is still the user.

use axum::extract::State;
use domain::{
    CeremonyId, account::Assurance, audit::Action, passkey::CeremonyPurpose, permission::AccountWrite,
};
use web::{ApiError, Data, Json, ShownOnce, auth::Tenant};
use webauthn_rs::prelude::PublicKeyCredential;

use super::{ceremonies::PasskeyOptions, login::PasskeyInput, state::Passkeys};
use crate::{auth::Reauthenticated, error::AuthError, person::Person, visit::Visit};

/// Ask for a passkey to log in anew with
///
/// The options for `navigator.credentials.get`, with one's own passkeys. They are good once, for five minutes.
#[utoipa::path(
    post,
    path = "/api/v1/auth/passkeys/reauthenticate/options",
    operation_id = "offer_passkey_reauthentication",
    tag = super::TAG,
    security(("bearer" = ["account:write"])),
    responses(
        (status = 200, description = "What the authenticator is asked for.", body = Data<PasskeyOptions>),
        (status = 409, description = "The user has no passkey.")
    )
)]
pub(crate) async fn offer_reauthentication(
    State(passkeys): State<Passkeys>,
    tenant: Tenant<AccountWrite>,
) -> Result<ShownOnce<Data<PasskeyOptions>>, ApiError> {
    Ok(ShownOnce(Data::new(passkeys.offer_reauthentication(&tenant).await?)))
}

/// Log in anew within a session, with a passkey
///
/// The same as with a password and a code: what matters most needs a login within the last ten minutes. A passkey is enough
/// by itself.
#[utoipa::path(
    post,
    path = "/api/v1/auth/passkeys/reauthenticate",
    operation_id = "passkey_reauthenticate",
    tag = super::TAG,
    security(("bearer" = ["account:write"])),
    request_body = PasskeyInput,
    responses(
        (status = 200, description = "The login counts as new.", body = Data<Reauthenticated>),
        (status = 401, description = "The ceremony is over, or the passkey is not accepted."),
        (status = 409, description = "The session was used elsewhere at the same time.")
    )
)]
pub(crate) async fn reauthenticate(
    State(passkeys): State<Passkeys>,
    visit: Visit,
    tenant: Tenant<AccountWrite>,
    Json(body): Json<PasskeyInput>,
) -> Result<ShownOnce<Data<Reauthenticated>>, ApiError> {
    let (ceremony, shown) = body.parse()?;
    Ok(ShownOnce(Data::new(passkeys.reauthenticate(&tenant, ceremony, &shown, &visit).await?)))
}

impl Passkeys {
    async fn offer_reauthentication(
        &self,
        tenant: &Tenant<AccountWrite>,
    ) -> Result<PasskeyOptions, AuthError> {
        let person = Person::of(&tenant.principal);
        let (factors, _) = self.identity.counting_factors(&person, &person.user.entity).await?;
        if factors.passkeys.is_empty() {
            return Err(AuthError::Conflict("There is no passkey to prove it with."));
        }
        let offer = self.relying_party.offer_authentication(&factors.passkeys)?;
        self.begin(CeremonyPurpose::Reauthentication { subject: person.member.subject() }, offer).await
    }

    async fn reauthenticate(
        &self,
        tenant: &Tenant<AccountWrite>,
        ceremony: CeremonyId,
        shown: &PublicKeyCredential,
        visit: &Visit,
    ) -> Result<Reauthenticated, AuthError> {
        let person = Person::of(&tenant.principal);
        let purpose = CeremonyPurpose::Reauthentication { subject: person.member.subject() };
        let state = self.take(ceremony, purpose).await?;
        let taken = self.take_passkey(&person, &state, shown, visit).await?;
        let Some(taken) = taken else {
            let refused = tenant.audited(Action::SessionRefused)?;
            self.identity.record_refusal(refused, &person.user.entity).await?;
            return Err(AuthError::WrongPasskey);
        };
        self.identity.renew(tenant, Assurance::Aal2, vec![taken.write]).await
    }
}
