//! Somebody with an account: the user and the tenant, as they are now.

use domain::{
    TenantId,
    account::{Account, Tenant, TenantStatus, User, UserStatus},
    email::Email,
};
use store::{Scope, Stored, VerifiedTenant};

use crate::{error::AuthError, member::Member, password_policy::PasswordPolicy, state::Identity};

/// A user and its tenant.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) member: Member,
    pub(crate) user: Stored<User>,
    pub(crate) tenant: Stored<Tenant>,
}

impl Person {
    /// Whether the user gets in with the right secret.
    pub(crate) fn is_active(&self) -> bool {
        self.user.entity.status == UserStatus::Active
    }

    /// Whether the tenant's users get in.
    ///
    /// # Errors
    /// When they do not. Only who has proven to be a user may learn of it.
    pub(crate) fn require_open_tenant(&self) -> Result<(), AuthError> {
        match self.tenant.entity.status {
            TenantStatus::Active => Ok(()),
            TenantStatus::Suspended => Err(AuthError::TenantSuspended),
        }
    }

    /// Whether the user may be without a second factor.
    ///
    /// # Errors
    /// When the tenant asks everyone for one.
    pub(crate) fn require_factor_to_spare(&self) -> Result<(), AuthError> {
        if self.tenant.entity.settings.mfa_required {
            return Err(AuthError::Conflict("The tenant asks for a second factor; this is the only one."));
        }
        Ok(())
    }

    /// Whether the tenant lets this address log in with a code by mail.
    pub(crate) fn may_use_codes(&self) -> bool {
        let settings = &self.tenant.entity.settings;
        settings.code_login && settings.domains.iter().any(|own| own == self.user.entity.email.domain())
    }

    /// What the user's passwords must be like.
    pub(crate) fn password_policy(&self) -> PasswordPolicy {
        let (user, tenant) = (&self.user.entity, &self.tenant.entity);
        PasswordPolicy::new(tenant.settings.passwords, &user.email, &[&user.name, &tenant.name])
    }
}

impl VerifiedTenant for Person {
    fn tenant_id(&self) -> TenantId {
        self.member.tenant_id()
    }
}

impl Identity {
    /// Who has this address. Without an account, the user of nobody is looked for: that takes as long.
    pub(crate) async fn find_person(&self, email: Option<&Email>) -> Result<Option<Person>, AuthError> {
        // What is no address leads to nobody, by the same way: a key may not be empty.
        let key = email.map_or_else(|| "nobody".to_owned(), Account::key_of);
        let account = self.app.store().accounts().find::<Account>(&key).await?;
        let member = account
            .map_or_else(|| Member::founder(&self.app.ids), |account| Member::of_account(&account.entity));
        self.person(member).await
    }

    /// The person that a member is, unless it was deleted.
    pub(crate) async fn person(&self, member: Member) -> Result<Option<Person>, AuthError> {
        let own = self.own(&member);
        let (user, tenant) = (member.user_id(), member.tenant_id());
        let (user, tenant) = tokio::try_join!(own.find::<User>(&user), own.find::<Tenant>(&tenant))?;
        Ok(user.zip(tenant).map(|(user, tenant)| Person { member, user, tenant }))
    }

    /// All that a tenant has.
    pub(crate) fn own(&self, tenant: &impl VerifiedTenant) -> Scope {
        self.app.store().tenant(tenant)
    }
}
