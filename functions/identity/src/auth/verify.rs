//! The second half of a login: a code by mail, or a second factor.

use axum::extract::State;
use domain::{
    ChallengeId, Invalid, Validation,
    account::{Account, Assurance, DomainClaim, User},
    audit::{Action, Actor},
    challenge::{Challenge, Purpose},
    email::Address,
    role::Role,
    text::Name,
};
use serde::Deserialize;
use store::{Audited, StoreError, Stored, VerifiedTenant};
use utoipa::ToSchema;
use web::{ApiError, Data, Json};

use super::tokens::{Entered, Pending, Tokens};
use crate::{Identity, error::AuthError, factor::Taken, member::Member, person::Person, visit::Visit};

/// The longest answer to a challenge.
pub(crate) const MAXIMUM_CODE: usize = 100;

/// The answer to a challenge.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerifyInput {
    /// Which challenge.
    pub(crate) challenge_id: ChallengeId,
    /// The six digits that were mailed, or that the app shows; or a recovery code.
    #[schema(max_length = 100, example = "123456")]
    pub(crate) code: String,
}

/// The code without the white space that people put into it.
pub(crate) fn parse_code(text: &str) -> Result<String, Invalid> {
    let mut validation = Validation::new();
    let code: String = text.chars().take(MAXIMUM_CODE + 1).filter(|c| !c.is_whitespace()).collect();
    validation.require(
        !code.is_empty() && text.len() <= MAXIMUM_CODE,
        "/code",
        "must have 1 to 100 characters",
    );
    validation.finish(Some(code))
}

/// Answer a challenge
///
/// Opens the session that a login has asked for. A code by mail is good for ten minutes and five tries, a code of the app
/// for about a minute, each for one use. Where a code by mail is not enough, the answer is 202 with the next challenge.
#[utoipa::path(
    post,
    path = "/api/v1/auth/verify",
    tag = super::TAG,
    request_body = VerifyInput,
    responses(
        (status = 200, description = "The session is open.", body = Data<Tokens>),
        (status = 202, description = "A second factor is missing yet.", body = Data<Pending>),
        (status = 401, description = "The code is wrong, used, or too old, or there were too many attempts."),
        (status = 403, description = "The code is right, but the tenant is suspended.")
    )
)]
pub(crate) async fn verify(
    State(identity): State<Identity>,
    visit: Visit,
    Json(body): Json<VerifyInput>,
) -> Result<Entered, ApiError> {
    let code = parse_code(&body.code)?;
    Ok(identity.answer_login(body.challenge_id, &code, &visit).await?)
}

impl Identity {
    async fn answer_login(&self, id: ChallengeId, code: &str, visit: &Visit) -> Result<Entered, AuthError> {
        let of_login =
            |purpose: &Purpose| matches!(purpose, Purpose::Login { .. } | Purpose::SecondFactor { .. });
        let found = self.challenges().find(id, of_login).await?;
        match found.entity.purpose.clone() {
            Purpose::SecondFactor { .. } => {
                self.answer_second_factor(found, code, visit).await.map(Entered::Open)
            }
            Purpose::Login { joins, mailbox } => {
                let answered = self.challenges().answer_of_stranger(id, code, of_login, visit).await?;
                self.enter_by_mail(answered, joins, &mailbox, visit).await
            }
            _ => Err(AuthError::WrongCode),
        }
    }

    /// Compares a code with the factors of who has given a password or a code by mail.
    async fn answer_second_factor(
        &self,
        found: Stored<Challenge>,
        code: &str,
        visit: &Visit,
    ) -> Result<Tokens, AuthError> {
        let person = self.person_of(&found.entity).await?;
        let admitted = self.gate.code(person.user.entity.id).await?;
        let taken = self.take_factor(&person, code).await?;
        if !admitted {
            // Held up, right or not: that is only in the log, as it may be any number.
            self.challenges().settle(found, false).await?;
            return Err(AuthError::WrongCode);
        }
        self.enter_by_second_factor(found, &person, taken, visit).await
    }

