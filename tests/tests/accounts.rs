//! What users do with their own accounts: passwords, addresses, profiles, the end.

use std::future::IntoFuture;

use e2e::{Ballast, Client, InProcess, Options, PASSWORD, requests::with, unique_email};
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};

const NEXT: &str = "three sleepy otters juggle";

async fn login(client: &Client, email: &str, password: &str) -> e2e::Answer {
    let body = json!({"email": email, "password": password});
    client.without_token().post("/api/v1/auth/login", &body).await
}

async fn forgot(client: &Client, email: &str) -> Value {
    let body = json!({"email": email});
    client.without_token().post("/api/v1/auth/forgot-password", &body).await.data(202)
}

fn reset(asked: &Value, code: &str, password: &str) -> Value {
    json!({"challenge_id": asked["challenge_id"], "code": code, "new_password": password})
}

#[tokio::test]
async fn a_changed_password_ends_all_other_sessions() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = ballast.tenant().await;
    let other = login(&tenant, &tenant.email, PASSWORD).await.data(200);
    let other = tenant.with_token(other["access_token"].as_str().unwrap());
    let body = json!({"current_password": PASSWORD, "new_password": NEXT});
    let wrong = with(body.clone(), "/current_password", json!("wrong horse battery"));
    tenant.post("/api/v1/auth/change-password", &wrong).await.problem(401);
    let missing = json!({"new_password": NEXT});
    assert_eq!(
        tenant.post("/api/v1/auth/change-password", &missing).await.problem(422).pointers(),
        ["/current_password"]
    );
    other.get("/api/v1/auth/me").await.expect(200);

    tenant.post("/api/v1/auth/change-password", &body).await.expect(204);
    tenant.get("/api/v1/auth/me").await.expect(200);
    let refresh = json!({"refresh_token": tenant.refresh_token});
    tenant.without_token().post("/api/v1/auth/refresh", &refresh).await.expect(200);
    other.get("/api/v1/auth/me").await.problem(401);
    login(&tenant, &tenant.email, PASSWORD).await.problem(401);
    login(&tenant, &tenant.email, NEXT).await.expect(200);
    ballast.mail(&tenant.email, "password was changed").await;
}

#[tokio::test]
async fn bad_passwords_are_refused_wherever_one_is_set() {
    let tenant = Ballast::start().await.tenant().await;
    let local = tenant.email.split('@').next().unwrap();
    for bad in ["elevenchars", "aaaaaaaaaaaaaaaa", "administrator", "analytical capital", local] {
        let body = json!({"current_password": PASSWORD, "new_password": bad});
        let answer = tenant.post("/api/v1/auth/change-password", &body).await;
        assert!(!answer.body.contains(bad), "a password is never repeated");
        assert_eq!(answer.problem(422).pointers(), ["/new_password"], "{bad}");
    }
    login(&tenant, &tenant.email, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_by_mail_once() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = ballast.tenant().await;
    ballast.verify(&tenant).await;
    let asked = forgot(&tenant, &tenant.email.to_uppercase()).await;
    let code = ballast.mailed_code(&tenant.email, "new password").await;
    let visitor = tenant.without_token();
    let path = "/api/v1/auth/reset-password";
    let weak = reset(&asked, &code, "aaaaaaaaaaaaaaaa");
    assert_eq!(visitor.post(path, &weak).await.problem(422).pointers(), ["/new_password"]);
    let other = forgot(&tenant, &tenant.email).await;
    visitor.post(path, &reset(&other, &code, NEXT)).await.problem(401);
    visitor.post(path, &reset(&asked, &code, NEXT)).await.expect(204);
    visitor.post(path, &reset(&asked, &code, PASSWORD)).await.problem(401);
    tenant.get("/api/v1/auth/me").await.problem(401);
    login(&visitor, &tenant.email, NEXT).await.expect(200);
}

#[tokio::test]
async fn whether_an_address_has_an_account_is_told_to_nobody_who_forgot() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let (tenant, nobody) = (ballast.tenant().await, unique_email());
    let names = |asked: &Value| asked.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let (known, unknown) = (forgot(&tenant, &tenant.email).await, forgot(&tenant, &nobody).await);
    assert_eq!(names(&known), names(&unknown));
    assert_eq!(known["expires_in"], unknown["expires_in"]);
    ballast.mail(&tenant.email, "new password").await;
    assert!(ballast.stack().mails().all().iter().all(|mail| mail.to != nobody));
    for asked in [known, unknown] {
        let answer =
            tenant.without_token().post("/api/v1/auth/reset-password", &reset(&asked, "000000x", NEXT));
        answer.await.problem(401);
    }
}

