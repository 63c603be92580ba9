//! The people of a tenant: invited, changed, deactivated, erased by their admins.

use e2e::{Client, InProcess, Options, Tenant, unique_email};
use futures::future::join;
use jiff::SignedDuration;
use serde_json::{Value, json};

const NEXT: &str = "three sleepy otters juggle";

/// A colleague who has taken up an invitation.
struct Colleague {
    client: Client,
    id: String,
    email: String,
}

async fn invite(tenant: &Tenant, email: &str, roles: &[&str]) -> e2e::Answer {
    let body = json!({"email": email, "name": "Grace Hopper", "roles": roles, "team": "Rates"});
    tenant.post("/api/v1/users/invite", &body).await
}

async fn join_tenant(ballast: &InProcess, tenant: &Tenant, roles: &[&str]) -> Colleague {
    let email = unique_email();
    let invited = invite(tenant, &email, roles).await.data(201);
    let invitation = ballast.mailed_code(&email, "invited").await;
    let body = json!({"invitation": invitation, "password": NEXT});
    let tokens = tenant.without_token().post("/api/v1/users/accept", &body).await.data(200);
    let client = tenant.with_token(tokens["access_token"].as_str().unwrap());
    Colleague { client, id: invited["id"].as_str().unwrap().to_owned(), email }
}

async fn start() -> Option<InProcess> {
    InProcess::start(Options::default().manual_clock()).await
}

async fn login(client: &Client, email: &str) -> e2e::Answer {
    let body = json!({"email": email, "password": NEXT});
    client.without_token().post("/api/v1/auth/login", &body).await
}

#[tokio::test]
async fn an_invitation_makes_a_colleague_once() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.proven_tenant().await;
    let email = unique_email();
    let invited = invite(&tenant, &email, &["trader"]).await.expect(201);
    assert!(invited.header("location").ends_with(invited.json()["data"]["id"].as_str().unwrap()));
    assert_eq!(invited.data(201)["status"], "invited");
    login(&tenant, &email).await.problem(401);
    invite(&tenant, &email, &["viewer"]).await.problem(409);
    let invitation = ballast.mailed_code(&email, "invited").await;
    let accept = |invitation: &str, password: &str| {
        let body = json!({"invitation": invitation, "password": password});
        tenant.without_token().post("/api/v1/users/accept", &body)
    };
    let weak = accept("x", "aaaaaaaaaaaaaaaa").await.problem(422);
    assert_eq!(weak.pointers(), ["/password", "/invitation"]);
    accept(&format!("{invitation}x"), NEXT).await.problem(401);
    let tokens = accept(&invitation, NEXT).await.data(200);
    accept(&invitation, NEXT).await.problem(401);
    let me =
        tenant.with_token(tokens["access_token"].as_str().unwrap()).get("/api/v1/users/me").await.data(200);
    assert_eq!((&me["tenant"]["id"], &me["roles"]), (&json!(tenant.id), &json!(["trader"])));
    assert!(me["user"]["verified_at"].is_string());
    login(&tenant, &email).await.expect(200);
}

#[tokio::test]
async fn a_changed_role_counts_from_the_next_request_on() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.proven_tenant().await;
    let colleague = join_tenant(&ballast, &tenant, &["user"]).await;
    let portfolio = e2e::requests::stored_portfolio("Mine");
    colleague.client.post("/api/v1/portfolios", &portfolio).await.expect(201);
    let path = format!("/api/v1/users/{}/roles", colleague.id);
    let user = tenant.put(&path, &json!({"roles": ["viewer"]})).await.expect(200);
    assert_eq!(user.json()["data"]["team"], Value::Null);
    colleague.client.post("/api/v1/portfolios", &portfolio).await.problem(403);
    let stale = tenant.put(&path, &json!({"roles": ["user"]})).header("if-match", "\"v1\"");
    stale.await.problem(412);
}

#[tokio::test]
async fn nobody_promotes_themselves_or_reaches_above_themselves() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.proven_tenant().await;
    let manager = join_tenant(&ballast, &tenant, &["manager"]).await;
    let own = format!("/api/v1/users/{}/roles", tenant.user_id());
    tenant.put(&own, &json!({"roles": ["admin", "super_admin"]})).await.problem(403);
    let theirs = format!("/api/v1/users/{}/roles", manager.id);
    tenant.put(&theirs, &json!({"roles": ["super_admin"]})).await.problem(403);
    manager.client.put(&theirs, &json!({"roles": ["admin"]})).await.problem(403);
    invite(&tenant, &unique_email(), &["super_admin"]).await.problem(403);
    for body in
        [json!({"roles": []}), json!({"roles": ["viewer"], "is_admin": true}), json!({"roles": ["root"]})]
    {
        tenant.put(&theirs, &body).await.problem(422);
    }
    ballast.set_roles(&tenant, &["super_admin"]).await;
    let admin = join_tenant(&ballast, &tenant, &["admin"]).await;
    for (method, path) in [
        ("POST", format!("/api/v1/users/{}/deactivate", tenant.user_id())),
        ("DELETE", format!("/api/v1/users/{}", tenant.user_id())),
    ] {
        admin.client.request(method, &path).await.problem(403);
    }
}

