//! A new tenant and its first user.

use axum::extract::State;
use domain::{
    Invalid, Validation,
    account::{Account, Session, Tenant, User},
    email::Email,
    password::Password,
    role::Role,
    text::Name,
};
use serde::{Deserialize, Serialize};
use store::{StoreError, VerifiedTenant};
use utoipa::ToSchema;
use web::{ApiError, Created, Data, Json};

use super::{
    tokens::Tokens,
    views::{TenantView, UserView},
};
use crate::{Identity, error::AuthError, member::Member, refresh_token::RefreshToken};

/// Who registers, and for which team.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegisterInput {
    /// An e-mail address that has no account yet.
    #[schema(format = Email, max_length = 254, example = "user@example.com")]
    email: String,
    /// 12 to 128 characters of any kind.
    #[schema(format = Password, min_length = 12, max_length = 128, example = "correct horse battery")]
    password: String,
    /// What the person is called.
    #[schema(min_length = 1, max_length = 200, example = "Ada Lovelace")]
    name: String,
    /// What the team is called.
    #[schema(min_length = 1, max_length = 200, example = "Analytical Capital")]
    tenant_name: String,
}

struct Registration {
    email: Email,
    password: Password,
    name: Name,
    tenant_name: Name,
}

impl RegisterInput {
    fn parse(self) -> Result<Registration, Invalid> {
        let mut validation = Validation::new();
        let email = validation.check("/email", Email::parse(&self.email));
        let password = validation.check("/password", Password::parse(self.password));
        let name = validation.check("/name", Name::parse(&self.name));
        let tenant_name = validation.check("/tenant_name", Name::parse(&self.tenant_name));
        let registration = email.zip(password).zip(name).zip(tenant_name);
        validation.finish(registration.map(|(((email, password), name), tenant_name)| Registration {
            email,
            password,
            name,
            tenant_name,
        }))
    }
}

/// A new tenant and its first user, who is logged in already.
#[derive(Serialize, ToSchema)]
pub(crate) struct Registered {
    /// The person.
    user: UserView,
    /// The team.
    tenant: TenantView,
    #[serde(flatten)]
    tokens: Tokens,
}

/// Register
///
/// Creates a tenant and its first user, who gets the role `admin` and is logged in: the answer holds the first tokens.
#[utoipa::path(
    post,
    path = "/api/v1/auth/register",
    tag = super::TAG,
    request_body = RegisterInput,
    responses(
        (
            status = 201,
            description = "The tenant and its first user were created.",
            body = Data<Registered>,
            headers(("Location" = String, description = "Where the user is told about itself."))
        ),
        (status = 409, description = "There is an account with this e-mail address already.")
    )
)]
pub(crate) async fn register(
    State(identity): State<Identity>,
    Json(body): Json<RegisterInput>,
) -> Result<Created<Registered>, ApiError> {
    let founding = identity.found(body.parse()?).await?;
    let tokens = identity.tokens(&founding.user, &founding.session, founding.refresh_token)?;
    Ok(Created {
        location: "/api/v1/auth/me".to_owned(),
        version: None,
        data: Registered { user: founding.user.into(), tenant: founding.tenant.into(), tokens },
    })
}

struct Founding {
    tenant: Tenant,
    user: User,
    session: Session,
    refresh_token: RefreshToken,
}

impl Identity {
    /// Writes tenant, user, account and first session: all of them, or none where the address has an account.
    async fn found(&self, registration: Registration) -> Result<Founding, AuthError> {
        let password_hash = self.hasher.hash(registration.password).await?;
        let founder = Member::founder(&self.app.ids);
        let tenant = Tenant { id: founder.tenant_id(), name: registration.tenant_name };
        let account = Account {
            email_hash: Account::key_of(&registration.email),
            tenant_id: founder.tenant_id(),
            user_id: founder.user_id(),
        };
        let user = User {
            id: founder.user_id(),
            email: registration.email,
            name: registration.name,
            roles: vec![Role::Admin],
            password_hash,
        };
        let (session, refresh_token) = self.sessions().open(&founder);
        let store = self.app.store();
        let (own, accounts) = (store.tenant(&founder), store.accounts());
        let writes = vec![
            accounts.write_new(&account)?,
            own.write_new(&tenant)?,
            own.write_new(&user)?,
            accounts.write_new(&session)?,
        ];
        match store.transact(writes).await {
            Ok(()) => Ok(Founding { tenant, user, session, refresh_token }),
            Err(StoreError::AlreadyExists) => Err(AuthError::EmailTaken),
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_field_is_named() {
        let input = RegisterInput {
            email: "nobody".to_owned(),
            password: "short".to_owned(),
            name: " ".to_owned(),
            tenant_name: "a\nb".to_owned(),
        };
        let Err(Invalid(errors)) = input.parse() else { panic!("must be refused") };
        let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/email", "/password", "/name", "/tenant_name"]);
        assert!(errors.iter().all(|error| !error.detail.contains("short")));
    }
}
