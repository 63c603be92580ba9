//! A new signing key.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{account::PublicKey, audit::Action, permission::PlatformWrite};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{ApiError, Data, Json, auth::Tenant};

use super::crossing::Reason;
use crate::{Identity, key_ring::Takeover};

/// How long ago the last login may be.
const FRESH: SignedDuration = SignedDuration::from_mins(60);

/// How the new key takes over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RotationInput {
    /// `false`: it signs in five minutes, and the old keys are taken until their tokens are over. `true`, when a key may have
    /// leaked: it signs now, and within a minute every token of the old keys is refused; sessions go on by a refresh.
    withdraw: bool,
}

/// A signing key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SigningKey)]
struct SigningKeyView {
    /// What tokens name it by.
    kid: String,
    /// Its place in the row of keys.
    generation: u32,
    /// From when on it signs.
    signs_from: Timestamp,
    /// From when on it is not taken any more.
    retires_at: Option<Timestamp>,
}

impl From<PublicKey> for SigningKeyView {
    fn from(key: PublicKey) -> Self {
        let PublicKey { kid, generation, signs_from, retires_at, .. } = key;
        Self { kid, generation, signs_from, retires_at }
    }
}

/// Rotate the signing key
///
/// Happens by itself every 30 days.
#[utoipa::path(
    post,
    path = "/api/v1/platform/signing-keys",
    operation_id = "rotate_signing_key",
    tag = super::TAG,
    security(("bearer" = ["platform:write"])),
    params(("X-Audit-Reason" = String, Header, description = "Why, in 8 to 500 characters.")),
    request_body = RotationInput,
    responses(
        (status = 201, description = "The keys that are taken now, the new one first.", body = Data<Vec<SigningKeyView>>),
        (status = 409, description = "Somebody else has just rotated it.")
    )
)]
pub(crate) async fn rotate(
    State(identity): State<Identity>,
    tenant: Tenant<PlatformWrite>,
    reason: Reason,
    Json(body): Json<RotationInput>,
) -> Result<Response, ApiError> {
    tenant.require_fresh_login(FRESH)?;
    let takeover = if body.withdraw { Takeover::AtOnce } else { Takeover::Announced };
    let writes = identity.keys.rotation(takeover).await.map_err(ApiError::internal)?;
    let audited = tenant.audited(Action::SigningKeyRotated)?;
    audited.with(|event| event.because(reason.as_str())).transact(writes).await?;
    identity.keys.refresh().await.map_err(ApiError::internal)?;
    let keys = identity.keys.published().await?;
    let keys: Vec<SigningKeyView> = keys.into_iter().map(|stored| stored.entity.into()).collect();
    Ok((StatusCode::CREATED, axum::Json(Data::new(keys))).into_response())
}
