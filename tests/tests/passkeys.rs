//! Passkeys: added, used to get in, named, removed.

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::{Answer, Authenticator, Ballast, Client, InProcess, Options, PASSWORD, Tenant, requests::with};
use jiff::SignedDuration;
use serde_json::{Value, json};

pub const PASSKEYS: &str = "/api/v1/auth/factors/passkeys";
pub const VERIFY: &str = "/api/v1/auth/passkeys/verify";
pub const REAUTHENTICATE: &str = "/api/v1/auth/passkeys/reauthenticate";
const NEXT: &str = "three sleepy otters juggle";

/// A user with a passkey, logged in, and what adding it was answered with.
pub async fn enrolled(ballast: &Ballast) -> (Tenant, Authenticator, Value) {
    let tenant = ballast.tenant().await;
    let mut device = Authenticator::default();
    let added = device.add_to(&tenant, "Laptop").await.data(201);
    (tenant, device, added)
}

/// The challenge after a right password.
pub async fn first_factor(tenant: &Tenant) -> Value {
    let pending = password(tenant).await.data(202);
    assert_eq!(pending["missing"], "second_factor");
    pending
}

/// Asks for a passkey to answer a challenge with.
pub async fn asked(client: &Client, pending: &Value) -> Value {
    let body = json!({"challenge_id": pending["challenge_id"]});
    client.without_token().post(&format!("{VERIFY}/options"), &body).await.data(200)
}

/// Answers a challenge with a passkey.
pub async fn answer(client: &Client, pending: &Value, options: &Value, credential: Value) -> Answer {
    let ceremony = &options["ceremony_id"];
    let body =
        json!({"challenge_id": pending["challenge_id"], "ceremony_id": ceremony, "credential": credential});
    client.without_token().post(VERIFY, &body).await
}

async fn password(tenant: &Tenant) -> Answer {
    let body = json!({"email": tenant.email, "password": PASSWORD});
    tenant.without_token().post("/api/v1/auth/login", &body).await
}

async fn start() -> Option<InProcess> {
    InProcess::start(Options::default().manual_clock()).await
}

