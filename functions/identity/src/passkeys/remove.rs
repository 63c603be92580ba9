//! The end of a passkey.

use axum::extract::State;
use domain::{PasskeyId, account::User, audit::Action, passkey::PasskeyEntry, permission::AccountWrite};
use store::StoreError;
use web::{ApiError, NoContent, Path, auth::Tenant};

use crate::{Identity, auth::FRESH, error::AuthError, letters::Letter, person::Person};

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
    let person = Person::of(&tenant.principal);
    let (factors, stored) = identity.counting_factors(&tenant.principal, &person.user.entity).await?;
    let removed = factors.remove_passkey(id).zip(stored).ok_or(AuthError::Store(StoreError::NotFound))?;
    tenant.require_fresh_login(FRESH)?;
    let ((left, passkey), stored) = removed;
    let before = person.user.entity.clone();
    if !left.any() {
        person.require_factor_to_spare()?;
    }
    let changed = person.user.map(|user| User { second_factor: left.any(), ..user }.end_sessions());
    let mail = identity.mail(
        Some(&before),
        Letter::factor_changed(&format!(
            "The passkey “{}” was removed from your account at Ballast, and all other sessions were ended.",
            passkey.name
        )),
    );
    let accounts = identity.app.store().accounts();
    let entry = PasskeyEntry::key_of(&passkey.credential_id);
    let mut writes = vec![
        tenant.store().write_changed(&stored.map(|_| left))?,
        accounts.write_deleted::<PasskeyEntry>(&entry, None)?,
        tenant.store().write_changed(&changed)?,
        identity.write_mail(&person.member, &mail)?,
    ];
    writes.extend(identity.keep_session(&tenant, &changed.entity, None)?);
    let audited = tenant.audited(Action::PasskeyRemoved)?;
    audited.changed(Some(&before), Some(&changed.entity)).transact(writes).await?;
    identity.announce(&person.member, &mail).await;
    Ok(NoContent)
}
