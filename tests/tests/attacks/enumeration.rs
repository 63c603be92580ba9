//! Finding out who has an account, by what we answer. By the time that it takes, `logins` measures.

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::{Answer, Ballast, Client, InProcess, Options, unique_email};
use serde_json::{Value, json};

const WRONG: &str = "wrong horse battery staple";

async fn post(client: &Client, path: &str, body: Value) -> Answer {
    client.without_token().post(path, &body).await
}

/// All of an answer that a client can compare: no times, no ids.
fn visible(answer: &Answer) -> (u16, Vec<String>, Value) {
    let mut names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
    names.sort();
    let mut body = answer.json();
    for name in ["request_id", "instance"] {
        if let Some(object) = body.as_object_mut() {
            object.remove(name);
        }
    }
    if let Some(data) = body["data"].as_object_mut() {
        data.remove("challenge_id");
        data.remove("expires_in");
    }
    (answer.status, names, body)
}

#[tokio::test]
async fn a_login_tells_nothing_about_the_account() {
    let Some(ballast) = InProcess::start(Options::default().manual_clock()).await else { return };
    let (known, disabled) = (ballast.tenant().await, ballast.tenant().await);
    let text = AttributeValue::S("deactivated".to_owned());
    ballast.set(&disabled, "USER", &disabled.user_id(), "status", text).await;
    let login = async |email: &str, password: &str| {
        visible(&post(&known, "/api/v1/auth/login", json!({"email": email, "password": password})).await)
    };
    let unknown = login(&unique_email(), WRONG).await;
    assert_eq!(unknown.0, 401);
    assert_eq!(login(&known.email, WRONG).await, unknown, "a wrong password");
    assert_eq!(login("no address", WRONG).await, unknown, "no address at all");
    assert_eq!(login(&disabled.email, WRONG).await, unknown, "a disabled account");
    assert_eq!(login(&disabled.email, e2e::PASSWORD).await, unknown, "a disabled account and its password");
    // Until it is locked, and then with the right password too.
    let mut last = unknown.clone();
    for _ in 0..12 {
        last = login(&known.email, WRONG).await;
        assert_eq!(last, unknown);
    }
    assert_eq!(login(&known.email, e2e::PASSWORD).await, last, "a locked account");
}

#[tokio::test]
async fn a_forgotten_password_tells_nothing_about_the_account() {
    let ballast = Ballast::start().await;
    let known = ballast.tenant().await;
    let forgot = async |email: &str| {
        visible(&post(&known, "/api/v1/auth/forgot-password", json!({"email": email})).await)
    };
    let unknown = forgot(&unique_email()).await;
    assert_eq!(unknown.0, 202);
    assert_eq!(forgot(&known.email).await, unknown);
}

#[tokio::test]
async fn a_login_by_mail_tells_nothing_about_the_account() {
    let ballast = Ballast::start().await;
    let known = ballast.tenant().await;
    let ask = async |email: &str| visible(&post(&known, "/api/v1/auth/login", json!({"email": email})).await);
    let unknown = ask(&unique_email()).await;
    assert_eq!(unknown.0, 202);
    assert_eq!(ask(&known.email).await, unknown, "an account that may not log in by mail");
}

#[tokio::test]
async fn a_challenge_that_never_was_is_like_one_that_is_over() {
    let ballast = Ballast::start().await;
    let known = ballast.tenant().await;
    let asked = post(&known, "/api/v1/auth/forgot-password", json!({"email": known.email})).await.data(202);
    let verify = async |id: &Value, code: &str| {
        let body = json!({"challenge_id": id, "code": code, "new_password": "another horse battery staple"});
        visible(&post(&known, "/api/v1/auth/reset-password", body).await)
    };
    let never = verify(&json!("chl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN"), "000000").await;
    assert_eq!(never.0, 401);
    for _ in 0..8 {
        assert_eq!(verify(&asked["challenge_id"], "000000").await, never);
    }
}

#[tokio::test]
async fn credentials_that_are_no_good_all_look_the_same() {
    let ballast = Ballast::start().await;
    let tenant = ballast.tenant().await;
    let key = |text: &str| tenant.with_token(text).get("/api/v1/portfolios");
    let ids = format!("{}01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN", &tenant.id[4..]);
    let nonsense = visible(&key("blst_dev_x_y").await);
    assert_eq!(nonsense.0, 401);
    for text in [format!("blst_dev_{ids}_{}", "0".repeat(58)), format!("blst_prod_{ids}_{}", "0".repeat(58))]
    {
        assert_eq!(visible(&key(&text).await), nonsense, "{text}");
    }
}