fn path(passkey: &Value) -> String {
    format!("{PASSKEYS}/{}", passkey["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_passkey_logs_in_without_an_address() {
    let ballast = Ballast::start().await;
    let tenant = ballast.tenant().await;
    let elsewhere = password(&tenant).await.data(200);
    let mut device = Authenticator::default();
    let options = tenant.request("POST", &format!("{PASSKEYS}/options")).await.data(200);
    let asked = &options["public_key"];
    assert_eq!(asked["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(asked["authenticatorSelection"]["userVerification"], "required");
    assert_eq!((&asked["attestation"], &asked["rp"]["id"]), (&json!("none"), &json!("localhost")));
    assert_eq!((&options["expires_in"], &asked["timeout"]), (&json!(300), &json!(300_000)));
    let added = device.add_to(&tenant, " Laptop ").await.expect(201);
    let location = added.header("location").to_owned();
    let added = added.data(201);
    assert_eq!((path(&added), &added["name"]), (location, &json!("Laptop")));
    assert_eq!(added["recovery_codes"].as_array().unwrap().len(), 10);

    let me = tenant.get("/api/v1/auth/me").await.data(200);
    assert_eq!((&me["user"]["second_factor"], &me["session"]["assurance"]), (&json!(true), &json!("aal2")));
    let elsewhere = tenant.with_token(elsewhere["access_token"].as_str().unwrap());
    elsewhere.get("/api/v1/auth/me").await.problem(401);

    let tokens = device.log_in(&tenant).await.data(200);
    let client = tenant.with_token(tokens["access_token"].as_str().unwrap());
    let me = client.get("/api/v1/auth/me").await.data(200);
    assert_eq!((&me["user"]["email"], &me["session"]["assurance"]), (&json!(tenant.email), &json!("aal2")));
    let listed = client.get(PASSKEYS).await.data(200);
    assert!(listed[0]["last_used_at"].is_string(), "{listed}");
    assert_eq!(client.get("/api/v1/auth/factors").await.data(200)["passkeys"], listed);
    let opened = client.get("/api/v1/audit?action=session.opened").await.data(200);
    assert_eq!(opened[0]["reason"], "with a passkey");
    assert_eq!(
        client.get("/api/v1/audit?action=factor.passkey-added").await.data(200).as_array().unwrap().len(),
        1
    );
}

#[tokio::test]
async fn a_passkey_is_a_second_factor() {
    let Some(ballast) = start().await else { return };
    let (tenant, mut device, added) = enrolled(&ballast).await;
    ballast.mail(&tenant.email, "second factor").await;
    let pending = first_factor(&tenant).await;
    let options = asked(&tenant, &pending).await;
    assert_eq!(options["public_key"]["allowCredentials"][0]["id"], added["credential_id"]);
    let tokens = answer(&tenant, &pending, &options, device.get(&options)).await.data(200);
    let client = tenant.with_token(tokens["access_token"].as_str().unwrap());
    assert_eq!(client.get("/api/v1/auth/me").await.data(200)["session"]["assurance"], "aal2");
    let body = json!({"challenge_id": pending["challenge_id"]});
    tenant.post(&format!("{VERIFY}/options"), &body).await.problem(401);

    // A recovery code stands in for a passkey that was lost.
    let pending = first_factor(&tenant).await;
    let body = json!({"challenge_id": pending["challenge_id"], "code": added["recovery_codes"][0]});
    tenant.without_token().post("/api/v1/auth/verify", &body).await.expect(200);
    assert_eq!(tenant.get("/api/v1/auth/factors").await.data(200)["recovery_codes_left"], 9);
}

#[tokio::test]
async fn a_challenge_dies_with_the_password_whatever_answers_it() {
    let Some(ballast) = start().await else { return };
    let (tenant, mut device, _) = enrolled(&ballast).await;
    let pending = first_factor(&tenant).await;
    let options = asked(&tenant, &pending).await;
    let change = json!({"current_password": PASSWORD, "new_password": NEXT});
    tenant.post("/api/v1/auth/change-password", &change).await.expect(204);
    answer(&tenant, &pending, &options, device.get(&options)).await.problem(401);
    device.log_in(&tenant).await.expect(200);
}

#[tokio::test]
async fn what_matters_asks_for_the_passkey_anew() {
    let Some(ballast) = start().await else { return };
    let (tenant, mut device, added) = enrolled(&ballast).await;
    ballast.advance(SignedDuration::from_mins(11));
    for refused in [
        tenant.delete(&path(&added)).await,
        tenant.request("POST", &format!("{PASSKEYS}/options")).await,
        tenant.post(PASSKEYS, &body_of_nobody()).await,
    ] {
        assert_eq!(refused.problem(401).kind(), "insufficient-user-authentication");
    }
    let options = tenant.request("POST", &format!("{REAUTHENTICATE}/options")).await.data(200);
    let body = json!({"ceremony_id": options["ceremony_id"], "credential": device.get(&options)});
    let fresh = tenant.post(REAUTHENTICATE, &body).await.data(200);
    tenant.post(REAUTHENTICATE, &body).await.problem(401);
    let fresh = tenant.with_token(fresh["access_token"].as_str().unwrap());
    let elsewhere = device.log_in(&tenant).await.data(200);
    fresh.delete(&path(&added)).await.expect(204);
    // With the last factor the recovery codes are gone, and a password is enough again.
    assert_eq!(fresh.get("/api/v1/auth/factors").await.data(200)["recovery_codes_left"], 0);
    password(&tenant).await.expect(200);
    device.log_in(&tenant).await.problem(401);
    let elsewhere = tenant.with_token(elsewhere["access_token"].as_str().unwrap());
    elsewhere.get("/api/v1/auth/me").await.problem(401);
    fresh.get("/api/v1/auth/me").await.expect(200);
    fresh.delete(&path(&added)).await.problem(404);
    let removed = fresh.get("/api/v1/audit?action=factor.passkey-removed").await.data(200);
    assert_eq!(removed.as_array().unwrap().len(), 1);
    assert!(ballast.mail(&tenant.email, "second factor").await.text.contains("“Laptop” was removed"));
}

fn body_of_nobody() -> Value {
    let response = json!({"attestationObject": "o2Nm", "clientDataJSON": "e30"});
    let credential = json!({"id": "AQID", "response": response});
    json!({"ceremony_id": "cer_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN", "name": "Laptop", "credential": credential})
}

#[tokio::test]
async fn passkeys_have_names() {
    let ballast = Ballast::start().await;
    let (tenant, _, first) = enrolled(&ballast).await;
    let second = Authenticator::synced().add_to(&tenant, "Phone").await.data(201);
    assert_eq!(second["recovery_codes"], Value::Null, "the first passkey brought them");
    let renamed = tenant.put(&path(&first), &json!({"name": "Old laptop"})).await.data(200);
    assert_eq!((&renamed["name"], &renamed["id"]), (&json!("Old laptop"), &first["id"]));
    let names = |listed: Value| {
        let all = listed.as_array().unwrap().iter();
        all.map(|one| one["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(tenant.get(PASSKEYS).await.data(200)), ["Old laptop", "Phone"]);
    for wrong in ["", "  ", &"x".repeat(201), "a\u{7}b"] {
        let problem = tenant.put(&path(&first), &json!({"name": wrong})).await.problem(422);
        assert_eq!(problem.pointers(), ["/name"]);
    }
    let log = tenant.get("/api/v1/audit?action=factor.passkey-renamed").await.data(200);
    assert_eq!(log.as_array().unwrap().len(), 1);
    tenant.delete(&path(&second)).await.expect(204);
    assert_eq!(tenant.get("/api/v1/auth/factors").await.data(200)["recovery_codes_left"], 10);
    tenant.put(&path(&second), &json!({"name": "Gone"})).await.problem(404);
}

#[tokio::test]
async fn a_passkey_on_several_devices_does_not_count() {
    let ballast = Ballast::start().await;
    let tenant = ballast.tenant().await;
    let mut device = Authenticator::synced();
    device.add_to(&tenant, "Phone").await.expect(201);
    for _ in 0..3 {
        device.log_in(&tenant).await.expect(200);
    }
}

#[tokio::test]
async fn a_passkey_is_enough_where_a_tenant_asks_for_two_factors() {
    let Some(ballast) = start().await else { return };
    let (tenant, mut device, added) = enrolled(&ballast).await;
    let body = with(crate::tenant_settings::settings(), "/mfa_required", json!(true));
    tenant.put("/api/v1/tenant", &body).await.expect(200);
    let tokens = device.log_in(&tenant).await.data(200);
    let client = tenant.with_token(tokens["access_token"].as_str().unwrap());
    client.get("/api/v1/portfolios").await.expect(200);
    client.delete(&path(&added)).await.problem(409);
    let second = Authenticator::synced().add_to(&client, "Phone").await.data(201);
    client.delete(&path(&added)).await.expect(204);
    client.delete(&path(&second)).await.problem(409);
}

#[tokio::test]
async fn there_are_twenty_passkeys_at_most() {
    let Some(ballast) = start().await else { return };
    let (tenant, ..) = enrolled(&ballast).await;
    let mut devices: Vec<Authenticator> = (0..20).map(|_| Authenticator::default()).collect();
    let late = tenant.request("POST", &format!("{PASSKEYS}/options")).await.data(200);
    for device in &mut devices[1..] {
        device.add_to(&tenant, "One more").await.expect(201);
    }
    tenant.request("POST", &format!("{PASSKEYS}/options")).await.problem(409);
    let credential = devices[0].create(&late);
    let body = json!({"ceremony_id": late["ceremony_id"], "name": "Too many", "credential": credential});
    tenant.post(PASSKEYS, &body).await.problem(409);
    let pending = first_factor(&tenant).await;
    let options = asked(&tenant, &pending).await;
    assert_eq!(options["public_key"]["allowCredentials"].as_array().unwrap().len(), 20);
    answer(&tenant, &pending, &options, devices[7].get(&options)).await.expect(200);
}

#[tokio::test]
async fn who_may_not_get_in_does_not_by_a_passkey() {
    let Some(ballast) = start().await else { return };
    let (tenant, mut device, _) = enrolled(&ballast).await;
    let text = |text: &str| AttributeValue::S(text.to_owned());
    ballast.set(&tenant, "USER", &tenant.user_id(), "status", text("deactivated")).await;
    device.log_in(&tenant).await.problem(401);
    ballast.set(&tenant, "USER", &tenant.user_id(), "status", text("active")).await;
    ballast.set(&tenant, "TENANT", &tenant.id, "status", text("suspended")).await;
    assert_eq!(device.log_in(&tenant).await.problem(403).kind(), "tenant-suspended");
    ballast.set(&tenant, "TENANT", &tenant.id, "status", text("active")).await;
    device.log_in(&tenant).await.expect(200);
}

#[tokio::test]
async fn an_erased_user_leaves_no_passkey() {
    let Some(ballast) = start().await else { return };
    let (tenant, mut device, added) = enrolled(&ballast).await;
    let export = tenant.get("/api/v1/users/me/export").await.data(200);
    assert_eq!(export["passkeys"][0]["credential_id"], added["credential_id"]);
    tenant.delete("/api/v1/users/me").await.expect(204);
    device.log_in(&tenant).await.problem(401);
    assert!(!ballast.has_item(&tenant, "FACTORS", &tenant.user_id()).await);
    assert_eq!(entries(&ballast).await, 0);
}

/// How many passkeys lead to somebody, in all tenants.
async fn entries(ballast: &InProcess) -> usize {
    let environment = ballast.stack().environment();
    let table = &environment.variables("PasskeysFunction")["STATE_TABLE"];
    let query = environment.endpoints.dynamodb_client().query().table_name(table);
    let partition = AttributeValue::S("ACCOUNT#PASSKEY".to_owned());
    let query = query.key_condition_expression("pk = :pk").expression_attribute_values(":pk", partition);
    query.send().await.unwrap().items().len()
}

/// Whoever opens an account for an address that is not theirs keeps no way into it.
#[tokio::test]
async fn a_mailbox_that_is_proven_drops_passkeys_of_before() {
    let Some(ballast) = start().await else { return };
    let (attacker, mut device, _) = enrolled(&ballast).await;
    let visitor = attacker.without_token();
    let asked =
        visitor.post("/api/v1/auth/forgot-password", &json!({"email": attacker.email})).await.data(202);
    let code = ballast.mailed_code(&attacker.email, "new password").await;
    let body = json!({"challenge_id": asked["challenge_id"], "code": code, "new_password": NEXT});
    visitor.post("/api/v1/auth/reset-password", &body).await.expect(204);
    device.log_in(&visitor).await.problem(401);
    attacker.get(PASSKEYS).await.problem(401);
    let login = json!({"email": attacker.email, "password": NEXT});
    let tokens = visitor.post("/api/v1/auth/login", &login).await.data(200);
    let owner = visitor.with_token(tokens["access_token"].as_str().unwrap());
    assert_eq!(owner.get(PASSKEYS).await.data(200), json!([]));
    // Nor does it come back to life with the owner's own factor.
    let mut own = Authenticator::default();
    own.add_to(&owner, "Mine").await.expect(201);
    assert_eq!(owner.get(PASSKEYS).await.data(200).as_array().unwrap().len(), 1);
    assert_eq!(entries(&ballast).await, 1);
    device.log_in(&visitor).await.problem(401);
    own.log_in(&visitor).await.expect(200);
}

#[tokio::test]
async fn an_app_and_a_passkey_stand_in_for_each_other() {
    let Some(ballast) = start().await else { return };
    let (tenant, mut device, added) = enrolled(&ballast).await;
    let offer = tenant.request("POST", "/api/v1/auth/factors/totp").await.data(200);
    let app = crate::factors::App::new(offer["secret"].as_str().unwrap());
    let code = json!({"code": app.code(&ballast)});
    tenant.post("/api/v1/auth/factors/totp/confirm", &code).await.expect(200);
    device.log_in(&tenant).await.expect(200);
    tenant.delete("/api/v1/auth/factors/totp").await.expect(204);
    let factors = tenant.get("/api/v1/auth/factors").await.data(200);
    assert_eq!((&factors["totp_confirmed_at"], &factors["recovery_codes_left"]), (&Value::Null, &json!(10)));
    first_factor(&tenant).await;
    tenant.delete(&path(&added)).await.expect(204);
    password(&tenant).await.expect(200);
}

#[tokio::test]
async fn a_program_adds_no_passkey() {
    let ballast = Ballast::start().await;
    let tenant = ballast.tenant().await;
    let key = json!({"name": "Report", "permissions": ["account:read", "account:write"]});
    let made = tenant.post("/api/v1/api-keys", &key).await;
    let Some(key) = made.json()["data"]["key"].as_str().map(str::to_owned) else {
        // Keys can't even be given these permissions.
        assert_eq!(made.status, 422, "{}", made.body);
        return;
    };
    tenant.with_token(&key).request("POST", &format!("{PASSKEYS}/options")).await.problem(401);
}
