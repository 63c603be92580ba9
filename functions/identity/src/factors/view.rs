//! What a user has.

use axum::extract::State;
use domain::{factors::Factors, permission::AccountRead};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use web::{ApiError, Data, auth::Tenant};

use crate::{Identity, passkeys::PasskeyView};

/// A user's second factors.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Factors)]
pub(crate) struct FactorsView {
    /// When the app that shows codes was confirmed; `null` without one.
    totp_confirmed_at: Option<Timestamp>,
    /// The passkeys, in the order in which they were added.
    passkeys: Vec<PasskeyView>,
    /// How many recovery codes are left.
    recovery_codes_left: usize,
}

impl From<Factors> for FactorsView {
    fn from(factors: Factors) -> Self {
        Self {
            totp_confirmed_at: factors.totp.and_then(|totp| totp.confirmed_at),
            passkeys: factors.passkeys.into_iter().map(Into::into).collect(),
            recovery_codes_left: factors.recovery_codes.len(),
        }
    }
}

/// Show the second factors
///
/// Which there are, never their secrets.
#[utoipa::path(
    get,
    path = "/api/v1/auth/factors",
    operation_id = "show_factors",
    tag = super::TAG,
    security(("bearer" = ["account:read"])),
    responses((status = 200, description = "The user's second factors.", body = Data<FactorsView>))
)]
pub(crate) async fn factors(
    State(identity): State<Identity>,
    tenant: Tenant<AccountRead>,
) -> Result<Data<FactorsView>, ApiError> {
    let (factors, _) = identity.counting_factors(&tenant.principal, &tenant.principal.user().entity).await?;
    Ok(Data::new(factors.into()))
}
