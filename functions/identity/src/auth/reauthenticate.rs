//! Proving anew that it is still the user, before something that matters.

use axum::extract::State;
use domain::{
    Invalid, Validation,
    account::{Assurance, Session},
    audit::Action,
    password::MAXIMUM_CHARACTERS,
    permission::AccountWrite,
};
use serde::{Deserialize, Serialize};
use store::{StoreError, Stored, Write};
use utoipa::ToSchema;
use web::{ApiError, Data, Json, ShownOnce, auth::Tenant};

use super::verify::parse_code;
use crate::{Identity, error::AuthError, person::Person, visit::Visit};

/// What proves it: the password where there is one, and a second factor where there is one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReauthenticateInput {
    /// The password.
    #[schema(format = Password, max_length = 128)]
    password: Option<String>,
    /// A code of the app, or a recovery code.
    #[schema(max_length = 100, example = "123456")]
    code: Option<String>,
}

/// A token that says when the user last proved to be the user.
#[derive(Serialize, ToSchema)]
pub(crate) struct Reauthenticated {
    /// The access token to go on with; the one before stays good for its time.
    access_token: String,
    /// How it is sent.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// For how many seconds it is good.
    #[schema(example = 900)]
    expires_in: i64,
}

/// Log in anew within a session
///
/// What matters most (another address, second factors, API keys, erasure) needs a login within the last ten minutes, at
/// the level `aal2` where there is a second factor; otherwise the answer is 401 of kind `insufficient-user-authentication`.
/// This renews the login; so does a passkey at `/api/v1/auth/passkeys/reauthenticate`.
#[utoipa::path(
    post,
    path = "/api/v1/auth/reauthenticate",
    tag = super::TAG,
    security(("bearer" = ["account:write"])),
    request_body = ReauthenticateInput,
    responses(
        (status = 200, description = "The login counts as new.", body = Data<Reauthenticated>),
        (status = 401, description = "The password or the code is wrong, or there were too many attempts."),
        (status = 409, description = "There is nothing to prove it with here: log in once more.")
    )
)]
pub(crate) async fn reauthenticate(
    State(identity): State<Identity>,
    visit: Visit,
    tenant: Tenant<AccountWrite>,
    Json(body): Json<ReauthenticateInput>,
) -> Result<ShownOnce<Data<Reauthenticated>>, ApiError> {
    let (password, code) = body.parse()?;
    Ok(ShownOnce(Data::new(identity.reauthenticate(&tenant, password, code, &visit).await?)))
}

impl ReauthenticateInput {
    fn parse(self) -> Result<(Option<String>, Option<String>), Invalid> {
        let mut validation = Validation::new();
        let fits = self.password.as_ref().is_none_or(|text| text.chars().count() <= MAXIMUM_CHARACTERS);
        validation.require(fits, "/password", format!("must have at most {MAXIMUM_CHARACTERS} characters"));
        let code = self.code.and_then(|code| validation.nest("", parse_code(&code)));
        validation.finish(Some((self.password, code)))
    }
}

fn session_of(tenant: &Tenant<AccountWrite>) -> Result<&Stored<Session>, AuthError> {
    tenant.principal.session().ok_or(AuthError::Forbidden("This needs a session, not an API key."))
}

impl Identity {
    async fn reauthenticate(
        &self,
        tenant: &Tenant<AccountWrite>,
        password: Option<String>,
        code: Option<String>,
        visit: &Visit,
    ) -> Result<Reauthenticated, AuthError> {
        let person = Person::of(&tenant.principal);
        let user = &person.user.entity;
        let nothing =
            AuthError::Conflict("There is neither a password nor a second factor; log in once more.");
        session_of(tenant)?;
        if user.password_hash.is_some() {
            let password = password.ok_or(AuthError::WrongCredentials)?;
            self.require_password(&person, password, visit).await?;
        } else if !user.second_factor {
            return Err(nothing);
        }
        let mut writes = Vec::new();
        let assurance = if user.second_factor {
            writes.extend(self.require_factor(tenant, &person, code).await?);
            Assurance::Aal2
        } else {
            Assurance::Aal1
        };
        self.renew(tenant, assurance, writes).await
    }

    /// Writes that the user of a session has proven anew to be the user, together with what proved it.
    pub(crate) async fn renew(
        &self,
        tenant: &Tenant<AccountWrite>,
        assurance: Assurance,
        mut writes: Vec<Write>,
    ) -> Result<Reauthenticated, AuthError> {
        let session = session_of(tenant)?;
        let now = self.app.clock.now();
        let renewed = session.clone().map(|session: Session| session.authenticate(assurance, now));
        writes.push(tenant.store().write_changed(&renewed)?);
        let audited = tenant.audited(Action::SessionRenewed)?;
        match audited.changed(Some(&session.entity), Some(&renewed.entity)).transact(writes).await {
            Ok(()) => {}
            Err(StoreError::VersionMismatch(_)) => {
                return Err(AuthError::Conflict("The session was used elsewhere; try again."));
            }
            Err(error) => return Err(error.into()),
        }
        let nonce = self.app.ids.secret();
        let user = &tenant.principal.user().entity;
        let access = self.access_tokens.issue(user, tenant.id(), &renewed.entity, nonce, now)?;
        Ok(Reauthenticated {
            access_token: access.token,
            token_type: "Bearer",
            expires_in: access.expires_in,
        })
    }

    /// A right code of the user's second factor; it counts once its write, if there is one, is done.
    async fn require_factor(
        &self,
        tenant: &Tenant<AccountWrite>,
        person: &Person,
        code: Option<String>,
    ) -> Result<Option<Write>, AuthError> {
        let user = &person.user.entity;
        let code = code.ok_or(AuthError::WrongCode)?;
        let admitted = self.gate.code(user.id).await?;
        let taken = self.take_factor(person, &code).await?;
        if !admitted {
            return Err(AuthError::WrongCode);
        }
        let Some(taken) = taken else {
            self.record_refusal(tenant.audited(Action::SessionRefused)?, user).await?;
            return Err(AuthError::WrongCode);
        };
        self.gate.code_passed(user.id).await?;
        self.spend(person, taken, tenant.audited(Action::RecoveryCodeUsed)?).await
    }
}
