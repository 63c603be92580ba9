//! What a tenant chooses for itself.

use axum::extract::State;
use domain::{
    Invalid, Validation,
    account::{PasswordRules, SessionLimits, Tenant as TenantEntity, TenantSettings},
    audit::Action,
    permission::TenantWrite,
    text::Name,
};
use serde::Deserialize;
use store::StoreError;
use utoipa::ToSchema;
use web::{
    ApiError, Data, Json,
    auth::Tenant,
    etag::{IfMatch, Versioned},
};

use super::{domains, read::TenantSettingsView};
use crate::{Identity, auth::FRESH, error::AuthError};

/// Settings to take the others' place.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettingsInput {
    /// The team's name.
    #[schema(min_length = 1, max_length = 200, example = "Analytical Capital")]
    name: String,
    /// The e-mail domains that are its own: a new one must be that of the admin's own, proven address.
    #[schema(max_items = 20, example = json!(["example.com"]))]
    domains: Vec<String>,
    /// Whether addresses of these domains may log in with a code by mail.
    code_login: bool,
    /// Whether who proves to have an address of these domains joins without an invitation, as a viewer.
    join_by_domain: bool,
    /// Whether everyone needs a second factor. Who sets this must have one.
    mfa_required: bool,
    /// How long sessions last.
    sessions: SessionLimits,
    /// What is asked of passwords that are set from now on.
    passwords: PasswordRules,
}

/// Replace the settings
///
/// How long a session may last counts for logins from now on, how long it may lie idle for refreshes too: to shorten those
/// that are open, end them. Needs a login within the last ten minutes.
#[utoipa::path(
    put,
    path = "/api/v1/tenant",
    operation_id = "replace_tenant",
    tag = super::TAG,
    security(("bearer" = ["tenant:write"])),
    params(("If-Match" = Option<String>, Header, description = "The `ETag` of the version to replace.")),
    request_body = SettingsInput,
    responses(
        (
            status = 200,
            description = "The tenant as it is now.",
            body = Data<TenantSettingsView>,
            headers(("ETag" = String, description = "Its new version."))
        ),
        (status = 409, description = "One of the domains is another tenant's."),
        (status = 412, description = "It was changed since; nothing was done.")
    )
)]
pub(crate) async fn replace_settings(
    State(identity): State<Identity>,
    tenant: Tenant<TenantWrite>,
    seen: IfMatch,
    Json(body): Json<SettingsInput>,
) -> Result<Versioned<TenantSettingsView>, ApiError> {
    let changed = body.parse(&tenant)?;
    tenant.require_fresh_login(FRESH)?;
    seen.check(tenant.principal.tenant().version)?;
    identity.replace_settings(&tenant, changed).await?;
    Ok(Versioned::view(tenant.store().get::<TenantEntity>(&tenant.id()).await?))
}

impl SettingsInput {
    fn parse(self, tenant: &Tenant<TenantWrite>) -> Result<TenantEntity, Invalid> {
        let before = &tenant.principal.tenant().entity;
        let admin = &tenant.principal.user().entity;
        let mut validation = Validation::new();
        let name = validation.check("/name", Name::parse(&self.name));
        let domains = domains::parse(&mut validation, &self.domains, &before.settings.domains, admin);
        let no_domains = self.domains.is_empty();
        validation.require(!(self.code_login && no_domains), "/code_login", "needs a domain");
        validation.require(
            !self.join_by_domain || self.code_login,
            "/join_by_domain",
            "needs code_login, as that is how people join",
        );
        validation.require(
            !self.mfa_required || admin.second_factor,
            "/mfa_required",
            "needs a second factor of your own first",
        );
        check_sessions(&mut validation, self.sessions);
        let minimum = self.passwords.minimum_characters;
        validation.require((12..=64).contains(&minimum), "/passwords/minimum_characters", "must be 12 to 64");
        validation.finish(name.map(|name| TenantEntity {
            id: before.id,
            name,
            status: before.status,
            settings: TenantSettings {
                domains,
                code_login: self.code_login,
                join_by_domain: self.join_by_domain,
                mfa_required: self.mfa_required,
                sessions: self.sessions,
                passwords: self.passwords,
                ..before.settings.clone()
            },
        }))
    }
}

fn check_sessions(validation: &mut Validation, limits: SessionLimits) {
    let SessionLimits { absolute_hours, idle_hours } = limits;
    validation.require((1..=2160).contains(&absolute_hours), "/sessions/absolute_hours", "must be 1 to 2160");
    validation.require((1..=720).contains(&idle_hours), "/sessions/idle_hours", "must be 1 to 720");
    validation.require(
        idle_hours <= absolute_hours,
        "/sessions/idle_hours",
        "must not be more than absolute_hours",
    );
}

impl Identity {
    async fn replace_settings(
        &self,
        tenant: &Tenant<TenantWrite>,
        changed: TenantEntity,
    ) -> Result<(), AuthError> {
        let before = tenant.principal.tenant();
        let (old, new) = (&before.entity.settings.domains, &changed.settings.domains);
        let mut writes = domains::writes(&self.app.store().accounts(), tenant.id(), old, new)?;
        writes.push(tenant.store().write_changed(&before.clone().map(|_| changed.clone()))?);
        let audited = tenant.audited(Action::TenantChanged)?;
        match audited.changed(Some(&before.entity), Some(&changed)).transact(writes).await {
            Ok(()) => Ok(()),
            Err(StoreError::AlreadyExists) => {
                Err(AuthError::Conflict("One of the domains is another tenant's."))
            }
            Err(error) => Err(error.into()),
        }
    }
}