#[tokio::test]
async fn a_code_takes_five_guesses_and_ten_minutes() {
    let Some(ballast) = InProcess::start(Options::default().manual_clock()).await else { return };
    let tenant = ballast.tenant().await;
    let (visitor, path) = (tenant.without_token(), "/api/v1/auth/reset-password");
    let asked = forgot(&tenant, &tenant.email).await;
    let code = ballast.mailed_code(&tenant.email, "new password").await;
    for _ in 0..5 {
        visitor.post(path, &reset(&asked, "wrong", NEXT)).await.problem(401);
    }
    visitor.post(path, &reset(&asked, &code, NEXT)).await.problem(401);
    ballast.advance(SignedDuration::from_hours(25));
    let asked = forgot(&tenant, &tenant.email).await;
    let sent = || async {
        let mails = ballast.stack().mails().all();
        (mails.iter().filter(|mail| mail.subject.contains("new password")).count() == 2).then_some(())
    };
    e2e::eventually("the second code", sent).await;
    let code = ballast.mailed_code(&tenant.email, "new password").await;
    ballast.advance(SignedDuration::from_mins(10));
    visitor.post(path, &reset(&asked, &code, NEXT)).await.problem(401);
}

#[tokio::test]
async fn a_proven_mailbox_drops_what_was_set_before_the_proof() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    // Somebody registers with an address that is not theirs, and makes a key.
    let squatter = ballast.tenant().await;
    let key = json!({"name": "Back door", "permissions": ["portfolios:read"]});
    let key = squatter.post("/api/v1/api-keys", &key).await.data(201);
    let by_key = |path| squatter.without_token().get(path).header("x-api-key", key["key"].as_str().unwrap());
    by_key("/api/v1/portfolios").await.expect(200);
    // Its owner sets a password by mail.
    let asked = forgot(&squatter, &squatter.email).await;
    let code = ballast.mailed_code(&squatter.email, "new password").await;
    let owner = squatter.without_token();
    owner.post("/api/v1/auth/reset-password", &reset(&asked, &code, NEXT)).await.expect(204);
    squatter.get("/api/v1/auth/me").await.problem(401);
    by_key("/api/v1/portfolios").await.problem(401);
    login(&owner, &squatter.email, PASSWORD).await.problem(401);
    let tokens = login(&owner, &squatter.email, NEXT).await.data(200);
    let me =
        owner.with_token(tokens["access_token"].as_str().unwrap()).get("/api/v1/auth/me").await.data(200);
    assert!(me["user"]["verified_at"].is_string());
}

#[tokio::test]
async fn a_mailbox_is_proven_by_who_is_logged_in_as_its_user() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let (tenant, other) = (ballast.tenant().await, ballast.tenant().await);
    assert!(tenant.get("/api/v1/auth/me").await.data(200)["user"]["verified_at"].is_null());
    let code = ballast.mailed_code(&tenant.email, "Confirm").await;
    let body = json!({"challenge_id": tenant.verification, "code": code});
    other.post("/api/v1/auth/verify-email", &body).await.problem(401);
    ballast.verify(&tenant).await;
    assert!(tenant.get("/api/v1/auth/me").await.data(200)["user"]["verified_at"].is_string());
    tenant.request("POST", "/api/v1/auth/verify-email/code").await.problem(409);
}

#[tokio::test]
async fn another_address_is_proven_before_it_counts() {
    let Some(ballast) = InProcess::start(Options::default().manual_clock()).await else { return };
    let (tenant, other) = (ballast.tenant().await, ballast.tenant().await);
    let next = unique_email();
    let path = "/api/v1/users/change-email";
    let asked = tenant.post(path, &json!({"email": next.to_uppercase()})).await.data(202);
    login(&tenant, &next, PASSWORD).await.problem(401);
    let mails = ballast.stack().mails().all();
    assert!(
        mails
            .iter()
            .all(|mail| !mail.to.eq_ignore_ascii_case(&other.email) || mail.subject.contains("Confirm"))
    );
    let mailbox = format!("{}@example.com", next.split('@').next().unwrap().to_uppercase());
    let code = ballast.mailed_code(&mailbox, "Confirm").await;
    let body = json!({"challenge_id": asked["challenge_id"], "code": code});
    other.post("/api/v1/users/change-email/confirm", &body).await.problem(401);
    tenant.post("/api/v1/users/change-email/confirm", &body).await.expect(204);
    ballast.mail(&tenant.email, "address was changed").await;
    login(&tenant, &tenant.email, PASSWORD).await.problem(401);
    login(&tenant, &next, PASSWORD).await.expect(200);

    let asked = other.post(path, &json!({"email": next})).await.data(202);
    let sent = || async {
        let mails = ballast.stack().mails().all();
        mails.into_iter().find(|mail| mail.to == next).map(|mail| mail.text)
    };
    let text = e2e::eventually("the second code", sent).await;
    let code = text.lines().next().unwrap().split_once(": ").unwrap().1.to_owned();
    let body = json!({"challenge_id": asked["challenge_id"], "code": code});
    other.post("/api/v1/users/change-email/confirm", &body).await.problem(409);

    ballast.advance(SignedDuration::from_mins(11));
    let problem = other.post(path, &json!({"email": unique_email()})).await.problem(401);
    assert_eq!(problem.kind(), "insufficient-user-authentication");
    let body = json!({"password": PASSWORD});
    let fresh = other.post("/api/v1/auth/reauthenticate", &body).await.data(200);
    let fresh = other.with_token(fresh["access_token"].as_str().unwrap());
    fresh.post(path, &json!({"email": unique_email()})).await.expect(202);
}

