//! Getting in with a password, or asking for a code by mail.

use axum::extract::State;
use domain::{
    Invalid, Validation,
    account::{Account, Assurance, DomainClaim, TenantStatus, User},
    audit::{Action, Actor},
    challenge::Purpose,
    digest::sha256_hex,
    email::{Address, Email},
    password::{MAXIMUM_CHARACTERS, Password},
};
use serde::Deserialize;
use store::{StoreError, Stored, VerifiedTenant};
use utoipa::ToSchema;
use web::{ApiError, Data, Json};

use super::tokens::{Entered, Missing, Pending, Tokens};
use crate::{
    Identity, error::AuthError, gate::Attempt, hasher::Match, letters::Letter, member::Member,
    person::Person, visit::Visit,
};

/// Who logs in. The address stands in `email` or in `username`, whichever a client calls it; not in both.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoginInput {
    /// The e-mail address.
    #[schema(format = Email, example = "user@example.com")]
    email: Option<String>,
    /// The e-mail address, under the name that OAuth's password form has for it.
    #[schema(format = Email)]
    username: Option<String>,
    /// The password. Without it a code is mailed, where the tenant allows that.
    #[schema(format = Password, max_length = 128, example = "correct horse battery")]
    password: Option<String>,
}

/// What a login tries.
enum Try {
    Password(Credentials),
    Code(Address),
}

struct Credentials {
    /// `None` for what is not even an address: nobody has it.
    email: Option<Email>,
    /// Under what failures are counted.
    account: String,
    password: String,
}

impl LoginInput {
    fn parse(self) -> Result<Try, Invalid> {
        let mut validation = Validation::new();
        validation.require(
            self.email.is_some() != self.username.is_some(),
            "/email",
            "exactly one of email and username must be given",
        );
        let text = self.email.or(self.username).unwrap_or_default();
        let Some(password) = self.password else {
            let address =
                if text.is_empty() { None } else { validation.check("/email", Address::parse(&text)) };
            return validation.finish(address.map(Try::Code));
        };
        validation.require(
            password.chars().count() <= MAXIMUM_CHARACTERS,
            "/password",
            format!("must have at most {MAXIMUM_CHARACTERS} characters"),
        );
        let email = Email::parse(&text).ok();
        let account = email.as_ref().map_or_else(|| sha256_hex(&text), Account::key_of);
        validation.finish(Some(Try::Password(Credentials { email, account, password })))
    }
}

/// Log in
///
/// Opens a session with a password. Where the user has a second factor, the answer is 202, and `/api/v1/auth/verify` opens
/// it. Without a password, a code is mailed to addresses whose tenant allows that; the answer is 202, whether or not there
/// is such an account. An unknown address, a wrong password and a locked account get the same answer.
#[utoipa::path(
    post,
    path = "/api/v1/auth/login",
    tag = super::TAG,
    request_body = LoginInput,
    responses(
        (status = 200, description = "The session is open.", body = Data<Tokens>),
        (status = 202, description = "A code or a second factor is missing yet.", body = Data<Pending>),
        (status = 401, description = "The e-mail address or the password is wrong, or there were too many attempts."),
        (status = 403, description = "The password is right, but the tenant is suspended.")
    )
)]
pub(crate) async fn login(
    State(identity): State<Identity>,
    visit: Visit,
    Json(body): Json<LoginInput>,
) -> Result<Entered, ApiError> {
    let entered = match body.parse()? {
        Try::Password(credentials) => Box::pin(identity.login_by_password(credentials, &visit)).await?,
        Try::Code(address) => Entered::Pending(identity.mail_login_code(address, &visit).await?),
    };
    Ok(entered)
}