#[tokio::test]
async fn a_deactivated_user_is_out_at_once() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.proven_tenant().await;
    let colleague = join_tenant(&ballast, &tenant, &["user"]).await;
    let key = json!({"name": "Report", "permissions": ["portfolios:read"]});
    let key = colleague.client.post("/api/v1/api-keys", &key).await.data(201);
    let by_key = || {
        let request = tenant.without_token().get("/api/v1/portfolios");
        request.header("x-api-key", key["key"].as_str().unwrap())
    };
    by_key().await.expect(200);
    let path = format!("/api/v1/users/{}", colleague.id);
    let changed = tenant.request("POST", &format!("{path}/deactivate")).await.data(200);
    assert_eq!(changed["status"], "deactivated");
    colleague.client.get("/api/v1/auth/me").await.problem(401);
    by_key().await.problem(401);
    login(&tenant, &colleague.email).await.problem(401);
    tenant.request("POST", &format!("{path}/reactivate")).await.expect(200);
    tenant.request("POST", &format!("{path}/reactivate")).await.problem(409);
    colleague.client.get("/api/v1/auth/me").await.problem(401);
    // A key that a thief has made must not come back with its user.
    by_key().await.problem(401);
    login(&tenant, &colleague.email).await.expect(200);
}

#[tokio::test]
async fn two_admins_never_take_each_other_away() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.proven_tenant().await;
    let admin = join_tenant(&ballast, &tenant, &["admin"]).await;
    let (mine, theirs) = (
        format!("/api/v1/users/{}/deactivate", tenant.user_id()),
        format!("/api/v1/users/{}/deactivate", admin.id),
    );
    let (one, other) = join(async { tenant.request("POST", &theirs).await }, async {
        admin.client.request("POST", &mine).await
    })
    .await;
    let done = [one.status, other.status].iter().filter(|status| **status == 200).count();
    assert!(done <= 1, "{} {}", one.status, other.status);
    let left = [tenant.get("/api/v1/auth/me").await.status, admin.client.get("/api/v1/auth/me").await.status];
    assert!(left.contains(&200));
}

#[tokio::test]
async fn users_are_listed_by_page_and_filter() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.proven_tenant().await;
    let mut emails = vec![tenant.email.clone()];
    for _ in 0..3 {
        let email = unique_email();
        invite(&tenant, &email, &["user"]).await.expect(201);
        emails.push(email);
    }
    let mut seen = Vec::new();
    let mut path = "/api/v1/users/list?limit=3".to_owned();
    loop {
        let page = tenant.get(&path).await.expect(200).json();
        seen.extend(
            page["data"].as_array().unwrap().iter().map(|user| user["email"].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/users/list?limit=3&cursor={cursor}");
        tenant.get(&format!("/api/v1/users/list?status=active&cursor={cursor}")).await.problem(400);
    }
    seen.sort_unstable();
    emails.sort_unstable();
    assert_eq!(seen, emails);
    let count = async |query: &str| {
        let page = tenant.get(&format!("/api/v1/users/list?{query}")).await.expect(200).json();
        page["data"].as_array().unwrap().len()
    };
    assert_eq!(count("status=active").await, 1);
    assert_eq!(count("status=invited&team=Rates").await, 3);
    assert_eq!(count(&format!("email={}", emails[0])).await, 1);
    for wrong in ["status=gone", "email=nobody", "limit=0", "role=admin"] {
        tenant.get(&format!("/api/v1/users/list?{wrong}")).await.problem(400);
    }
}

#[tokio::test]
async fn an_erased_user_leaves_nothing_of_itself() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.proven_tenant().await;
    let colleague = join_tenant(&ballast, &tenant, &["user"]).await;
    let portfolio = e2e::requests::stored_portfolio("Theirs");
    let portfolio = colleague.client.post("/api/v1/portfolios", &portfolio).await.data(201);
    colleague.client.delete("/api/v1/users/me").await.expect(204);
    colleague.client.get("/api/v1/auth/me").await.problem(401);
    login(&tenant, &colleague.email).await.problem(401);
    tenant.get(&format!("/api/v1/users/{}", colleague.id)).await.problem(404);
    tenant.get(&format!("/api/v1/portfolios/{}", portfolio["id"].as_str().unwrap())).await.expect(200);
    let log = tenant.get("/api/v1/audit?limit=200").await.expect(200);
    assert!(!log.body.contains(&colleague.email));
    assert!(log.body.contains("user.erased"));
    // The address is free again.
    invite(&tenant, &colleague.email, &["viewer"]).await.expect(201);

    let other = join_tenant(&ballast, &tenant, &["user"]).await;
    let path = format!("/api/v1/users/{}", other.id);
    other.client.delete(&path).await.problem(403);
    tenant.delete(&path).await.expect(204);
    tenant.delete(&path).await.problem(404);
    other.client.get("/api/v1/auth/me").await.problem(401);
}

