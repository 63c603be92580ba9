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
use store::StoreError;
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
/// change over. Only the key's own user gets its secret. Needs a login within the last ten minutes.
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
    let rotate = |key: ApiKey| Ok::<_, StoreError>(key.rotate(&text, until));
    let rotated = tenant.audited(Action::ApiKeyRotated)?.update(&id, rotate).await?;
    Ok(ShownOnce(Data::new(NewApiKey::new(rotated, &text))))
}
