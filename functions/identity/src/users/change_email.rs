//! Another address for an account.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{
    ChallengeId, Invalid,
    account::{Account, User},
    audit::Action,
    challenge::Purpose,
    email::Address,
    permission::AccountWrite,
};
use serde::Deserialize;
use store::StoreError;
use utoipa::ToSchema;
use web::{
    ApiError, Data, Json, NoContent,
    auth::{Principal, Tenant},
};

use crate::{
    Identity,
    auth::{FRESH, Missing, Pending, VerifyInput, parse_code},
    error::AuthError,
    letters::Letter,
    person::Person,
};

/// The address to come.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeEmailInput {
    /// The new e-mail address.
    #[schema(format = Email, max_length = 254, example = "ada@example.com")]
    email: String,
}

/// Ask for another e-mail address
///
/// Mails six digits to the new address, which changes once they come back. Who has not proven the present address may try
/// three in a day. Needs a login within the last ten minutes.
#[utoipa::path(
    post,
    path = "/api/v1/users/change-email",
    operation_id = "change_email",
    tag = super::TAG,
    security(("bearer" = ["account:write"])),
    request_body = ChangeEmailInput,
    responses(
        (status = 202, description = "A code is on its way to the new address.", body = Data<Pending>),
        (status = 429, description = "Too many mails were asked for; none was sent.")
    )
)]
pub(crate) async fn change_email(
    State(identity): State<Identity>,
    tenant: Tenant<AccountWrite>,
    Json(body): Json<ChangeEmailInput>,
) -> Result<Response, ApiError> {
    tenant.require_fresh_login(FRESH)?;
    let address = Address::parse(&body.email).map_err(|error| Invalid::field("/email", error))?;
    let pending = identity.mail_new_address(&tenant.principal, address).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(Data::new(pending))).into_response())
}

/// Change the e-mail address
///
/// Takes the six digits that were mailed to the new address. Word of it goes to the old one.
#[utoipa::path(
    post,
    path = "/api/v1/users/change-email/confirm",
    operation_id = "confirm_email",
    tag = super::TAG,
    security(("bearer" = ["account:write"])),
    request_body = VerifyInput,
    responses(
        (status = 204, description = "The address is changed."),
        (status = 401, description = "The code is wrong, used, or too old, or there were too many attempts."),
        (status = 409, description = "The address has an account by now.")
    )
)]
pub(crate) async fn confirm_email(
    State(identity): State<Identity>,
    tenant: Tenant<AccountWrite>,
    Json(body): Json<VerifyInput>,
) -> Result<NoContent, ApiError> {
    let code = parse_code(&body.code)?;
    identity.change_email(&tenant, body.challenge_id, &code).await?;
    Ok(NoContent)
}

impl Identity {
    /// Mails the code, even where the address has an account: that is told to who can read its mail.
    async fn mail_new_address(&self, principal: &Principal, address: Address) -> Result<Pending, AuthError> {
        let unproven = principal.user().entity.verified_at.is_none();
        if unproven && !self.gate.mail_of_unproven(principal.user_id()).await? {
            return Err(AuthError::TooManyMails);
        }
        self.count_mail(principal, &address.email).await?;
        let (person, mailbox) = (Person::of(principal), address.mailbox.clone());
        let subject = Some(person.member.subject());
        let asked = self.challenges().code(Purpose::ChangeEmail { address }, subject, true);
        let mail = self.mail_to(Some(mailbox), Letter::verification(&asked.secret));
        let writes =
            vec![self.challenges().write(&asked.challenge)?, self.write_mail(&person.member, &mail)?];
        self.app.store().transact(writes).await?;
        self.announce(&person.member, &mail).await;
        Ok(self.pending(&asked.challenge, Missing::EmailCode))
    }

    async fn change_email(
        &self,
        tenant: &Tenant<AccountWrite>,
        id: ChallengeId,
        code: &str,
    ) -> Result<(), AuthError> {
        let of_address = |purpose: &Purpose| matches!(purpose, Purpose::ChangeEmail { .. });
        self.require_own(id, of_address, tenant).await?;
        let answered = self.challenges().answer(id, code, of_address).await?;
        let Purpose::ChangeEmail { address } = answered.purpose else { return Err(AuthError::WrongCode) };
        let person = Person::of(&tenant.principal);
        let before = person.user.entity.clone();
        let now = self.app.clock.now();
        let mail = self.mail(Some(&before), Letter::email_changed());
        let accounts = self.app.store().accounts();
        let mut writes = vec![self.write_mail(&person.member, &mail)?];
        if address.email != before.email {
            let account = Account::new(&address.email, tenant.id(), before.id);
            writes.push(accounts.write_new(&account)?);
            let old = Account::key_of(&before.email);
            // Whoever has proven the old address since may have it by now.
            let own =
                accounts.find::<Account>(&old).await?.filter(|account| account.entity.user_id == before.id);
            if let Some(own) = own {
                writes.push(accounts.write_deleted::<Account>(&old, Some(own.version))?);
            }
        }
        let changed = person.user.map(|user| User {
            email: address.email,
            mailbox: address.mailbox,
            verified_at: Some(now),
            ..user
        });
        writes.push(tenant.store().write_changed(&changed)?);
        let audited = tenant.audited(Action::UserEmailChanged)?;
        match audited.changed(Some(&before), Some(&changed.entity)).transact(writes).await {
            Ok(()) => {}
            Err(StoreError::AlreadyExists) => return Err(AuthError::EmailTaken),
            Err(error) => return Err(error.into()),
        }
        self.announce(&person.member, &mail).await;
        Ok(())
    }
}