impl Identity {
    async fn login_by_password(&self, credentials: Credentials, visit: &Visit) -> Result<Entered, AuthError> {
        let Credentials { email, account, password } = credentials;
        let found = self.find_person(email.as_ref()).await?;
        let (attempt, matched) = self.try_password(&account, found.as_ref(), password.clone(), visit).await?;
        let right = attempt.admitted && matched != Match::Wrong;
        let Some(mut person) = found.filter(|person| right && person.is_active()) else {
            self.gate.failed(&attempt).await?;
            tracing::warn!(account = &account[..16], admitted = attempt.admitted, "login refused");
            return Err(AuthError::WrongCredentials);
        };
        self.gate.passed(&attempt).await?;
        if matched == Match::Outdated
            && let Ok(password) = Password::parse(&password)
        {
            self.rehash(&mut person, password, visit).await?;
        }
        if person.user.entity.second_factor {
            return self.ask_second_factor(&person).await.map(Entered::Pending);
        }
        let note = (attempt.failures > 0).then(|| format!("after {} failures", attempt.failures));
        let entrance = visit.entrance(Assurance::Aal1);
        Ok(Entered::Open(self.let_in(&person, entrance, visit, Vec::new(), note).await?))
    }

    /// Hashes a right password anew, as hashes have to cost more by now.
    async fn rehash(&self, person: &mut Person, password: Password, visit: &Visit) -> Result<(), AuthError> {
        let password_hash = Some(self.hasher.hash(password).await?);
        let before = person.user.entity.clone();
        let changed = person.user.clone().map(|user| User { password_hash, ..user });
        let audited = self.audited(&*person, visit, Action::PasswordRehashed, Actor::System)?;
        match audited.replace(&before, changed).await {
            Ok(stored) => person.user = stored,
            // The user was changed at the same time, perhaps by a login like this one: the next will see to it.
            Err(StoreError::VersionMismatch(_)) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Compares a password, after the attempt was counted. Neither answer nor time tell whether there is an account, or
    /// whether it is locked.
    pub(crate) async fn try_password(
        &self,
        account: &str,
        person: Option<&Person>,
        password: String,
        visit: &Visit,
    ) -> Result<(Attempt, Match), AuthError> {
        let attempt = self.gate.login(account, &visit.address()).await?;
        let hash = person.and_then(|person| person.user.entity.password_hash.clone());
        // The lock of an account that there is takes a record more; the hash takes longer than either.
        let (matched, ()) = tokio::try_join!(
            self.hasher.verify(password, hash),
            Box::pin(self.tell_of_lock(attempt.locks, person, visit)),
        )?;
        Ok((attempt, matched))
    }

    /// Records a lock, and mails word of it to the owner, or to nobody.
    async fn tell_of_lock(
        &self,
        locks: bool,
        person: Option<&Person>,
        visit: &Visit,
    ) -> Result<(), AuthError> {
        if !locks {
            return Ok(());
        }
        let member = person.map_or_else(|| Member::founder(&self.app.ids), |person| person.member);
        let mail = self.mail(person.map(|person| &person.user.entity), Letter::locked());
        let writes = vec![self.write_mail(&member, &mail)?];
        match person {
            Some(person) => {
                let audited = self.audited(person, visit, Action::UserLocked, Actor::Nobody)?;
                audited.with(|event| event.on::<User>(member.user_id())).transact(writes).await?;
            }
            None => self.app.store().transact(writes).await?,
        }
        self.announce(&member, &mail).await;
        Ok(())
    }

    /// Asks for the second factor of who has given the first.
    pub(crate) async fn ask_second_factor(&self, person: &Person) -> Result<Pending, AuthError> {
        person.require_open_tenant()?;
        let epoch = person.user.entity.session_epoch;
        let subject = person.member.subject();
        let challenge = self.challenges().other(Purpose::SecondFactor { epoch }, Some(subject));
        self.challenges().create(challenge.clone()).await?;
        Ok(self.pending(&challenge, Missing::SecondFactor))
    }

    /// Mails a code to who may use one, and to nobody else; the same is read and written in either case.
    async fn mail_login_code(&self, address: Address, visit: &Visit) -> Result<Pending, AuthError> {
        let found = self.find_person(Some(&address.email)).await?;
        let claim = self.app.store().accounts().find::<DomainClaim>(address.email.domain()).await?;
        let newcomer = self.newcomer(claim.map(|stored| stored.entity), found.is_some()).await?;
        let account = Account::key_of(&address.email);
        let mailing = self.gate.mail(&account, &visit.address()).await?;
        let known = found.filter(|person| person.is_active() && person.may_use_codes());
        let member = known.as_ref().map(|person| person.member).or(newcomer).filter(|_| mailing.admitted);
        let joins = newcomer.is_some().then(|| address.clone());
        let mailbox = known.map_or(address.mailbox, |person| person.user.entity.mailbox);
        let subject = member.map(|member| member.subject());
        let purpose = Purpose::Login { joins, mailbox: account };
        let asked = self.challenges().code(purpose, subject, mailing.trusted);
        let mail = self.mail_to(member.map(|_| mailbox), Letter::login(&asked.secret));
        let member = member.unwrap_or_else(|| Member::founder(&self.app.ids));
        let writes = vec![self.challenges().write(&asked.challenge)?, self.write_mail(&member, &mail)?];
        self.app.store().transact(writes).await?;
        self.announce(&member, &mail).await;
        Ok(self.pending(&asked.challenge, Missing::EmailCode))
    }

    /// Who would join the tenant that has the domain, where it lets everybody of the domain join at present.
    pub(super) async fn newcomer(
        &self,
        claim: Option<DomainClaim>,
        known: bool,
    ) -> Result<Option<Member>, AuthError> {
        let member = claim.as_ref().map(|claim| Member::newcomer(claim, &self.app.ids));
        let asked = member.unwrap_or_else(|| Member::founder(&self.app.ids));
        let tenant: Option<Stored<domain::account::Tenant>> =
            self.own(&asked).find(&asked.tenant_id()).await?;
        let open = tenant.is_some_and(|tenant| {
            let domain::account::Tenant { status, settings, .. } = tenant.entity;
            let own = claim.is_some_and(|claim| settings.domains.contains(&claim.domain));
            status == TenantStatus::Active && settings.code_login && settings.join_by_domain && own
        });
        Ok(member.filter(|_| open && !known))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(email: Option<&str>, username: Option<&str>, password: Option<&str>) -> LoginInput {
        let own = |text: Option<&str>| text.map(str::to_owned);
        LoginInput { email: own(email), username: own(username), password: own(password) }
    }

    fn by_password(email: Option<&str>, username: Option<&str>) -> Option<Credentials> {
        match input(email, username, Some("x")).parse() {
            Ok(Try::Password(credentials)) => Some(credentials),
            _ => None,
        }
    }

    #[test]
    fn one_name_is_enough_and_two_are_too_many() {
        let (one, two) = (Some("user@example.com"), Some("User@Example.com"));
        assert_eq!(by_password(one, None).unwrap().account, by_password(None, two).unwrap().account);
        assert!(by_password(one, two).is_none() && by_password(None, None).is_none());
        assert!(by_password(Some("nobody"), None).unwrap().email.is_none());
    }

    #[test]
    fn without_a_password_an_address_is_needed() {
        assert!(matches!(input(Some("user@example.com"), None, None).parse(), Ok(Try::Code(_))));
        for wrong in [Some("nobody"), None] {
            let Err(Invalid(errors)) = input(wrong, None, None).parse() else { panic!("must be refused") };
            assert_eq!(errors[0].pointer, "/email");
        }
    }

    #[test]
    fn what_is_hashed_has_a_bound() {
        let with = |password: &str| input(Some("user@example.com"), None, Some(password)).parse();
        assert!(with(&"ä".repeat(128)).is_ok());
        let Err(Invalid(errors)) = with(&"x".repeat(129)) else { panic!("must be refused") };
        assert_eq!(errors[0].pointer, "/password");
    }
}
