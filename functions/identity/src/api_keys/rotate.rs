//! A new secret for an API key.

use axum::extract::State;
use domain::{
    ApiKeyId, Invalid, Validation,
    api_key::{ApiKey, ApiKeyText},
    audit::Action,
    permission::ApiKeysWrite,
};
use jiff::SignedDuration;
use serde::Deserialize;
use store::{StoreError, Stored};
use utoipa::ToSchema;
use web::{ApiError, Data, Json, Path, ShownOnce, auth::Tenant};

use super::{read::within_reach, view::NewApiKey};
use crate::{Identity, auth::FRESH, error::AuthError};

const MAXIMUM_HOURS: u32 = 7 * 24;

/// How the rotation goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RotateInput {
    /// For how many hours the present secret is taken yet.
    #[schema(minimum = 0, maximum = 168, example = 24)]
    overlap_hours: u32,
}

impl RotateInput {
    fn parse(self) -> Result<SignedDuration, Invalid> {
        let mut validation = Validation::new();
        validation.require(self.overlap_hours <= MAXIMUM_HOURS, "/overlap_hours", "must be 0 to 168");
        validation.finish(Some(SignedDuration::from_hours(i64::from(self.overlap_hours))))
    }
}

/// Rotate an API key
///
/// Gives it a new secret, shown this once. The one before is taken for as long as it is asked for, so that programs can
/// change over. Only the key's own user gets its secret. Word of it is mailed. Needs a login within the last ten minutes.
#[utoipa::path(
    post,
    path = "/api/v1/api-keys/{id}/rotate",
    operation_id = "rotate_api_key",
    tag = super::TAG,
    security(("bearer" = ["api-keys:write"])),
    params(("id" = ApiKeyId, Path, description = "The key's id.")),
    request_body = RotateInput,
    responses((status = 200, description = "The key with its new secret.", body = Data<NewApiKey>))
)]
pub(crate) async fn rotate_key(
    State(identity): State<Identity>,
    tenant: Tenant<ApiKeysWrite>,
    Path(id): Path<ApiKeyId>,
    Json(body): Json<RotateInput>,
) -> Result<ShownOnce<Data<NewApiKey>>, ApiError> {
    let overlap = body.parse()?;
    let found = within_reach(&tenant, id).await?;
    if found.entity.user_id != tenant.user_id() {
        return Err(
            AuthError::Forbidden("Only the key's own user gets its secret; you may revoke it.").into()
        );
    }
    tenant.require_fresh_login(FRESH)?;
    let app = &identity.app;
    let text = ApiKeyText::new(&app.stage, tenant.id(), id, app.ids.secret());
    let until = app.clock.now() + overlap;
    let rotated = identity.write_rotated(&tenant, found, |key| key.rotate(&text, until)).await?;
    Ok(ShownOnce(Data::new(NewApiKey::new(rotated, &text))))
}

impl Identity {
    /// Writes a key with its new secret, and word of it to its user.
    async fn write_rotated(
        &self,
        tenant: &Tenant<ApiKeysWrite>,
        mut found: Stored<ApiKey>,
        rotate: impl Fn(ApiKey) -> ApiKey,
    ) -> Result<Stored<ApiKey>, ApiError> {
        let (own, id) = (tenant.store(), found.entity.id);
        let mail = self.mail_of_key(&tenant.principal, &rotate(found.entity.clone())).await?;
        loop {
            let before = found.entity.clone();
            let rotated = found.map(&rotate);
            let writes = vec![own.write_changed(&rotated)?, self.write_mail(&tenant.principal, &mail)?];
            let audited = tenant.audited(Action::ApiKeyRotated)?;
            match audited.changed(Some(&before), Some(&rotated.entity)).transact(writes).await {
                Ok(()) => break,
                // The key was used meanwhile, which is noted in it.
                Err(StoreError::VersionMismatch(_)) => found = own.get::<ApiKey>(&id).await?,
                Err(error) => return Err(error.into()),
            }
        }
        self.announce(&tenant.principal, &mail).await;
        Ok(own.get::<ApiKey>(&id).await?)
    }
}
