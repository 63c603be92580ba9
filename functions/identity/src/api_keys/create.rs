//! A new API key.

use axum::extract::State;
use domain::{
    Invalid, Validation,
    api_key::{self, ApiKey, ApiKeyText},
    audit::Action,
    permission::{ApiKeysWrite, Permission},
    text::Name,
};
use jiff::SignedDuration;
use serde::Deserialize;
use store::Stored;
use utoipa::ToSchema;
use web::{ApiError, Created, Data, Json, ShownOnce, auth::Tenant};

use super::view::NewApiKey;
use crate::{Identity, auth::FRESH};

const MAXIMUM_DAYS: u32 = 365;
const DEFAULT_DAYS: u32 = 90;

/// A key to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApiKeyInput {
    /// What it is called.
    #[schema(min_length = 1, max_length = 200, example = "Nightly risk report")]
    name: String,
    /// What it may do: part of what its user may do. Accounts and keys are not for keys.
    #[schema(min_items = 1, max_items = 50, example = json!(["portfolios:read", "tasks:write"]))]
    permissions: Vec<String>,
    /// For how many days it is good.
    #[schema(minimum = 1, maximum = 365, default = 90)]
    expires_in_days: Option<u32>,
}

struct Wanted {
    name: Name,
    permissions: Vec<String>,
    lifetime: SignedDuration,
}

impl ApiKeyInput {
    fn parse(self, allowed: &[Permission]) -> Result<Wanted, Invalid> {
        let mut validation = Validation::new();
        let name = validation.check("/name", Name::parse(&self.name));
        validation.require(
            (1..=50).contains(&self.permissions.len()),
            "/permissions",
            "must name 1 to 50 permissions",
        );
        let mut permissions = Vec::new();
        for (index, text) in self.permissions.iter().take(50).enumerate() {
            let parsed = text.parse().and_then(|permission| check(permission, allowed));
            let pointer = format!("/permissions/{index}");
            permissions.extend(validation.check(&pointer, parsed).map(|known| known.as_str().to_owned()));
        }
        permissions.sort_unstable();
        permissions.dedup();
        let days = self.expires_in_days.unwrap_or(DEFAULT_DAYS);
        validation.require((1..=MAXIMUM_DAYS).contains(&days), "/expires_in_days", "must be 1 to 365");
        let lifetime = SignedDuration::from_hours(24 * i64::from(days));
        validation.finish(name.map(|name| Wanted { name, permissions, lifetime }))
    }
}

/// A permission that a key may have.
fn check(permission: Permission, allowed: &[Permission]) -> Result<Permission, &'static str> {
    let for_people = ["account:", "api-keys:", "audit:write", "platform:", "users:write", "tenant:write"];
    if for_people.iter().any(|kind| permission.as_str().starts_with(kind)) {
        Err("is for people, not for keys")
    } else if allowed.contains(&permission) {
        Ok(permission)
    } else {
        Err("is more than you may do yourself")
    }
}

/// Create an API key
///
/// The answer holds the key, which is shown this once. It acts for its user with part of what the user may do at the time
/// of each request. Word of it is mailed. Needs a login within the last ten minutes.
#[utoipa::path(
    post,
    path = "/api/v1/api-keys",
    operation_id = "create_api_key",
    tag = super::TAG,
    security(("bearer" = ["api-keys:write"])),
    request_body = ApiKeyInput,
    responses((
        status = 201,
        description = "The key was made.",
        body = Data<NewApiKey>,
        headers(
            ("Location" = String, description = "Where the key is."),
            ("ETag" = String, description = "Its version.")
        )
    ))
)]
pub(crate) async fn create_key(
    State(identity): State<Identity>,
    tenant: Tenant<ApiKeysWrite>,
    Json(body): Json<ApiKeyInput>,
) -> Result<ShownOnce<Created<NewApiKey>>, ApiError> {
    let wanted = body.parse(&tenant.principal.permissions())?;
    tenant.require_fresh_login(FRESH)?;
    let (app, user) = (&identity.app, &tenant.principal.user().entity);
    let text = ApiKeyText::new(&app.stage, tenant.id(), app.ids.id(), app.ids.secret());
    let key = ApiKey {
        id: text.id(),
        user_id: user.id,
        name: wanted.name,
        permissions: wanted.permissions,
        epoch: user.key_epoch,
        secret_hash: text.hash(),
        hint: api_key::hint(&text),
        previous: None,
        expires_at: app.clock.now() + wanted.lifetime,
        last_used_at: None,
    };
    let stored = identity.write_key(&tenant, key).await?;
    let (version, location) = (stored.version, format!("/api/v1/api-keys/{}", stored.entity.id));
    Ok(ShownOnce(Created { location, version: Some(version), data: NewApiKey::new(stored, &text) }))
}

impl Identity {
    /// Writes a new key, and word of it to its user.
    async fn write_key(
        &self,
        tenant: &Tenant<ApiKeysWrite>,
        key: ApiKey,
    ) -> Result<Stored<ApiKey>, ApiError> {
        let (own, mail) = (tenant.store(), self.mail_of_key(&tenant.principal, &key).await?);
        let writes = vec![own.write_new(&key)?, self.write_mail(&tenant.principal, &mail)?];
        let audited = tenant.audited(Action::ApiKeyCreated)?;
        audited.changed(None, Some(&key)).transact(writes).await?;
        self.announce(&tenant.principal, &mail).await;
        Ok(own.get::<ApiKey>(&key.id).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(permissions: &[&str], days: u32) -> Vec<String> {
        let input = ApiKeyInput {
            name: "Key".to_owned(),
            permissions: permissions.iter().map(|&name| name.to_owned()).collect(),
            expires_in_days: Some(days),
        };
        let allowed = [Permission::TasksRead, Permission::AccountWrite, Permission::AuditWrite];
        input
            .parse(&allowed)
            .err()
            .map_or_else(Vec::new, |Invalid(errors)| errors.into_iter().map(|error| error.pointer).collect())
    }

    #[test]
    fn a_key_never_gets_more_than_its_user_nor_what_is_for_people() {
        assert!(pointers(&["tasks:read", "tasks:read"], 1).is_empty());
        assert_eq!(
            pointers(&["tasks:write", "tasks:read", "nonsense", "account:write", "audit:write"], 1),
            ["/permissions/0", "/permissions/2", "/permissions/3", "/permissions/4"]
        );
        assert_eq!(pointers(&[], 0), ["/permissions", "/expires_in_days"]);
        assert_eq!(pointers(&["tasks:read"], 366), ["/expires_in_days"]);
    }
}
