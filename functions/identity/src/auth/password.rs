//! Changing a password by its owner, who is logged in.

use axum::extract::State;
use domain::{
    Invalid, Validation,
    account::User,
    audit::Action,
    password::{MAXIMUM_CHARACTERS, Password},
    permission::AccountWrite,
};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{ApiError, Json, NoContent, auth::Tenant};

use super::sessions::keep_session;
use crate::{
    Identity, error::AuthError, hasher::Match, letters::Letter, member::Member, person::Person, visit::Visit,
};

/// The present password and the next one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangePasswordInput {
    /// The present password; missing only where there is none yet.
    #[schema(format = Password, max_length = 128)]
    current_password: Option<String>,
    /// 12 to 128 characters of any kind that are hard to guess.
    #[schema(format = Password, min_length = 12, max_length = 128, example = "three sleepy otters juggle")]
    new_password: String,
}

/// How long ago a login may be that changes a sensitive thing.
pub(crate) const FRESH: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);

/// Change the password
///
/// Needs the present one, and ends all other sessions of the user. Word of it is mailed.
#[utoipa::path(
    post,
    path = "/api/v1/auth/change-password",
    operation_id = "change_password",
    tag = super::TAG,
    security(("bearer" = ["account:write"])),
    request_body = ChangePasswordInput,
    responses(
        (status = 204, description = "The password is changed; all other sessions are over."),
        (status = 401, description = "The present password is wrong, or there were too many attempts.")
    )
)]
pub(crate) async fn change_password(
    State(identity): State<Identity>,
    visit: Visit,
    tenant: Tenant<AccountWrite>,
    Json(body): Json<ChangePasswordInput>,
) -> Result<NoContent, ApiError> {
    let person = Person::of(&tenant.principal);
    let next = check_password(&person, "/new_password", &body.new_password)?;
    if person.user.entity.password_hash.is_some() {
        let current = parse_current(body.current_password)?;
        identity.require_password(&person, current, &visit).await?;
    } else {
        // A first password is a new way in, as a second factor is.
        tenant.require_fresh_login(FRESH)?;
    }
    identity.change_password(&tenant, person, next).await?;
    Ok(NoContent)
}

fn parse_current(text: Option<String>) -> Result<String, Invalid> {
    let mut validation = Validation::new();
    let fits = text.as_ref().is_some_and(|text| text.chars().count() <= MAXIMUM_CHARACTERS);
    validation.require(fits, "/current_password", "must be the present password");
    validation.finish(text)
}

/// A new password that is good enough for this person.
pub(crate) fn check_password(person: &Person, pointer: &str, text: &str) -> Result<Password, Invalid> {
    let mut validation = Validation::new();
    let password = validation.check(pointer, Password::parse(text));
    let password =
        password.and_then(|password| validation.check(pointer, person.password_policy().check(password)));
    validation.finish(password)
}

impl Identity {
    /// Compares the password of somebody who is logged in; guesses are counted as those of a login are.
    pub(crate) async fn require_password(
        &self,
        person: &Person,
        password: String,
        visit: &Visit,
    ) -> Result<(), AuthError> {
        let account = domain::account::Account::key_of(&person.user.entity.email);
        let (attempt, matched) = self.try_password(&account, Some(person), password, visit).await?;
        if attempt.admitted && matched != Match::Wrong {
            self.gate.passed(&attempt).await?;
            Ok(())
        } else {
            self.gate.failed(&attempt).await?;
            Err(AuthError::WrongCredentials)
        }
    }

    async fn change_password(
        &self,
        tenant: &Tenant<AccountWrite>,
        person: Person,
        next: Password,
    ) -> Result<(), AuthError> {
        let password_hash = Some(self.hasher.hash(next).await?);
        let before = person.user.entity.clone();
        let changed = person.user.map(|user| User { password_hash, ..user }.end_sessions());
        let mail = self.mail(Some(&before), Letter::password_changed());
        let own = tenant.store();
        let mut writes = vec![own.write_changed(&changed)?, self.write_mail(&person.member, &mail)?];
        writes.extend(keep_session(tenant, &changed.entity, |session| session)?);
        let audited = tenant.audited(Action::PasswordChanged)?;
        audited.changed(Some(&before), Some(&changed.entity)).transact(writes).await?;
        self.announce(&person.member, &mail).await;
        Ok(())
    }
}

impl Person {
    /// Somebody who is logged in.
    pub(crate) fn of(principal: &web::auth::Principal) -> Self {
        let (user, tenant) = (principal.user().clone(), principal.tenant().clone());
        Self { member: Member::colleague(principal, user.entity.id), user, tenant }
    }
}
