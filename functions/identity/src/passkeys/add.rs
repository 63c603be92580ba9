//! A new passkey: asked for, then added with what the authenticator has made.

use axum::extract::State;
use domain::{
    CeremonyId, Invalid, Validation,
    account::{Assurance, User},
    audit::Action,
    factors::{Factors, NotAdded},
    passkey::{CeremonyPurpose, Passkey, PasskeyEntry},
    permission::AccountWrite,
    text::Name,
};
use serde::Deserialize;
use store::{StoreError, Write};
use utoipa::ToSchema;
use web::{ApiError, Created, Data, Json, ShownOnce, auth::Tenant};
use webauthn_rs::prelude::RegisterPublicKeyCredential;

use super::{
    ceremonies::PasskeyOptions,
    credential::{NewCredential, encode},
    state::Passkeys,
    view::NewPasskey,
};
use crate::{
    auth::{FRESH, keep_session},
    error::AuthError,
    factors::RecoveryCodes,
    letters::Letter,
    person::Person,
};

/// A passkey that an authenticator has made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddPasskeyInput {
    /// The ceremony that asked for it.
    ceremony_id: CeremonyId,
    /// 1 to 200 characters, for the user to tell passkeys apart.
    #[schema(min_length = 1, max_length = 200, example = "Ada's laptop")]
    name: String,
    /// What the authenticator answered.
    credential: NewCredential,
}

impl AddPasskeyInput {
    fn parse(self) -> Result<(CeremonyId, Name, RegisterPublicKeyCredential), Invalid> {
        let mut validation = Validation::new();
        let name = validation.check("/name", Name::parse(&self.name));
        let made = validation.nest("/credential", self.credential.parse());
        validation.finish(name.zip(made).map(|(name, made)| (self.ceremony_id, name, made)))
    }
}

/// Ask for a new passkey
///
/// The options for `navigator.credentials.create`: a passkey that is found without an address, verifies its user, and is not
/// one of those that the user has. They are good once, for five minutes. Needs a login within the last ten minutes.
#[utoipa::path(
    post,
    path = "/api/v1/auth/factors/passkeys/options",
    operation_id = "offer_passkey",
    tag = super::TAG,
    security(("bearer" = ["account:write"])),
    responses(
        (status = 200, description = "What the authenticator is asked for.", body = Data<PasskeyOptions>),
        (status = 409, description = "There are 20 passkeys already.")
    )
)]
pub(crate) async fn offer_passkey(
    State(passkeys): State<Passkeys>,
    tenant: Tenant<AccountWrite>,
) -> Result<ShownOnce<Data<PasskeyOptions>>, ApiError> {
    tenant.require_fresh_login(FRESH)?;
    Ok(ShownOnce(Data::new(passkeys.offer_registration(&tenant).await?)))
}

/// Add a passkey
///
/// From now on it logs in by itself, a login with a password needs it or another second factor, and all other sessions are
/// over. Where it is the first second factor, the answer holds recovery codes, which are shown once. Needs a login within the
/// last ten minutes.
#[utoipa::path(
    post,
    path = "/api/v1/auth/factors/passkeys",
    operation_id = "add_passkey",
    tag = super::TAG,
    security(("bearer" = ["account:write"])),
    request_body = AddPasskeyInput,
    responses(
        (status = 201, description = "The passkey is added.", body = Data<NewPasskey>,
            headers(("Location" = String, description = "Where it is renamed and removed."))),
        (status = 401, description = "The ceremony is over, or this is no answer to it."),
        (status = 409, description = "The passkey was added before, or there are 20 already.")
    )
)]
pub(crate) async fn add_passkey(
    State(passkeys): State<Passkeys>,
    tenant: Tenant<AccountWrite>,
    Json(body): Json<AddPasskeyInput>,
) -> Result<ShownOnce<Created<NewPasskey>>, ApiError> {
    tenant.require_fresh_login(FRESH)?;
    let (ceremony, name, made) = body.parse()?;
    let data = passkeys.add(&tenant, ceremony, name, &made).await?;
    let location = format!("/api/v1/auth/factors/passkeys/{}", data.view.id);
    Ok(ShownOnce(Created { location, version: None, data }))
}

impl Passkeys {
    async fn offer_registration(&self, tenant: &Tenant<AccountWrite>) -> Result<PasskeyOptions, AuthError> {
        let person = Person::of(&tenant.principal);
        let user = &person.user.entity;
        let (factors, _) = self.identity.counting_factors(&tenant.principal, user).await?;
        if factors.passkeys.len() >= Factors::MAXIMUM_PASSKEYS {
            return Err(NotAdded::Full.into());
        }
        let offer = self.relying_party.offer_registration(user, &factors.passkeys)?;
        self.begin(CeremonyPurpose::Add { subject: person.member.subject() }, offer).await
    }

    async fn add(
        &self,
        tenant: &Tenant<AccountWrite>,
        ceremony: CeremonyId,
        name: Name,
        made: &RegisterPublicKeyCredential,
    ) -> Result<NewPasskey, AuthError> {
        let identity = &self.identity;
        let person = Person::of(&tenant.principal);
        let before = person.user.entity.clone();
        let state = self.take(ceremony, CeremonyPurpose::Add { subject: person.member.subject() }).await?;
        let (factors, stored) = identity.counting_factors(&tenant.principal, &before).await?;
        let credential_id = encode(&made.raw_id);
        if stored.as_ref().is_some_and(|stored| stored.entity.passkey(&credential_id).is_some()) {
            return Err(NotAdded::Known.into());
        }
        let credential = self.relying_party.finish_registration(&state, made).map_err(|error| {
            tracing::warn!(%error, "passkey refused");
            AuthError::WrongPasskey
        })?;
        let now = identity.app.clock.now();
        let id = identity.app.ids.id();
        let passkey = Passkey { id, name, credential_id, credential, added_at: now, last_used_at: None };
        let added = factors.add_passkey(passkey.clone())?;
        let (codes, added) = if before.second_factor {
            (None, added)
        } else {
            let (codes, recovery_codes) = RecoveryCodes::generate(&identity.app.ids);
            (Some(codes), Factors { recovery_codes, ..added })
        };
        let changed = person.user.map(|user| User { second_factor: true, ..user }.end_sessions());
        let letter = Letter::factor_changed(&format!(
            "The passkey “{}” was added to your account at Ballast, and all other sessions were ended.",
            passkey.name
        ));
        let mail = identity.mail(Some(&before), letter);
        let entry = PasskeyEntry::new(&passkey.credential_id, tenant.id(), before.id);
        let mut writes: Vec<Write> = identity.forget_dropped(&before, stored.as_ref())?;
        writes.extend([
            identity.write_factors(&tenant.principal, stored, &added)?,
            identity.app.store().accounts().write_new(&entry)?,
            tenant.store().write_changed(&changed)?,
            identity.write_mail(&person.member, &mail)?,
        ]);
        writes.extend(keep_session(tenant, &changed.entity, |session| {
            session.authenticate(Assurance::Aal2, now)
        })?);
        let audited = tenant.audited(Action::PasskeyAdded)?;
        match audited.changed(Some(&before), Some(&changed.entity)).transact(writes).await {
            Ok(()) => {}
            // Another user has it, or the same one in a request of a moment ago.
            Err(StoreError::AlreadyExists) => return Err(NotAdded::Known.into()),
            Err(error) => return Err(error.into()),
        }
        identity.announce(&person.member, &mail).await;
        Ok(NewPasskey { view: passkey.into(), recovery_codes: codes.map(RecoveryCodes::into_texts) })
    }
}
