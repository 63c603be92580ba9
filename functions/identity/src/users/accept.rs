//! Taking up an invitation.

use axum::extract::State;
use domain::{
    ChallengeId, Invalid, Validation,
    account::{Account, Assurance, User, UserStatus},
    audit::{Action, Actor},
    challenge::Purpose,
    password::Password,
};
use serde::Deserialize;
use store::{StoreError, VerifiedTenant, Write};
use utoipa::ToSchema;
use web::{ApiError, Data, Json, ShownOnce};

use crate::{
    Identity,
    auth::{Tokens, check_password},
    error::AuthError,
    member::Member,
    password_policy::PasswordPolicy,
    visit::Visit,
};

/// An invitation, and the password to come.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptInput {
    /// The invitation that was mailed.
    #[schema(max_length = 200)]
    invitation: String,
    /// 12 to 128 characters of any kind that are hard to guess.
    #[schema(format = Password, min_length = 12, max_length = 128, example = "three sleepy otters juggle")]
    password: String,
}

impl AcceptInput {
    fn parse(&self) -> Result<(ChallengeId, &str), Invalid> {
        let mut validation = Validation::new();
        let password = validation.check("/password", Password::parse(&self.password));
        let _ = password.and_then(|password| {
            validation.check("/password", PasswordPolicy::of_everybody().check(password))
        });
        let parts = self.invitation.trim().split_once('.').filter(|_| self.invitation.len() <= 200);
        let parts = parts.and_then(|(id, secret)| Some((id.parse().ok()?, secret)));
        let parts = validation.check("/invitation", parts.ok_or("must be an invitation as it was mailed"));
        validation.finish(parts)
    }
}

/// Accept an invitation
///
/// Sets the password and logs in. The invitation came by mail, so the address counts as proven, and is the user's from now
/// on. Whoever registered with it before, and never proved it, gets in no more.
#[utoipa::path(
    post,
    path = "/api/v1/users/accept",
    operation_id = "accept_invitation",
    tag = super::TAG,
    request_body = AcceptInput,
    responses(
        (status = 200, description = "The session is open.", body = Data<Tokens>),
        (status = 401, description = "The invitation is wrong, used, or too old."),
        (status = 403, description = "The tenant is suspended."),
        (status = 409, description = "There is an account with this e-mail address by now, which was proven.")
    )
)]
pub(crate) async fn accept(
    State(identity): State<Identity>,
    visit: Visit,
    Json(body): Json<AcceptInput>,
) -> Result<ShownOnce<Data<Tokens>>, ApiError> {
    let (id, secret) = body.parse()?;
    let tokens = Box::pin(identity.accept(id, secret, &body.password, &visit)).await?;
    Ok(ShownOnce(Data::new(tokens)))
}

impl Identity {
    async fn accept(
        &self,
        id: ChallengeId,
        secret: &str,
        password: &str,
        visit: &Visit,
    ) -> Result<Tokens, AuthError> {
        let of_invitation = |purpose: &Purpose| matches!(purpose, Purpose::Invitation);
        let held = self.challenges().hold(id, secret, of_invitation).await?;
        let mut person = self.person_of(&held.entity).await?;
        if person.user.entity.status != UserStatus::Invited {
            return Err(AuthError::WrongCode);
        }
        person.require_open_tenant()?;
        let password = check_password(&person, "/password", password)?;
        self.challenges().settle(held, true).await?;
        let password_hash = Some(self.hasher.hash(password).await?);
        let verified_at = Some(self.app.clock.now());
        let before = person.user.entity.clone();
        let changed =
            person.user.map(|user| User { status: UserStatus::Active, password_hash, verified_at, ..user });
        let mut writes = self.claim_address(&person.member, &before, visit).await?;
        writes.push(self.own(&person.member).write_changed(&changed)?);
        let audited = self.audited(&person.member, visit, Action::UserJoined, Actor::Nobody)?;
        match audited.changed(Some(&before), Some(&changed.entity)).transact(writes).await {
            Ok(()) => {}
            Err(StoreError::AlreadyExists | StoreError::NotFound | StoreError::VersionMismatch(_)) => {
                return Err(AuthError::EmailTaken);
            }
            Err(error) => return Err(error.into()),
        }
        person.user = changed;
        self.let_in(&person, visit.entrance(Assurance::Aal1), visit, Vec::new(), None).await
    }

    /// The writes that make the address the member's, who has proven to read its mail. Whoever registered with it before
    /// and never proved that loses it, with all ways in; that is recorded where they are.
    async fn claim_address(
        &self,
        member: &Member,
        invited: &User,
        visit: &Visit,
    ) -> Result<Vec<Write>, AuthError> {
        let accounts = self.app.store().accounts();
        let account = Account::new(&invited.email, member.tenant_id(), invited.id);
        let Some(taken) = accounts.find::<Account>(&account.email_hash).await? else {
            return Ok(vec![accounts.write_new(&account)?]);
        };
        let squatter = self.person(Member::of_account(&taken.entity)).await?;
        let squatter = squatter.filter(|person| person.user.entity.verified_at.is_none());
        let squatter = squatter.ok_or(AuthError::EmailTaken)?;
        let before = squatter.user.entity.clone();
        let shut_out = squatter
            .user
            .clone()
            .map(|user| User { status: UserStatus::Deactivated, ..user.end_sessions().end_keys() });
        let recorded = self.audited(&squatter, visit, Action::UserDeactivated, Actor::System)?;
        let recorded = recorded.changed(Some(&before), Some(&shut_out.entity));
        recorded.with(|event| event.because("somebody else has proven the address")).record().await?;
        Ok(vec![
            accounts.write_changed(&taken.map(|_| account))?,
            self.own(&squatter).write_changed(&shut_out)?,
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_named_before_the_invitation_is_used() {
        let input = AcceptInput { invitation: "x".to_owned(), password: "short".to_owned() };
        let Err(Invalid(errors)) = input.parse() else { panic!("must be refused") };
        let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/password", "/invitation"]);
    }
}