/// An invitation claims nothing: who has the address stays free to use it elsewhere, and others to invite it.
#[tokio::test]
async fn an_invitation_squats_no_address() {
    let Some(ballast) = start().await else { return };
    let (tenant, other) = (ballast.proven_tenant().await, ballast.proven_tenant().await);
    let email = unique_email();
    let invited = invite(&tenant, &email, &["viewer"]).await.data(201);
    let first = ballast.mailed_code(&email, "invited").await;
    invite(&other, &email, &["viewer"]).await.expect(201);
    let own =
        tenant.without_token().post("/api/v1/auth/register", &e2e::registration(&email)).await.data(201);
    let proof = json!({
        "challenge_id": own["verification"]["challenge_id"],
        "code": ballast.mailed_code(&email, "Confirm").await
    });
    let owner = tenant.with_token(own["access_token"].as_str().unwrap());
    owner.post("/api/v1/auth/verify-email", &proof).await.expect(204);
    let body = json!({"invitation": first, "password": NEXT});
    tenant.without_token().post("/api/v1/users/accept", &body).await.problem(409);
    // Whoever had only invited the address takes nothing from its owner by erasing.
    let path = format!("/api/v1/users/{}", invited["id"].as_str().unwrap());
    tenant.delete(&path).await.expect(204);
    let login = json!({"email": email, "password": e2e::PASSWORD});
    tenant.without_token().post("/api/v1/auth/login", &login).await.expect(200);
    owner.get("/api/v1/auth/me").await.expect(200);
    // The inviter learns nothing of accounts elsewhere.
    invite(&tenant, &email, &["viewer"]).await.expect(201);
}

/// Nor does a registration that nobody proved: who reads the mailbox gets in, and whoever was first is out.
#[tokio::test]
async fn an_unproven_registration_squats_no_address() {
    let Some(ballast) = start().await else { return };
    let (tenant, squatter) = (ballast.proven_tenant().await, ballast.tenant().await);
    let key = json!({"name": "Report", "permissions": ["portfolios:read"]});
    let key = squatter.post("/api/v1/api-keys", &key).await.data(201);
    let away = squatter.post("/api/v1/users/change-email", &json!({"email": unique_email()})).await.data(202);
    invite(&tenant, &squatter.email, &["trader"]).await.expect(201);
    let invitation = ballast.mailed_code(&squatter.email, "invited").await;
    let body = json!({"invitation": invitation, "password": NEXT});
    let visitor = tenant.without_token();
    let tokens = visitor.post("/api/v1/users/accept", &body).await.data(200);
    let owner = tenant.with_token(tokens["access_token"].as_str().unwrap());
    assert_eq!(owner.get("/api/v1/users/me").await.data(200)["tenant"]["id"], tenant.id);
    login(&tenant, &squatter.email).await.expect(200);

    squatter.get("/api/v1/auth/me").await.problem(401);
    visitor.get("/api/v1/portfolios").header("x-api-key", key["key"].as_str().unwrap()).await.problem(401);
    let refresh = json!({"refresh_token": squatter.refresh_token});
    visitor.post("/api/v1/auth/refresh", &refresh).await.problem(401);
    let confirm = json!({"challenge_id": away["challenge_id"], "code": "000000"});
    squatter.post("/api/v1/users/change-email/confirm", &confirm).await.problem(401);
    let first = json!({"email": squatter.email, "password": e2e::PASSWORD});
    visitor.post("/api/v1/auth/login", &first).await.problem(401);
    let records = ballast.items(&squatter.id, "AUDIT").await;
    let record = records.last().unwrap()["data"].as_m().unwrap()["canonical"].as_s().unwrap();
    assert!(record.contains("\"user.deactivated\",\"actor\":\"system\""), "{record}");
}

