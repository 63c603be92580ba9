//! A new password for who has forgotten the old one, by way of the mailbox.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{
    ChallengeId, Invalid, Validation,
    account::{Account, User},
    audit::{Action, Actor},
    challenge::Purpose,
    email::Address,
    password::Password,
};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{ApiError, Data, Json, NoContent};

use super::{
    password::check_password,
    tokens::{Missing, Pending},
    verify::parse_code,
};
use crate::{
    Identity, error::AuthError, letters::Letter, member::Member, password_policy::PasswordPolicy,
    visit::Visit,
};

/// Whose password is forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ForgotPasswordInput {
    /// The e-mail address.
    #[schema(format = Email, example = "user@example.com")]
    email: String,
}

/// A code, and the password to set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResetPasswordInput {
    /// The challenge that was answered with 202.
    challenge_id: ChallengeId,
    /// The six digits that were mailed.
    #[schema(max_length = 100, example = "123456")]
    code: String,
    /// 12 to 128 characters of any kind that are hard to guess.
    #[schema(format = Password, min_length = 12, max_length = 128, example = "three sleepy otters juggle")]
    new_password: String,
}

/// Forget a password
///
/// Mails a code that sets a new password, if the address has an account. The answer is the same if it has none.
#[utoipa::path(
    post,
    path = "/api/v1/auth/forgot-password",
    operation_id = "forgot_password",
    tag = super::TAG,
    request_body = ForgotPasswordInput,
    responses((status = 202, description = "If there is such an account, a code is on its way.", body = Data<Pending>))
)]
pub(crate) async fn forgot_password(
    State(identity): State<Identity>,
    visit: Visit,
    Json(body): Json<ForgotPasswordInput>,
) -> Result<Response, ApiError> {
    let address = Address::parse(&body.email).map_err(|error| Invalid::field("/email", error))?;
    let pending = identity.mail_reset_code(address, &visit).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(Data::new(pending))).into_response())
}

/// Reset the password
///
/// Sets a new password with the code that was mailed. It ends all sessions, and lifts the refusal of logins after too many
/// failures. Where the address had not been proven before, API keys end and second factors are dropped too: they may be
/// somebody else's.
#[utoipa::path(
    post,
    path = "/api/v1/auth/reset-password",
    operation_id = "reset_password",
    tag = super::TAG,
    request_body = ResetPasswordInput,
    responses(
        (status = 204, description = "The new password is set; log in with it."),
        (status = 401, description = "The code is wrong, used, or too old, or there were too many attempts.")
    )
)]
pub(crate) async fn reset_password(
    State(identity): State<Identity>,
    visit: Visit,
    Json(body): Json<ResetPasswordInput>,
) -> Result<NoContent, ApiError> {
    let mut validation = Validation::new();
    let code = validation.nest("", parse_code(&body.code));
    let password = validation.check("/new_password", Password::parse(&body.new_password));
    // What is bad for everybody is told to everybody; what is bad for this user, only to who has the code.
    let password = password.and_then(|password| {
        validation.check("/new_password", PasswordPolicy::of_everybody().check(password))
    });
    let (code, _) = validation.finish(code.zip(password))?;
    Box::pin(identity.reset_password(body.challenge_id, &code, &body.new_password, &visit)).await?;
    Ok(NoContent)
}

impl Identity {
    async fn mail_reset_code(&self, address: Address, visit: &Visit) -> Result<Pending, AuthError> {
        let found = self.find_person(Some(&address.email)).await?;
        let account = Account::key_of(&address.email);
        let mailing = self.gate.mail(&account, &visit.address()).await?;
        let person = found.filter(|person| mailing.admitted && person.is_active());
        let subject = person.as_ref().map(|person| person.member.subject());
        let purpose = Purpose::ResetPassword { mailbox: account };
        let asked = self.challenges().code(purpose, subject, mailing.trusted);
        let mail = self.mail(person.as_ref().map(|person| &person.user.entity), Letter::reset(&asked.secret));
        let member = person.map_or_else(|| Member::founder(&self.app.ids), |person| person.member);
        let writes = vec![self.challenges().write(&asked.challenge)?, self.write_mail(&member, &mail)?];
        self.app.store().transact(writes).await?;
        self.announce(&member, &mail).await;
        Ok(self.pending(&asked.challenge, Missing::EmailCode))
    }

    async fn reset_password(
        &self,
        id: ChallengeId,
        code: &str,
        new_password: &str,
        visit: &Visit,
    ) -> Result<(), AuthError> {
        let of_reset = |purpose: &Purpose| matches!(purpose, Purpose::ResetPassword { .. });
        let held = self.challenges().hold_of_stranger(id, code, of_reset, visit).await?;
        let person = self.person_of(&held.entity).await?;
        let mailbox = Account::key_of(&person.user.entity.email);
        if !person.is_active() || held.entity.purpose != (Purpose::ResetPassword { mailbox }) {
            return Err(AuthError::WrongCode);
        }
        let password = check_password(&person, "/new_password", new_password)?;
        self.challenges().settle(held, true).await?;
        let password_hash = Some(self.hasher.hash(password).await?);
        let (before, now) = (person.user.entity.clone(), self.app.clock.now());
        let changed =
            person.user.map(|user| User { password_hash, ..user.prove_mailbox(now) }.end_sessions());
        let mail = self.mail(Some(&before), Letter::password_changed());
        let own = self.own(&person.member);
        let writes = vec![own.write_changed(&changed)?, self.write_mail(&person.member, &mail)?];
        let audited = self.audited(&person.member, visit, Action::PasswordChanged, Actor::Nobody)?;
        let audited = audited.with(|event| event.because("reset by mail"));
        audited.changed(Some(&before), Some(&changed.entity)).transact(writes).await?;
        if self.gate.unlock(&Account::key_of(&before.email), &visit.address()).await? {
            let unlocked = self.audited(&person.member, visit, Action::UserUnlocked, Actor::Nobody)?;
            unlocked.with(|event| event.on::<User>(before.id).because("reset by mail")).record().await?;
        }
        self.announce(&person.member, &mail).await;
        Ok(())
    }
}
