//! The tenant as its members see it.

use domain::{
    TenantId,
    account::{PasswordRules, SessionLimits, Tenant as TenantEntity, TenantStatus, Tier},
    limit::OwnLimit,
    permission::TenantRead,
    text::Name,
};
use serde::Serialize;
use store::Stored;
use utoipa::ToSchema;
use web::{Data, auth::Tenant, etag::Versioned};

/// A team with its settings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TenantSettings)]
pub(crate) struct TenantSettingsView {
    /// Its id.
    id: TenantId,
    /// Its name.
    name: Name,
    /// Whether its users get in.
    status: TenantStatus,
    /// What it pays for; the platform's to choose.
    tier: Tier,
    /// What all users together may ask for in a minute, in place of what the tier gives; the platform's to choose.
    limits: Vec<OwnLimit>,
    /// The e-mail domains that are its own.
    domains: Vec<String>,
    /// Whether addresses of these domains may log in with a code by mail.
    code_login: bool,
    /// Whether who proves to have an address of these domains joins without an invitation.
    join_by_domain: bool,
    /// Whether everyone needs a second factor.
    mfa_required: bool,
    /// How long sessions last.
    sessions: SessionLimits,
    /// What is asked of passwords.
    passwords: PasswordRules,
}

impl From<Stored<TenantEntity>> for TenantSettingsView {
    fn from(stored: Stored<TenantEntity>) -> Self {
        let TenantEntity { id, name, status, settings } = stored.entity;
        Self {
            id,
            name,
            status,
            tier: settings.tier,
            limits: settings.limits,
            domains: settings.domains,
            code_login: settings.code_login,
            join_by_domain: settings.join_by_domain,
            mfa_required: settings.mfa_required,
            sessions: settings.sessions,
            passwords: settings.passwords,
        }
    }
}

/// Show the tenant
///
/// The team's name and settings.
#[utoipa::path(
    get,
    path = "/api/v1/tenant",
    operation_id = "show_own_tenant",
    tag = super::TAG,
    security(("bearer" = ["tenant:read"])),
    responses((
        status = 200,
        description = "The tenant.",
        body = Data<TenantSettingsView>,
        headers(("ETag" = String, description = "Its version, for `If-Match`."))
    ))
)]
pub(crate) async fn show_tenant(tenant: Tenant<TenantRead>) -> Versioned<TenantSettingsView> {
    Versioned::view(tenant.principal.tenant().clone())
}