/// What lies in a mailbox that was given up opens nothing.
#[tokio::test]
async fn a_reset_code_is_good_for_the_address_that_it_went_to() {
    let Some(ballast) = InProcess::start(Options::default().manual_clock()).await else { return };
    let tenant = ballast.tenant().await;
    let forgotten = forgot(&tenant, &tenant.email).await;
    let old = ballast.mailed_code(&tenant.email, "new password").await;
    let next = unique_email();
    let asked = tenant.post("/api/v1/users/change-email", &json!({"email": next})).await.data(202);
    let code = ballast.mailed_code(&next, "Confirm").await;
    let body = json!({"challenge_id": asked["challenge_id"], "code": code});
    tenant.post("/api/v1/users/change-email/confirm", &body).await.expect(204);
    let recorded = tenant.get("/api/v1/audit?action=user.email-changed").await.data(200);
    assert_eq!(recorded[0]["target"]["id"], tenant.user_id());
    let visitor = tenant.without_token();
    visitor.post("/api/v1/auth/reset-password", &reset(&forgotten, &old, NEXT)).await.problem(401);
    login(&visitor, &next, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn who_has_proven_no_address_tries_three_others_a_day() {
    let Some(ballast) = InProcess::start(Options::default().manual_clock()).await else { return };
    let tenant = ballast.tenant().await;
    let change =
        async || tenant.post("/api/v1/users/change-email", &json!({"email": unique_email()})).await.status;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(change().await);
    }
    assert_eq!(statuses, [202, 202, 202, 429]);
    ballast.verify(&tenant).await;
    assert_eq!(change().await, 202);
}

/// A password that the tenant's own rules refuse costs another try, not the code.
#[tokio::test]
async fn a_refused_password_uses_no_code_up() {
    let Some(ballast) = InProcess::start(Options::default().manual_clock()).await else { return };
    let tenant = ballast.tenant().await;
    let rules = json!({"minimum_characters": 30, "composition": false});
    let settings = with(crate::tenant_settings::settings(), "/passwords", rules);
    tenant.put("/api/v1/tenant", &settings).await.expect(200);
    let asked = forgot(&tenant, &tenant.email).await;
    let code = ballast.mailed_code(&tenant.email, "new password").await;
    let visitor = tenant.without_token();
    let set = |code: &str, password: &str| {
        visitor.post("/api/v1/auth/reset-password", &reset(&asked, code, password))
    };
    let problem = set(&code, NEXT).await.problem(422);
    assert!(problem.about("/new_password").contains("30"), "{}", problem.detail());
    set("000000", NEXT).await.problem(401);
    // Of many at once one alone learns that the code is right.
    let at_once = join_all((0..8).map(|_| set(&code, NEXT).into_future())).await;
    assert!(at_once.iter().all(|answer| [401, 422].contains(&answer.status)));
    let long = "three sleepy otters juggle in the rain";
    set(&code, long).await.expect(204);
    set(&code, long).await.problem(401);
    login(&visitor, &tenant.email, long).await.expect(200);
}

#[tokio::test]
async fn a_profile_is_replaced_under_its_version() {
    let tenant = Ballast::start().await.tenant().await;
    let seen = tenant.get("/api/v1/users/profile").await.expect(200);
    let version = seen.header("etag").to_owned();
    let body = json!({"name": "Ada King", "phone": "+442071234567", "locale": "en-GB", "time_zone": "Europe/London"});
    let put = |body: &Value| tenant.put("/api/v1/users/profile", body).header("if-match", &version);
    let written = put(&body).await.data(200);
    assert_eq!((&written["name"], &written["job_title"]), (&json!("Ada King"), &Value::Null));
    put(&body).await.problem(412);
    for field in ["roles", "tenant_id", "id", "email", "verified_at", "status"] {
        let body = with(body.clone(), &format!("/{field}"), json!("admin"));
        assert_eq!(
            tenant.put("/api/v1/users/profile", &body).await.problem(422).pointers(),
            [format!("/{field}")]
        );
    }
    assert_eq!(tenant.get("/api/v1/users/me").await.data(200)["user"]["name"], "Ada King");
}

#[tokio::test]
async fn users_export_their_data() {
    let tenant = Ballast::start().await.tenant().await;
    let key = json!({"name": "Report", "permissions": ["portfolios:read"]});
    let key = tenant.post("/api/v1/api-keys", &key).await.data(201);
    let export = tenant.get("/api/v1/users/me/export").await.expect(200);
    assert!(!export.body.contains(key["key"].as_str().unwrap()) && !export.body.contains("argon2"));
    let export = export.data(200);
    assert_eq!(export["user"]["email"], tenant.email);
    assert_eq!(export["api_keys"][0]["id"], key["id"]);
    assert_eq!(export["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(export["totp_confirmed_at"], Value::Null);
    let done: Vec<_> = export["events"].as_array().unwrap().iter().map(|event| &event["action"]).collect();
    assert_eq!(done, ["user.exported", "api-key.created", "tenant.registered"]);
}

#[tokio::test]
async fn a_tenants_last_user_closes_it() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = ballast.proven_tenant().await;
    let invited = json!({"email": unique_email(), "name": "Grace Hopper", "roles": ["user"]});
    let invited = tenant.post("/api/v1/users/invite", &invited).await.data(201);
    let problem = tenant.delete("/api/v1/users/me").await.problem(409);
    assert!(problem.detail().contains("only admin"), "somebody else is there");
    let path = format!("/api/v1/users/{}", invited["id"].as_str().unwrap());
    tenant.delete(&path).await.expect(204);
    tenant.delete("/api/v1/users/me").await.expect(204);
    tenant.get("/api/v1/auth/me").await.problem(401);
    login(&tenant, &tenant.email, PASSWORD).await.problem(401);
    for (kind, id) in
        [("USER", tenant.user_id()), ("SESSION", format!("{}#{}", tenant.user_id(), tenant.session_id()))]
    {
        assert!(!ballast.has_item(&tenant, kind, &id).await, "{kind}");
    }
    let closed = format!("{:?}", ballast.item(&tenant, "TENANT", &tenant.id).await);
    assert!(closed.contains("suspended"), "{closed}");
    // The address is free again.
    let again = e2e::registration(&tenant.email);
    tenant.without_token().post("/api/v1/auth/register", &again).await.expect(201);
}

#[tokio::test]
async fn a_mail_that_was_never_announced_is_sent_by_maintenance() {
    let lost = Options::default().variable("MAIL_QUEUE_URL", "http://127.0.0.1:1/000000000000/nowhere");
    let Some(ballast) = InProcess::start(lost).await else { return };
    let tenant = ballast.tenant().await;
    assert!(ballast.stack().mails().all().is_empty());
    ballast.maintain_after(SignedDuration::from_mins(2)).await;
    ballast.mail(&tenant.email, "Confirm").await;
}

#[tokio::test]
async fn a_code_answered_many_times_at_once_is_good_once() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = ballast.tenant().await;
    let asked = forgot(&tenant, &tenant.email).await;
    let code = ballast.mailed_code(&tenant.email, "new password").await;
    let visitor = tenant.without_token();
    let body = reset(&asked, &code, NEXT);
    let answers = (0..8).map(|_| visitor.post("/api/v1/auth/reset-password", &body).into_future());
    let statuses: Vec<_> = join_all(answers).await.iter().map(|answer| answer.status).collect();
    let right = statuses.iter().filter(|status| **status == 204).count();
    assert_eq!(right, 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [204, 401].contains(status)), "{statuses:?}");
    login(&visitor, &tenant.email, NEXT).await.expect(200);
}

