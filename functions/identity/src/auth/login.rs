//! Getting in with a password.

use axum::extract::State;
use domain::{
    Invalid, Validation,
    account::{Account, User},
    email::Email,
    password::MAXIMUM_CHARACTERS,
};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{ApiError, Data, Json};

use super::tokens::Tokens;
use crate::{Identity, error::AuthError, member::Member};

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
    /// The password.
    #[schema(format = Password, max_length = 128, example = "correct horse battery")]
    password: String,
}

struct Credentials {
    /// `None` for what is not even an address: nobody has it.
    email: Option<Email>,
    password: String,
}

impl LoginInput {
    fn parse(self) -> Result<Credentials, Invalid> {
        let mut validation = Validation::new();
        validation.require(
            self.email.is_some() != self.username.is_some(),
            "/email",
            "exactly one of email and username must be given",
        );
        validation.require(
            self.password.chars().count() <= MAXIMUM_CHARACTERS,
            "/password",
            format!("must have at most {MAXIMUM_CHARACTERS} characters"),
        );
        let email = self.email.or(self.username).and_then(|text| Email::parse(&text).ok());
        validation.finish(Some(Credentials { email, password: self.password }))
    }
}

/// Log in
///
/// Opens a session of 30 days. An unknown address and a wrong password get the same answer.
#[utoipa::path(
    post,
    path = "/api/v1/auth/login",
    tag = super::TAG,
    request_body = LoginInput,
    responses(
        (status = 200, description = "The session is open.", body = Data<Tokens>),
        (status = 401, description = "The e-mail address or the password is wrong.")
    )
)]
pub(crate) async fn login(
    State(identity): State<Identity>,
    Json(body): Json<LoginInput>,
) -> Result<Data<Tokens>, ApiError> {
    let (member, user) = identity.authenticate(body.parse()?).await?;
    let (session, refresh_token) = identity.sessions().start(&member).await?;
    Ok(Data::new(identity.tokens(&user, &session, refresh_token)?))
}

impl Identity {
    /// The user with these credentials. Whether there is an account can't be told from the answer, nor from its time.
    async fn authenticate(&self, credentials: Credentials) -> Result<(Member, User), AuthError> {
        let found = match &credentials.email {
            Some(email) => self.find_user(email).await?,
            None => None,
        };
        let hash = found.as_ref().map(|(_, user)| user.password_hash.clone());
        let right = self.hasher.verify(credentials.password, hash).await?;
        found.filter(|_| right).ok_or(AuthError::WrongCredentials)
    }

    async fn find_user(&self, email: &Email) -> Result<Option<(Member, User)>, AuthError> {
        let account = self.app.store().accounts().find::<Account>(&Account::key_of(email)).await?;
        // Without an account, the user of nobody is looked for: that takes as long.
        let member = account
            .map_or_else(|| Member::founder(&self.app.ids), |account| Member::of_account(&account.entity));
        match self.user(&member).await {
            Ok(user) => Ok(Some((member, user))),
            Err(AuthError::UserGone) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(email: Option<&str>, username: Option<&str>, password: &str) -> Result<Credentials, Invalid> {
        let own = |text: Option<&str>| text.map(str::to_owned);
        LoginInput { email: own(email), username: own(username), password: password.to_owned() }.parse()
    }

    #[test]
    fn one_name_is_enough_and_two_are_too_many() {
        let (one, two) = (Some("user@example.com"), Some("User@Example.com"));
        assert_eq!(parse(one, None, "x").unwrap().email, parse(None, two, "x").unwrap().email);
        assert!(parse(one, two, "x").is_err());
        assert!(parse(None, None, "x").is_err());
        assert!(parse(Some("nobody"), None, "x").unwrap().email.is_none());
    }

    #[test]
    fn what_is_hashed_has_a_bound() {
        assert!(parse(Some("user@example.com"), None, &"ä".repeat(128)).is_ok());
        let Err(Invalid(errors)) = parse(Some("user@example.com"), None, &"x".repeat(129)) else {
            panic!("must be refused")
        };
        assert_eq!(errors[0].pointer, "/password");
    }
}
