//! Proving that a mailbox is one's own.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{account::User, audit::Action, challenge::Purpose, permission::AccountWrite};
use web::{
    ApiError, Data, Json, NoContent,
    auth::{Principal, Tenant},
};

use super::{
    tokens::{Missing, Pending},
    verify::{VerifyInput, parse_code},
};
use crate::{Identity, error::AuthError, letters::Letter, person::Person};

/// Ask for a code to prove the e-mail address
///
/// Mails six digits to the user's address. Only who is logged in as the user can use them, so that nobody proves a mailbox
/// to somebody else's account.
#[utoipa::path(
    post,
    path = "/api/v1/auth/verify-email/code",
    operation_id = "mail_verification_code",
    tag = super::TAG,
    security(("bearer" = ["account:write"])),
    responses(
        (status = 202, description = "A code is on its way.", body = Data<Pending>),
        (status = 409, description = "The address was proven before."),
        (status = 429, description = "Too many mails were asked for; none was sent.")
    )
)]
pub(crate) async fn mail_verification_code(
    State(identity): State<Identity>,
    tenant: Tenant<AccountWrite>,
) -> Result<Response, ApiError> {
    let pending = identity.mail_verification_code(&tenant.principal).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(Data::new(pending))).into_response())
}

/// Prove the e-mail address
///
/// Takes the six digits that were mailed.
#[utoipa::path(
    post,
    path = "/api/v1/auth/verify-email",
    operation_id = "verify_email",
    tag = super::TAG,
    security(("bearer" = ["account:write"])),
    request_body = VerifyInput,
    responses(
        (status = 204, description = "The address is proven."),
        (status = 401, description = "The code is wrong, used, or too old, or there were too many attempts.")
    )
)]
pub(crate) async fn verify_email(
    State(identity): State<Identity>,
    tenant: Tenant<AccountWrite>,
    Json(body): Json<VerifyInput>,
) -> Result<NoContent, ApiError> {
    let code = parse_code(&body.code)?;
    identity.verify_email(&tenant, body.challenge_id, &code).await?;
    Ok(NoContent)
}

impl Identity {
    async fn mail_verification_code(&self, principal: &Principal) -> Result<Pending, AuthError> {
        let person = Person::of(principal);
        let user = &person.user.entity;
        if user.verified_at.is_some() {
            return Err(AuthError::Conflict("The e-mail address was proven before."));
        }
        self.count_mail(principal, &user.email).await?;
        let purpose = Purpose::VerifyMailbox { email: user.email.to_string() };
        let asked = self.challenges().code(purpose, Some(person.member.subject()), true);
        let mail = self.mail(Some(user), Letter::verification(&asked.secret));
        let writes =
            vec![self.challenges().write(&asked.challenge)?, self.write_mail(&person.member, &mail)?];
        self.app.store().transact(writes).await?;
        self.announce(&person.member, &mail).await;
        Ok(self.pending(&asked.challenge, Missing::EmailCode))
    }

    async fn verify_email(
        &self,
        tenant: &Tenant<AccountWrite>,
        id: domain::ChallengeId,
        code: &str,
    ) -> Result<(), AuthError> {
        let of_mailbox = |purpose: &Purpose| matches!(purpose, Purpose::VerifyMailbox { .. });
        self.require_own(id, of_mailbox, tenant).await?;
        let answered = self.challenges().answer(id, code, of_mailbox).await?;
        let Purpose::VerifyMailbox { email } = answered.purpose else { return Err(AuthError::WrongCode) };
        let now = self.app.clock.now();
        let verified = tenant.audited(Action::UserVerified)?;
        let prove = |user: User| {
            if user.email.as_str() == email {
                Ok(User { verified_at: user.verified_at.or(Some(now)), ..user })
            } else {
                Err(AuthError::WrongCode)
            }
        };
        verified.update(&tenant.user_id(), prove).await?;
        Ok(())
    }

    /// Whether a challenge is about the user who is logged in; one of somebody else is not there.
    pub(crate) async fn require_own<P>(
        &self,
        id: domain::ChallengeId,
        wanted: impl Fn(&Purpose) -> bool,
        tenant: &Tenant<P>,
    ) -> Result<(), AuthError> {
        let found = self.challenges().find(id, wanted).await?;
        let own = Person::of(&tenant.principal).member.subject();
        if found.entity.subject == Some(own) { Ok(()) } else { Err(AuthError::WrongCode) }
    }
}
