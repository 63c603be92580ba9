//! A new tenant and its first user.

use axum::extract::State;
use domain::{
    Invalid, Validation,
    account::{Account, Assurance, PasswordRules, Session, Tenant, TenantEntry, User},
    audit::{Action, Actor},
    challenge::Purpose,
    email::Address,
    password::Password,
    role::Role,
    text::Name,
};
use serde::{Deserialize, Serialize};
use store::{StoreError, VerifiedTenant};
use utoipa::ToSchema;
use web::{ApiError, Created, Data, Json};

use super::{
    tokens::{Missing, Pending, Tokens},
    views::{TenantView, UserView},
};
use crate::{
    Identity, error::AuthError, letters::Letter, member::Member, password_policy::PasswordPolicy,
    refresh_token::RefreshToken, visit::Visit,
};

/// Who registers, and for which team.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegisterInput {
    /// An e-mail address that has no account yet.
    #[schema(format = Email, max_length = 254, example = "user@example.com")]
    email: String,
    /// 12 to 128 characters of any kind that are hard to guess.
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
    address: Address,
    password: Password,
    name: Name,
    tenant_name: Name,
}

impl RegisterInput {
    fn parse(self) -> Result<Registration, Invalid> {
        let mut validation = Validation::new();
        let address = validation.check("/email", Address::parse(&self.email));
        let password = validation.check("/password", Password::parse(&self.password));
        let name = validation.check("/name", Name::parse(&self.name));
        let tenant_name = validation.check("/tenant_name", Name::parse(&self.tenant_name));
        // Only a password within its bounds, for somebody who can be told from others, is worth judging.
        if let (Some(address), Some(password), Some(name), Some(tenant)) =
            (&address, &password, &name, &tenant_name)
        {
            let policy = PasswordPolicy::new(PasswordRules::default(), &address.email, &[name, tenant]);
            let _ = validation.check("/password", policy.check(password.clone()));
        }
        let registration = address.zip(password).zip(name).zip(tenant_name);
        validation.finish(registration.map(|(((address, password), name), tenant_name)| Registration {
            address,
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
    /// The code that proves the mailbox is on its way.
    verification: Pending,
    #[serde(flatten)]
    tokens: Tokens,
}

/// Register
///
/// Creates a tenant and its first user, who gets the role `admin` and is logged in: the answer holds the first tokens. A
/// code is mailed that proves the address; give it at `/api/v1/auth/verify-email`.
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
    visit: Visit,
    Json(body): Json<RegisterInput>,
) -> Result<Created<Registered>, ApiError> {
    let founding = identity.found(body.parse()?, &visit).await?;
    let tenant = founding.tenant.id;
    let tokens = identity.tokens(&founding.user, tenant, &founding.session, founding.refresh_token)?;
    Ok(Created {
        location: "/api/v1/auth/me".to_owned(),
        version: None,
        data: Registered {
            user: founding.user.into(),
            tenant: founding.tenant.into(),
            verification: founding.verification,
            tokens,
        },
    })
}

struct Founding {
    tenant: Tenant,
    user: User,
    session: Session,
    refresh_token: RefreshToken,
    verification: Pending,
}

impl Identity {
    /// Writes tenant, user, account, first session and first mail: all of them, or none where the address has an account.
    async fn found(&self, registration: Registration, visit: &Visit) -> Result<Founding, AuthError> {
        let password_hash = Some(self.hasher.hash(registration.password).await?);
        let founder = Member::founder(&self.app.ids);
        let tenant = Tenant::new(founder.tenant_id(), registration.tenant_name);
        let email = &registration.address.email;
        let mailing = self.gate.mail(&Account::key_of(email), &visit.address()).await?;
        let account = Account::new(email, founder.tenant_id(), founder.user_id());
        let entry = TenantEntry { id: tenant.id, registered_at: self.app.clock.now() };
        let user = User::new(founder.user_id(), registration.address, registration.name, vec![Role::Admin]);
        let user = User { password_hash, ..user };
        let (session, refresh_token) = self.sessions().open(&user, &tenant, visit.entrance(Assurance::Aal1));
        let purpose = Purpose::VerifyMailbox { email: user.email.to_string() };
        let asked = self.challenges().code(purpose, Some(founder.subject()), true);
        let mail = self.mail(Some(&user).filter(|_| mailing.admitted), Letter::verification(&asked.secret));
        let own = self.own(&founder);
        let writes = vec![
            self.app.store().accounts().write_new(&account)?,
            self.app.store().accounts().write_new(&entry)?,
            own.write_new(&tenant)?,
            own.write_new(&user)?,
            own.write_new(&session)?,
            self.challenges().write(&asked.challenge)?,
            self.write_mail(&founder, &mail)?,
        ];
        let actor = Actor::User(user.id, session.id);
        let audited = self.audited(&founder, visit, Action::TenantRegistered, actor)?;
        match audited.changed(None, Some(&tenant)).transact(writes).await {
            Ok(()) => {}
            Err(StoreError::AlreadyExists) => return Err(AuthError::EmailTaken),
            Err(error) => return Err(error.into()),
        }
        self.announce(&founder, &mail).await;
        let verification = self.pending(&asked.challenge, Missing::EmailCode);
        Ok(Founding { tenant, user, session, refresh_token, verification })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(email: &str, password: &str, name: &str, tenant: &str) -> Vec<String> {
        let own = str::to_owned;
        let input = RegisterInput {
            email: own(email),
            password: own(password),
            name: own(name),
            tenant_name: own(tenant),
        };
        match input.parse() {
            Ok(_) => Vec::new(),
            Err(Invalid(errors)) => {
                assert!(errors.iter().all(|error| !error.detail.contains(password)));
                errors.into_iter().map(|error| error.pointer).collect()
            }
        }
    }

    #[test]
    fn every_wrong_field_is_named() {
        let all = ["/email", "/password", "/name", "/tenant_name"];
        assert_eq!(pointers("nobody", "short", " ", "a\nb"), all);
        assert_eq!(
            pointers("ada@example.com", "AnalyticalCapital", "Ada", "Analytical Capital"),
            ["/password"]
        );
        assert!(pointers("ada@example.com", "correct horse battery", "Ada", "Analytical Capital").is_empty());
    }
}
