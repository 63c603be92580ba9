//! What a user has.

use axum::extract::State;
use domain::{factors::Factors, permission::AccountRead};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use web::{ApiError, Data, auth::Tenant};

use crate::Identity;

/// A user's second factors.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Factors)]
pub(crate) struct FactorsView {
    /// When the app that shows codes was confirmed; `null` without one.
    totp_confirmed_at: Option<Timestamp>,
    /// How many recovery codes are left.
    recovery_codes_left: usize,
}

impl From<Factors> for FactorsView {
    fn from(factors: Factors) -> Self {
        Self {
            totp_confirmed_at: factors.totp.and_then(|totp| totp.confirmed_at),
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
    let (factors, _) = identity.factors(&tenant.principal, tenant.user_id()).await?;
    let counts = tenant.principal.user().entity.second_factor;
    let factors = if counts { factors } else { Factors::none(tenant.user_id()) };
    Ok(Data::new(factors.into()))
}
