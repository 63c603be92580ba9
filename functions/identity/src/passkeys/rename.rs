//! Another name for a passkey.

use axum::extract::State;
use domain::{
    Invalid, PasskeyId, Validation, audit::Action, factors::Factors, permission::AccountWrite, text::Name,
};
use serde::Deserialize;
use store::StoreError;
use utoipa::ToSchema;
use web::{ApiError, Data, Json, Path, auth::Tenant};

use super::view::PasskeyView;
use crate::{Identity, error::AuthError};

/// What the passkey is called.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RenameInput {
    /// 1 to 200 characters, for the user to tell passkeys apart.
    #[schema(min_length = 1, max_length = 200, example = "Ada's telephone")]
    name: String,
}

impl RenameInput {
    fn parse(self) -> Result<Name, Invalid> {
        let mut validation = Validation::new();
        let name = validation.check("/name", Name::parse(&self.name));
        validation.finish(name)
    }
}

/// Rename a passkey
///
/// The name is for its owner alone; the device keeps the one that it has.
#[utoipa::path(
    put,
    path = "/api/v1/auth/factors/passkeys/{id}",
    operation_id = "rename_passkey",
    tag = super::TAG,
    security(("bearer" = ["account:write"])),
    params(("id" = PasskeyId, Path, description = "The passkey's id.")),
    request_body = RenameInput,
    responses((status = 200, description = "The passkey under its new name.", body = Data<PasskeyView>))
)]
pub(crate) async fn rename_passkey(
    State(identity): State<Identity>,
    tenant: Tenant<AccountWrite>,
    Path(id): Path<PasskeyId>,
    Json(body): Json<RenameInput>,
) -> Result<Data<PasskeyView>, ApiError> {
    let name = body.parse()?;
    Ok(Data::new(identity.rename_passkey(&tenant, id, name).await?))
}

impl Identity {
    async fn rename_passkey(
        &self,
        tenant: &Tenant<AccountWrite>,
        id: PasskeyId,
        name: Name,
    ) -> Result<PasskeyView, AuthError> {
        if !tenant.principal.user().entity.second_factor {
            return Err(StoreError::NotFound.into());
        }
        let rename = |factors: Factors| {
            factors.rename_passkey(id, name.clone()).ok_or(AuthError::Store(StoreError::NotFound))
        };
        let renamed = tenant.audited(Action::PasskeyRenamed)?.update(&tenant.user_id(), rename).await?;
        let passkey = renamed.entity.passkeys.into_iter().find(|passkey| passkey.id == id);
        Ok(passkey.ok_or(StoreError::NotFound)?.into())
    }
}
