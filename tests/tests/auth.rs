//! Registering and logging in.

use e2e::{Ballast, PASSWORD, registration, requests::with, unique_email};
use serde_json::json;

#[tokio::test]
async fn a_registration_makes_a_tenant_and_its_admin_who_is_logged_in() {
    let ballast = Ballast::start().await;
    let email = unique_email();
    let answer = ballast.visitor().post("/api/v1/auth/register", &registration(&email)).await.expect(201);
    assert_eq!(answer.header("location"), "/api/v1/auth/me");
    let registered = answer.data(201);
    assert_eq!(registered["user"]["email"], email);
    assert_eq!(registered["user"]["roles"], json!(["admin"]));
    assert_eq!(registered["tenant"]["name"], "Analytical Capital");
    assert_eq!((&registered["token_type"], &registered["expires_in"]), (&json!("Bearer"), &json!(900)));

    let client = ballast.visitor().with_token(registered["access_token"].as_str().unwrap());
    let me = client.get("/api/v1/auth/me").await.data(200);
    assert_eq!((&me["user"], &me["tenant"]), (&registered["user"], &registered["tenant"]));
    assert_eq!(me["roles"], json!(["admin"]));
    assert!(me["permissions"].as_array().unwrap().contains(&json!("tasks:write")));
}

#[tokio::test]
async fn a_login_takes_the_address_as_email_or_as_username() {
    let ballast = Ballast::start().await;
    let tenant = ballast.tenant().await;
    for field in ["email", "username"] {
        let login = json!({field: tenant.email.to_uppercase(), "password": PASSWORD});
        let tokens = ballast.visitor().post("/api/v1/auth/login", &login).await.data(200);
        let client = ballast.visitor().with_token(tokens["access_token"].as_str().unwrap());
        let me = client.get("/api/v1/auth/me").await.data(200);
        assert_eq!(me["user"]["email"], tenant.email, "by {field}");
    }
    let both = json!({"email": tenant.email, "username": tenant.email, "password": PASSWORD});
    let problem = ballast.visitor().post("/api/v1/auth/login", &both).await.problem(422);
    assert_eq!(problem.pointers(), ["/email"]);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let ballast = Ballast::start().await;
    let tenant = ballast.tenant().await;
    let mut details = Vec::new();
    for (email, password) in [(tenant.email.clone(), "correct horse battery!"), (unique_email(), PASSWORD)] {
        let login = json!({"email": email, "password": password});
        let answer = ballast.visitor().post("/api/v1/auth/login", &login).await.expect(401);
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        details.push(answer.problem(401).detail().to_owned());
    }
    assert_eq!(details[0], details[1]);
}

#[tokio::test]
async fn an_address_has_one_account() {
    let ballast = Ballast::start().await;
    let tenant = ballast.tenant().await;
    let again = registration(&tenant.email.to_uppercase());
    ballast.visitor().post("/api/v1/auth/register", &again).await.problem(409);

    let email = unique_email();
    let requests = (0..4)
        .map(|_| async { ballast.visitor().post("/api/v1/auth/register", &registration(&email)).await });
    let mut statuses: Vec<_> =
        futures::future::join_all(requests).await.into_iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409], "at the same time");
}

#[tokio::test]
async fn what_is_wrong_with_a_registration_is_named_and_makes_no_account() {
    let ballast = Ballast::start().await;
    let good = registration(&unique_email());
    let cases = [
        ("/password", json!("elevenchars")),
        ("/password", json!("x".repeat(129))),
        ("/email", json!("nobody")),
        ("/name", json!(" ")),
        ("/tenant_name", json!("")),
        ("/tenant_name", json!("x".repeat(201))),
        ("/role", json!("admin")),
    ];
    for (pointer, value) in cases {
        let body = with(good.clone(), pointer, value);
        let answer = ballast.visitor().post("/api/v1/auth/register", &body).await;
        assert!(!answer.body.contains("elevenchars"), "a password is never repeated");
        assert_eq!(answer.problem(422).pointers(), [pointer], "{body}");
    }
    let login = json!({"email": good["email"], "password": PASSWORD});
    ballast.visitor().post("/api/v1/auth/login", &login).await.problem(401);
}
