//! The end of a passkey.

use axum::extract::State;
use domain::{PasskeyId, account::User, audit::Action, passkey::PasskeyEntry, permission::AccountWrite};
use store::StoreError;
use web::{ApiError, NoContent, Path, auth::Tenant};

use crate::{
    Identity,
    auth::{FRESH, keep_session},
    error::AuthError,
    letters::Letter,
    person::Person,
};

/// Remove a passkey
///
/// It lets nobody in any more, and all other sessions are over. With the last second factor the recovery codes go as well.
/// Needs a login with a second factor within the last ten minutes.
#[utoipa::path(
    delete,
    path = "/api/v1/auth/factors/passkeys/{id}",
    operation_id = "remove_passkey",
    tag = super::TAG,
    security(("bearer" = ["account:write"])),
    params(("id" = PasskeyId, Path, description = "The passkey's id.")),
    responses(
        (status = 204, description = "The passkey is removed."),
        (status = 409, description = "The tenant asks for a second factor, and this is the only one.")
    )
)]
pub(crate) async fn remove_passkey(
    State(identity): State<Identity>,
    tenant: Tenant<AccountWrite>,
    Path(id): Path<PasskeyId>,
) -> Result<NoContent, ApiError> {
    identity.remove_passkey(&tenant, id).await?;
    Ok(NoContent)
}

impl Identity {
    async fn remove_passkey(&self, tenant: &Tenant<AccountWrite>, id: PasskeyId) -> Result<(), AuthError> {
        let person = Person::of(&tenant.principal);
        let before = person.user.entity.clone();
        let (factors, stored) = self.counting_factors(&tenant.principal, &before).await?;
        let removed = factors.remove_passkey(id).zip(stored);
        let ((left, passkey), stored) = removed.ok_or(StoreError::NotFound)?;
        tenant.require_fresh_login(FRESH)?;
        if !left.any() {
            person.require_factor_to_spare()?;
        }
        let second_factor = left.any();
        let changed = person.user.map(|user| User { second_factor, ..user }.end_sessions());
        let letter = Letter::factor_changed(&format!(
            "The passkey “{}” was removed from your account at Ballast, and all other sessions were ended.",
            passkey.name
        ));
        let mail = self.mail(Some(&before), letter);
        let entry = PasskeyEntry::key_of(&passkey.credential_id);
        let mut writes = vec![
            tenant.store().write_changed(&stored.map(|_| left))?,
            self.app.store().accounts().write_deleted::<PasskeyEntry>(&entry, None)?,
            tenant.store().write_changed(&changed)?,
            self.write_mail(&person.member, &mail)?,
        ];
        writes.extend(keep_session(tenant, &changed.entity, |session| session)?);
        let audited = tenant.audited(Action::PasskeyRemoved)?;
        audited.changed(Some(&before), Some(&changed.entity)).transact(writes).await?;
        self.announce(&person.member, &mail).await;
        Ok(())
    }
}
