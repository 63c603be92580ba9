//! Documents that are meant to break a parser.

use e2e::{Ballast, Tenant, registration, requests::with};
use serde_json::json;

async fn refused(tenant: &Tenant, what: &str, body: impl Into<Vec<u8>>) {
    let body = body.into();
    for path in ["/api/v1/portfolios", e2e::MONTE_CARLO, "/api/v1/auth/register", "/api/v1/auth/login"] {
        let answer = tenant.request("POST", path).body("application/json", body.clone()).await;
        assert!([400, 422].contains(&answer.status), "{what} at {path}: {} {}", answer.status, answer.body);
    }
}

#[tokio::test]
async fn ten_thousand_levels_deep() {
    let tenant = Ballast::start().await.tenant().await;
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let inner = if open == "[" { "" } else { "1" };
        let deep = format!("{}{inner}{}", open.repeat(10_000), close.repeat(10_000));
        refused(&tenant, "ten thousand levels", deep.clone()).await;
        refused(&tenant, "in a field", format!("{{\"name\":{deep}}}")).await;
        refused(&tenant, "never closed", open.repeat(100_000)).await;
    }
}

#[tokio::test]
async fn a_key_that_stands_there_twice() {
    let tenant = Ballast::start().await.tenant().await;
    let body = r#"{"name": "One", "name": "Two", "base_currency": "USD", "holdings": []}"#;
    tenant.request("POST", "/api/v1/portfolios").body("application/json", body).await.problem(422);
    let login = format!(r#"{{"email": "{}", "email": "x@example.com", "password": "x"}}"#, tenant.email);
    tenant.request("POST", "/api/v1/auth/login").body("application/json", login).await.problem(422);
    assert_eq!(tenant.get("/api/v1/portfolios").await.data(200), json!([]));
}

#[tokio::test]
async fn texts_that_are_no_texts() {
    let tenant = Ballast::start().await.tenant().await;
    let named =
        |name: &[u8]| [br#"{"name": ""#, name, br#"", "base_currency": "USD", "holdings": []}"#].concat();
    for (what, name) in [
        ("a lone high surrogate", br"\ud800".as_slice()),
        ("a lone low surrogate", br"\udc00"),
        ("surrogates in the wrong order", br"\udc00\ud800"),
        ("a null character", br"\u0000"),
        ("a bare control character", b"\x01"),
        ("no UTF-8", b"\xff\xfe"),
        ("an overlong form", b"\xc0\xaf"),
        ("a surrogate as UTF-8", b"\xed\xa0\x80"),
        ("an unknown escape", br"\x41"),
        ("half an escape", br"\u00"),
    ] {
        let answer = tenant.request("POST", "/api/v1/portfolios").body("application/json", named(name)).await;
        // API Gateway replaces what is no UTF-8, and the body is then longer than it was said to be: 413.
        assert!([400, 413, 422].contains(&answer.status), "{what}: {} {}", answer.status, answer.body);
    }
    assert_eq!(tenant.get("/api/v1/portfolios").await.data(200), json!([]));
}

#[tokio::test]
async fn numbers_out_of_all_range() {
    let tenant = Ballast::start().await.tenant().await;
    for number in
        ["1e400", "-1e400", "NaN", "Infinity", "-Infinity", "1e-400x", "0x10", "01", "+1", ".5", "1."]
    {
        refused(&tenant, number, format!("{{\"num_simulations\": {number}}}")).await;
    }
    for number in ["18446744073709551616", "-1", "1e30", "1.5", "\"10\""] {
        let body =
            format!(r#"{{"portfolio_id": "pfl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN", "num_simulations": {number}}}"#);
        tenant.request("POST", e2e::MONTE_CARLO).body("application/json", body).await.problem(422);
    }
}

#[tokio::test]
async fn wrappers_and_trailers() {
    let tenant = Ballast::start().await.tenant().await;
    for (what, body) in [
        ("a byte order mark", "\u{feff}{}".to_owned()),
        ("a second document", "{}{}".to_owned()),
        ("a comment", "{/**/}".to_owned()),
        ("a trailing comma", "{\"name\": 1,}".to_owned()),
        ("single quotes", "{'name': 'x'}".to_owned()),
        ("a prototype", r#"{"__proto__": {"roles": ["admin"]}}"#.to_owned()),
        ("an operator", r#"{"email": {"$ne": null}, "password": {"$ne": null}}"#.to_owned()),
        ("UTF-16", "{\0}\0".to_owned()),
    ] {
        refused(&tenant, what, body).await;
    }
}

/// Hashing a megabyte would be a cheap way to keep us busy: its length is looked at first.
#[tokio::test]
async fn a_password_of_a_megabyte_is_refused_unhashed() {
    let ballast = Ballast::start().await;
    let (tenant, long) = (ballast.tenant().await, "correct horse ".repeat(75_000));
    let challenge = "chl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN";
    let invitation = format!("{challenge}.{}", "x".repeat(43));
    for (path, body, pointer) in [
        ("/api/v1/auth/login", json!({"email": tenant.email, "password": long}), "/password"),
        ("/api/v1/auth/register", with(registration(&tenant.email), "/password", json!(long)), "/password"),
        ("/api/v1/auth/reauthenticate", json!({"password": long}), "/password"),
        (
            "/api/v1/auth/change-password",
            json!({"current_password": long, "new_password": "three sleepy otters juggle"}),
            "/current_password",
        ),
        (
            "/api/v1/auth/change-password",
            json!({"current_password": e2e::PASSWORD, "new_password": long}),
            "/new_password",
        ),
        (
            "/api/v1/auth/reset-password",
            json!({"challenge_id": challenge, "code": "123456", "new_password": long}),
            "/new_password",
        ),
        ("/api/v1/users/accept", json!({"invitation": invitation, "password": long}), "/password"),
    ] {
        let answer = tenant.post(path, &body).await;
        assert!(!answer.body.contains("horse"), "{path}");
        assert_eq!(answer.problem(422).pointers(), [pointer], "{path}");
    }
    let code = json!({"challenge_id": challenge, "code": long});
    assert_eq!(tenant.post("/api/v1/auth/verify", &code).await.problem(422).pointers(), ["/code"]);
}
