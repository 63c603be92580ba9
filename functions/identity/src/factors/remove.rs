//! The end of a second factor.

use axum::extract::State;
use domain::{account::User, audit::Action, permission::AccountWrite};
use web::{ApiError, NoContent, auth::Tenant};

use crate::{
    Identity,
    auth::{FRESH, keep_session},
    error::AuthError,
    letters::Letter,
    person::Person,
};

/// Remove the app
///
/// The app's codes are of no use any more, nor are the recovery codes where there is no passkey, and all other sessions are
/// over. Needs a login with a second factor within the last ten minutes.
#[utoipa::path(
    delete,
    path = "/api/v1/auth/factors/totp",
    operation_id = "remove_totp",
    tag = super::TAG,
    security(("bearer" = ["account:write"])),
    responses(
        (status = 204, description = "The app is removed."),
        (status = 409, description = "There is none, or the tenant asks for a second factor and this is the only one.")
    )
)]
pub(crate) async fn remove_totp(
    State(identity): State<Identity>,
    tenant: Tenant<AccountWrite>,
) -> Result<NoContent, ApiError> {
    tenant.require_fresh_login(FRESH)?;
    identity.remove_totp(&tenant).await?;
    Ok(NoContent)
}

impl Identity {
    async fn remove_totp(&self, tenant: &Tenant<AccountWrite>) -> Result<(), AuthError> {
        let person = Person::of(&tenant.principal);
        let before = person.user.entity.clone();
        let (factors, stored) = self.factors(&tenant.principal, before.id).await?;
        if !before.second_factor || factors.confirmed_totp().is_none() {
            return Err(AuthError::Conflict("There is no app to remove."));
        }
        let left = factors.remove_totp();
        if !left.any() {
            person.require_factor_to_spare()?;
        }
        let second_factor = left.any();
        let changed = person.user.map(|user| User { second_factor, ..user }.end_sessions());
        let mail = self.mail(
            Some(&before),
            Letter::factor_changed("The app that shows codes was removed from your account at Ballast."),
        );
        let mut writes = vec![
            self.write_factors(&tenant.principal, stored, &left)?,
            tenant.store().write_changed(&changed)?,
            self.write_mail(&person.member, &mail)?,
        ];
        writes.extend(keep_session(tenant, &changed.entity, |session| session)?);
        let audited = tenant.audited(Action::FactorRemoved)?;
        audited.changed(Some(&before), Some(&changed.entity)).transact(writes).await?;
        self.announce(&person.member, &mail).await;
        Ok(())
    }
}