    /// Lets in who has given the right factor after the first, which a change of password has not made worthless since.
    /// Who gave another one is recorded: each has been compared, and these are few.
    pub(crate) async fn enter_by_second_factor(
        &self,
        found: Stored<Challenge>,
        person: &Person,
        taken: Option<Taken>,
        visit: &Visit,
    ) -> Result<Tokens, AuthError> {
        let user = &person.user.entity;
        let current =
            person.is_active() && found.entity.purpose == Purpose::SecondFactor { epoch: user.session_epoch };
        let Some(taken) = taken.filter(|_| current) else {
            let refused = self.audited(person, visit, Action::SessionRefused, Actor::Nobody)?;
            self.record_refusal(refused, user).await?;
            self.challenges().settle(found, false).await?;
            return Err(AuthError::WrongCode);
        };
        self.challenges().settle(found, true).await?;
        self.gate.code_passed(user.id).await?;
        let used = self.audited(person, visit, Action::RecoveryCodeUsed, Actor::Nobody)?;
        let note = taken.means.note().map(str::to_owned);
        let write = self.spend(person, taken, used).await?;
        let entrance = visit.entrance(Assurance::Aal2);
        match self.let_in(person, entrance, visit, write.into_iter().collect(), note).await {
            // The same factor was used by another request a moment ago.
            Err(AuthError::Store(StoreError::VersionMismatch(_))) => Err(AuthError::WrongCode),
            entered => entered,
        }
    }

    /// Records that somebody who is the user, as far as a first factor or a session goes, gave a wrong second factor.
    pub(crate) async fn record_refusal(&self, refused: Audited, user: &User) -> Result<(), StoreError> {
        refused.with(|event| event.on::<User>(user.id)).record().await
    }

    /// Lets in who reads the mailbox.
    async fn enter_by_mail(
        &self,
        answered: Challenge,
        joins: Option<Address>,
        mailbox: &str,
        visit: &Visit,
    ) -> Result<Entered, AuthError> {
        let entrance = visit.entrance(Assurance::Aal1);
        if let Some(address) = joins {
            let person = self.join_by_domain(&answered, address, visit).await?;
            return Ok(Entered::Open(self.let_in(&person, entrance, visit, Vec::new(), None).await?));
        }
        let mut person = self.person_of(&answered).await?;
        let current = Account::key_of(&person.user.entity.email) == mailbox;
        if !(current && person.is_active() && person.may_use_codes()) {
            return Err(AuthError::WrongCode);
        }
        if person.user.entity.verified_at.is_none() {
            let (before, now) = (person.user.entity.clone(), self.app.clock.now());
            let proven = person.user.clone().map(|user| user.prove_mailbox(now));
            let audited = self.audited(&person, visit, Action::UserVerified, Actor::Nobody)?;
            let audited = audited.with(|event| event.because("what was set before the proof is dropped"));
            person.user = audited.replace(&before, proven).await?;
        }
        if person.user.entity.second_factor {
            return self.ask_second_factor(&person).await.map(Entered::Pending);
        }
        Ok(Entered::Open(self.let_in(&person, entrance, visit, Vec::new(), None).await?))
    }

    /// Makes the account of somebody whose address is of a tenant's own domain, as a viewer.
    async fn join_by_domain(
        &self,
        answered: &Challenge,
        address: Address,
        visit: &Visit,
    ) -> Result<Person, AuthError> {
        let subject = answered.subject.ok_or(AuthError::WrongCode)?;
        let member = Member::of_subject(subject);
        // Since the code was asked for, the tenant may have given up the domain, or been closed.
        let claim = self.app.store().accounts().find::<DomainClaim>(address.email.domain()).await?;
        let newcomer = self.newcomer(claim.map(|stored| stored.entity), false).await?;
        if newcomer.is_none_or(|newcomer| newcomer.tenant_id() != subject.tenant) {
            return Err(AuthError::WrongCode);
        }
        let name = Name::parse(address.email.local()).map_err(|_| AuthError::WrongCode)?;
        let account = Account::new(&address.email, subject.tenant, subject.user);
        let verified_at = Some(self.app.clock.now());
        let user = User { verified_at, ..User::new(subject.user, address, name, vec![Role::Viewer]) };
        let writes =
            vec![self.app.store().accounts().write_new(&account)?, self.own(&member).write_new(&user)?];
        let audited = self.audited(&member, visit, Action::UserJoined, Actor::System)?;
        match audited.changed(None, Some(&user)).transact(writes).await {
            Ok(()) => {}
            // The address got an account in the meantime.
            Err(StoreError::AlreadyExists) => return Err(AuthError::WrongCode),
            Err(error) => return Err(error.into()),
        }
        self.person(member).await?.ok_or(AuthError::WrongCode)
    }

    /// Whom a challenge is about.
    pub(crate) async fn person_of(&self, challenge: &Challenge) -> Result<Person, AuthError> {
        let subject = challenge.subject.ok_or(AuthError::WrongCode)?;
        self.person(Member::of_subject(subject)).await?.ok_or(AuthError::WrongCode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_in_a_code_does_not_count() {
        assert_eq!(parse_code(" 123 456\n").unwrap(), "123456");
        for wrong in ["", "   ", &"1".repeat(101)] {
            assert!(parse_code(wrong).is_err(), "{wrong}");
        }
    }
}