#[tokio::test]
async fn what_happens_to_an_account_is_recorded() {
    let Some(ballast) = InProcess::start(Options::default().manual_clock()).await else { return };
    let tenant = ballast.tenant().await;
    let stranger = ballast.visitor_from([127, 0, 0, 2]);
    for _ in 0..5 {
        for address in 10..15 {
            login(&ballast.visitor_from([127, 0, 0, address]), &tenant.email, "wrong horse")
                .await
                .problem(401);
        }
    }
    let asked = forgot(&stranger, &tenant.email).await;
    let code = ballast.mailed_code(&tenant.email, "new password").await;
    stranger.post("/api/v1/auth/reset-password", &reset(&asked, &code, NEXT)).await.expect(204);
    let tokens = login(&stranger, &tenant.email, NEXT).await.data(200);
    let client = tenant.with_token(tokens["access_token"].as_str().unwrap());
    for action in ["user.locked", "user.unlocked", "password.changed", "session.opened"] {
        let events = client.get(&format!("/api/v1/audit?action={action}")).await.data(200);
        assert!(!events.as_array().unwrap().is_empty(), "{action}");
    }
    let locked = client.get("/api/v1/audit?action=user.locked").await.data(200);
    assert_eq!(locked[0]["target"]["id"], tenant.user_id());
}