#[tokio::test]
async fn a_refused_password_uses_no_invitation_up_and_tokens_are_not_kept() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.proven_tenant().await;
    let rules = json!({"minimum_characters": 30, "composition": false});
    let rules = e2e::requests::with(crate::tenant_settings::settings(), "/passwords", rules);
    tenant.put("/api/v1/tenant", &rules).await.expect(200);
    let email = unique_email();
    invite(&tenant, &email, &["viewer"]).await.expect(201);
    let invitation = ballast.mailed_code(&email, "invited").await;
    // A client that happens to be logged in, and repeats what it sends.
    let accept = |password: &str| {
        let body = json!({"invitation": invitation, "password": password});
        tenant.post("/api/v1/users/accept", &body).header("idempotency-key", "\"once\"")
    };
    assert_eq!(accept(NEXT).await.problem(422).pointers(), ["/password"]);
    let long = "three sleepy otters juggle in the rain";
    let tokens = accept(long).await.data(200);
    accept(long).await.problem(401);
    let kept = format!("{:?}", ballast.items(&tenant.id, "IDEMPOTENCY").await);
    assert!(!kept.contains(tokens["refresh_token"].as_str().unwrap()));
}

#[tokio::test]
async fn an_invitation_is_sent_again_while_nobody_took_it_up() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.proven_tenant().await;
    let email = unique_email();
    let invited = invite(&tenant, &email, &["viewer"]).await.data(201);
    let path = format!("/api/v1/users/{}/invitation", invited["id"].as_str().unwrap());
    let first = ballast.mailed_code(&email, "invited").await;
    ballast.advance(SignedDuration::from_hours(24 * 8));
    let accept = async |invitation: &str| {
        let body = json!({"invitation": invitation, "password": NEXT});
        tenant.without_token().post("/api/v1/users/accept", &body).await
    };
    accept(&first).await.problem(401);
    let tenant_again = json!({"email": tenant.email, "password": e2e::PASSWORD});
    let tokens = tenant.without_token().post("/api/v1/auth/login", &tenant_again).await.data(200);
    let admin = tenant.with_token(tokens["access_token"].as_str().unwrap());
    admin.request("POST", &path).await.expect(204);
    let sent = || async { (ballast.mails(&email, "invited") == 2).then_some(()) };
    e2e::eventually("the second invitation", sent).await;
    accept(&ballast.mailed_code(&email, "invited").await).await.expect(200);
    admin.request("POST", &path).await.problem(409);
}

/// We mail strangers only for who has shown a mailbox, not often, and in our own words.
#[tokio::test]
async fn nobody_makes_a_mail_relay_of_us() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.tenant().await;
    let email = unique_email();
    let problem = invite(&tenant, &email, &["viewer"]).await.problem(409);
    assert!(problem.detail().contains("own e-mail address"), "{}", problem.detail());
    ballast.verify(&tenant).await;
    let name = "Win a prize now";
    tenant.put("/api/v1/users/profile", &json!({"name": name})).await.expect(200);
    let invited = invite(&tenant, &email, &["viewer"]).await.data(201);
    assert!(!ballast.mail(&email, "invited").await.subject.contains(name));
    // An address gets six, however they are asked for.
    let path = format!("/api/v1/users/{}/invitation", invited["id"].as_str().unwrap());
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(tenant.request("POST", &path).await.status);
    }
    assert_eq!(statuses, [204, 204, 204, 204, 204, 429]);
    // And all addresses together a hundred at once.
    let mut sent = 0;
    for _ in 0..110 {
        match invite(&tenant, &unique_email(), &["viewer"]).await.status {
            201 => sent += 1,
            429 => break,
            other => panic!("{other}"),
        }
    }
    assert!((90..=100).contains(&sent), "{sent}");
    let body = json!({"email": unique_email()});
    tenant.post("/api/v1/users/change-email", &body).await.problem(429);
    // Who is refused is not invited.
    let refused = unique_email();
    invite(&tenant, &refused, &["viewer"]).await.problem(429);
    let found = tenant.get(&format!("/api/v1/users/list?email={refused}")).await.json();
    assert_eq!(found["data"], json!([]));
}

#[tokio::test]
async fn who_changes_colleagues_has_just_logged_in() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.proven_tenant().await;
    let colleague = join_tenant(&ballast, &tenant, &["user"]).await;
    let user = format!("/api/v1/users/{}", colleague.id);
    ballast.advance(SignedDuration::from_mins(11));
    let roles = json!({"roles": ["admin"]});
    let invitation = json!({"email": unique_email(), "name": "Mallory", "roles": ["admin"]});
    for request in [
        tenant.post("/api/v1/users/invite", &invitation),
        tenant.request("POST", &format!("{user}/invitation")),
        tenant.put(&format!("{user}/roles"), &roles),
        tenant.request("POST", &format!("{user}/deactivate")),
        tenant.request("POST", &format!("{user}/reactivate")),
        tenant.delete(&user),
    ] {
        assert_eq!(request.await.problem(401).kind(), "insufficient-user-authentication");
    }
    let body = json!({"password": e2e::PASSWORD});
    let fresh = tenant.post("/api/v1/auth/reauthenticate", &body).await.data(200);
    let fresh = tenant.with_token(fresh["access_token"].as_str().unwrap());
    fresh.put(&format!("{user}/roles"), &roles).await.expect(200);
}
