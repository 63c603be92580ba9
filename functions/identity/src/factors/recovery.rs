//! Recovery codes: for who has lost the app.

use axum::extract::State;
use domain::{account::User, audit::Action, factors::Factors, permission::AccountWrite};
use platform::IdSource;
use serde::Serialize;
use utoipa::ToSchema;
use web::{ApiError, Data, ShownOnce, auth::Tenant};

use crate::{
    Identity,
    auth::{FRESH, keep_session},
    error::AuthError,
    factor::recovery_hash,
    letters::Letter,
    person::Person,
};

const COUNT: usize = 10;
const GROUPS: usize = 6;
const GROUP: usize = 4;
/// Letters and digits that nobody takes for one another: five bits each.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Codes that are each good for one login without the app. They are shown once.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecoveryCodes {
    /// Keep them where you keep what must not be lost.
    #[schema(example = json!(["K7QM-2XVA-9PLC-4RTD-H8WE-ZN3B"]))]
    recovery_codes: Vec<String>,
}

impl RecoveryCodes {
    /// New codes, and what is kept of them.
    pub(crate) fn generate(ids: &IdSource) -> (Self, Vec<String>) {
        let recovery_codes: Vec<_> = (0..COUNT).map(|_| code(ids)).collect();
        let hashes = recovery_codes.iter().map(|code| recovery_hash(code)).collect();
        (Self { recovery_codes }, hashes)
    }

    /// The codes by themselves.
    pub(crate) fn into_texts(self) -> Vec<String> {
        self.recovery_codes
    }
}

/// A code of 120 bits.
fn code(ids: &IdSource) -> String {
    let secret = ids.secret();
    let letters = secret.iter().take(GROUPS * GROUP).map(|byte| char::from(ALPHABET[usize::from(byte & 31)]));
    let letters: Vec<char> = letters.collect();
    letters.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// Make new recovery codes
///
/// The codes before them are of no use any more, and all other sessions are over. Word of it is mailed. Needs a login within the last ten minutes.
#[utoipa::path(
    post,
    path = "/api/v1/auth/factors/recovery-codes",
    operation_id = "new_recovery_codes",
    tag = super::TAG,
    security(("bearer" = ["account:write"])),
    responses(
        (status = 200, description = "The new codes.", body = Data<RecoveryCodes>),
        (status = 409, description = "There is no second factor to recover.")
    )
)]
pub(crate) async fn new_recovery_codes(
    State(identity): State<Identity>,
    tenant: Tenant<AccountWrite>,
) -> Result<ShownOnce<Data<RecoveryCodes>>, ApiError> {
    tenant.require_fresh_login(FRESH)?;
    Ok(ShownOnce(Data::new(identity.new_recovery_codes(&tenant).await?)))
}

impl Identity {
    async fn new_recovery_codes(&self, tenant: &Tenant<AccountWrite>) -> Result<RecoveryCodes, AuthError> {
        let person = Person::of(&tenant.principal);
        let before = person.user.entity.clone();
        let (factors, stored) = self.factors(&tenant.principal, before.id).await?;
        if !before.second_factor {
            return Err(AuthError::Conflict("There is no second factor to recover."));
        }
        let (codes, recovery_codes) = RecoveryCodes::generate(&self.app.ids);
        let changed = person.user.map(User::end_sessions);
        let mail = self.mail(
            Some(&before),
            Letter::factor_changed("New recovery codes were made for your account at Ballast."),
        );
        let mut writes = vec![
            self.write_factors(&tenant.principal, stored, &Factors { recovery_codes, ..factors })?,
            tenant.store().write_changed(&changed)?,
            self.write_mail(&person.member, &mail)?,
        ];
        writes.extend(keep_session(tenant, &changed.entity, |session| session)?);
        let audited = tenant.audited(Action::RecoveryCodesMade)?;
        audited.with(|event| event.on::<Factors>(before.id)).transact(writes).await?;
        self.announce(&person.member, &mail).await;
        Ok(codes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_many_different_and_kept_hashed() {
        let (codes, hashes) = RecoveryCodes::generate(&IdSource::default());
        let mut distinct = codes.recovery_codes.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!((distinct.len(), hashes.len()), (COUNT, COUNT));
        assert!(codes.recovery_codes.iter().all(|code| code.len() == 29 && !hashes.contains(code)));
    }
}
