//! The rows of users, keys, tenants, and of what is recorded of them.

use e2e::requests;
use serde_json::{Value, json};

use super::call::{Call, not_found, own, platform, refused};
use super::owned::Owned;

const NO_CHALLENGE: &str = "chl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN";

/// A key to be made.
pub(super) fn api_key() -> Value {
    json!({"name": "Report", "permissions": ["portfolios:read"]})
}

/// A passkey that answers no ceremony.
fn passkey() -> Value {
    let response = json!({
        "attestationObject": "o2Nm",
        "authenticatorData": "SZYN",
        "clientDataJSON": "e30",
        "signature": "MEUC",
    });
    json!({"ceremony_id": "cer_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN", "credential": {"id": "AQID", "response": response}})
}

pub(super) fn calls(Owned { user, session, key, passkey: own_passkey, .. }: &Owned) -> Vec<Call> {
    let code = json!({"challenge_id": NO_CHALLENGE, "code": "123456"});
    let passwords = json!({"current_password": "wrong horse battery", "new_password": "three sleepy otters"});
    let invitation = json!({"email": e2e::unique_email(), "name": "Grace", "roles": ["viewer"]});
    vec![
        own("GET /api/v1/auth/me"),
        own("GET /api/v1/auth/sessions"),
        not_found("DELETE /api/v1/auth/sessions/{id}").at(session),
        own("POST /api/v1/auth/logout"),
        own("POST /api/v1/auth/logout-all"),
        refused("POST /api/v1/auth/change-password").json(passwords),
        own("POST /api/v1/auth/verify-email/code"),
        refused("POST /api/v1/auth/verify-email").json(code.clone()),
        own("POST /api/v1/auth/reauthenticate").json(json!({"password": e2e::PASSWORD})),
        own("GET /api/v1/auth/factors"),
        own("POST /api/v1/auth/factors/totp"),
        refused("DELETE /api/v1/auth/factors/totp"),
        refused("POST /api/v1/auth/factors/totp/confirm").json(json!({"code": "wrong"})),
        refused("POST /api/v1/auth/factors/recovery-codes"),
        own("GET /api/v1/auth/factors/passkeys"),
        own("POST /api/v1/auth/factors/passkeys/options"),
        refused("POST /api/v1/auth/factors/passkeys").json(requests::with(
            passkey(),
            "/name",
            json!("Theirs"),
        )),
        not_found("PUT /api/v1/auth/factors/passkeys/{id}").at(own_passkey).json(json!({"name": "Theirs"})),
        not_found("DELETE /api/v1/auth/factors/passkeys/{id}").at(own_passkey),
        refused("POST /api/v1/auth/passkeys/reauthenticate/options"),
        refused("POST /api/v1/auth/passkeys/reauthenticate").json(passkey()),
        own("GET /api/v1/users/me"),
        own("DELETE /api/v1/users/me"),
        own("GET /api/v1/users/me/export"),
        own("GET /api/v1/users/profile"),
        own("PUT /api/v1/users/profile").json(json!({"name": "Theirs"})),
        own("POST /api/v1/users/change-email").json(json!({"email": e2e::unique_email()})),
        refused("POST /api/v1/users/change-email/confirm").json(code),
        own("GET /api/v1/users/list"),
        // Who has not proven their own address invites nobody.
        refused("POST /api/v1/users/invite").json(invitation),
        not_found("POST /api/v1/users/{id}/invitation").at(user),
        not_found("GET /api/v1/users/{id}").at(user),
        not_found("DELETE /api/v1/users/{id}").at(user),
        not_found("PUT /api/v1/users/{id}/roles").at(user).json(json!({"roles": ["viewer"]})),
        not_found("POST /api/v1/users/{id}/deactivate").at(user),
        not_found("POST /api/v1/users/{id}/reactivate").at(user),
        own("GET /api/v1/api-keys"),
        own("POST /api/v1/api-keys").json(api_key()),
        not_found("GET /api/v1/api-keys/{id}").at(key),
        not_found("DELETE /api/v1/api-keys/{id}").at(key),
        not_found("POST /api/v1/api-keys/{id}/rotate").at(key).json(json!({"overlap_hours": 1})),
    ]
}

pub(super) fn calls_of_tenants(Owned { tenant, .. }: &Owned) -> Vec<Call> {
    vec![
        own("GET /api/v1/tenant"),
        own("PUT /api/v1/tenant").json(crate::tenant_settings::settings()),
        own("GET /api/v1/tenant/usage"),
        own("GET /api/v1/audit"),
        own("GET /api/v1/audit/verify"),
        own("GET /api/v1/audit/retention"),
        own("PUT /api/v1/audit/retention").json(json!({"days": 2555})),
        platform("GET /api/v1/platform/tenants"),
        platform("GET /api/v1/platform/tenants/{id}").at(tenant),
        platform("PUT /api/v1/platform/tenants/{id}/plan")
            .at(tenant)
            .json(json!({"tier": "enterprise", "limits": []})),
        platform("POST /api/v1/platform/tenants/{id}/suspend").at(tenant),
        platform("POST /api/v1/platform/tenants/{id}/reactivate").at(tenant),
        platform("POST /api/v1/platform/signing-keys").json(json!({"withdraw": true})),
    ]
}
