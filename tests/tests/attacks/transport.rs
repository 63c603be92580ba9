//! Headers, verbs and addresses.

use e2e::{Ballast, InProcess, Options, requests};
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn every_answer_protects_the_browser_that_shows_it() {
    let ballast = Ballast::start().await;
    let tenant = ballast.tenant().await;
    let visitor = ballast.visitor();
    for answer in [
        tenant.get("/api/v1/portfolios").await.expect(200),
        tenant.get("/api/v1/portfolios/x").await.expect(404),
        visitor.get("/api/v1/portfolios").await.expect(401),
        visitor.post("/api/v1/auth/login", &json!({})).await.expect(422),
        visitor.get("/docs").await.expect(200),
        visitor.get("/health").await.expect(200),
        visitor.get("/.well-known/jwks.json").await.expect(200),
    ] {
        let header = |name: &str| answer.header(name).to_owned();
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert!(header("strict-transport-security").starts_with("max-age=63072000"));
        assert!(header("content-security-policy").contains("default-src"), "{:?}", answer.headers);
        assert!(answer.headers.get("server").is_none() || ballast.has_foreign_gateway());
    }
}

#[tokio::test]
async fn answers_to_one_are_kept_by_nobody_else() {
    let tenant = Ballast::start().await.tenant().await;
    let one = tenant.post("/api/v1/portfolios", &requests::stored_portfolio("One")).await.data(201);
    let one = format!("/api/v1/portfolios/{}", one["id"].as_str().unwrap());
    for (answer, wanted) in [
        (tenant.get(&one).await, "private, no-cache"),
        (tenant.get("/api/v1/portfolios").await, "no-store"),
        (tenant.post("/api/v1/portfolios", &requests::stored_portfolio("Mine")).await, "no-store"),
        (tenant.without_token().post("/api/v1/auth/login", &json!({})).await, "no-store"),
        (tenant.get("/api/v1/auth/me").await, "no-store"),
    ] {
        assert_eq!(answer.header("cache-control"), wanted, "{}", answer.body);
    }
}

#[tokio::test]
async fn a_request_id_that_is_not_fit_for_a_log_is_replaced() {
    let tenant = Ballast::start().await.tenant().await;
    for id in ["two words", "tab\tbed", &"x".repeat(129), "ünicode", "quote\"d'"] {
        let answer = tenant.get("/api/v1/portfolios").header("x-request-id", id).await.expect(200);
        let given = answer.header("x-request-id");
        assert!(given.bytes().all(|byte| byte.is_ascii_graphic()), "{given}");
        assert!(
            given.len() <= 128 && (given == id || given.starts_with("req_") || given.len() == 36),
            "{given}"
        );
    }
}

#[tokio::test]
async fn verbs_that_a_route_does_not_take_do_nothing() {
    let ballast = Ballast::start().await;
    let tenant = ballast.tenant().await;
    for (method, path) in [
        ("PATCH", "/api/v1/portfolios"),
        ("DELETE", "/api/v1/audit"),
        ("PUT", "/api/v1/audit"),
        ("POST", "/api/v1/audit/verify"),
        ("TRACE", "/api/v1/portfolios"),
        ("DELETE", "/.well-known/jwks.json"),
    ] {
        let answer = tenant.request(method, path).await;
        let refused = [403, 404, 405].contains(&answer.status)
            || (ballast.has_foreign_gateway() && answer.status >= 400);
        assert!(refused, "{method} {path}: {} {}", answer.status, answer.body);
    }
    for name in ["x-http-method-override", "x-method-override", "x-http-method"] {
        tenant.get("/api/v1/portfolios").header(name, "POST").await.expect(200);
    }
    assert_eq!(tenant.get("/api/v1/portfolios").await.data(200), json!([]));
}

#[tokio::test]
async fn pages_of_other_origins_get_no_answer_to_read() {
    let Some(ballast) =
        InProcess::start(Options::default().variable("ALLOWED_ORIGINS", "https://app.example.com * null"))
            .await
    else {
        return;
    };
    let tenant = ballast.tenant().await;
    let preflight = async |origin: &str| {
        let request = ballast.visitor().request("OPTIONS", "/api/v1/portfolios").header("origin", origin);
        request.header("access-control-request-method", "POST").await.expect(204)
    };
    let allowed = preflight("https://app.example.com").await;
    assert_eq!(allowed.header("access-control-allow-origin"), "https://app.example.com");
    let taken = allowed.header("access-control-allow-headers");
    for needed in ["Authorization", "Idempotency-Key", "If-Match", "X-Audit-Reason"] {
        assert!(taken.split(',').any(|name| name == needed), "{needed}: {taken}");
    }
    assert!(
        local::TEMPLATE.contains(&format!("AllowHeaders: \"'{taken}'\"")),
        "a stage's gateway says the same"
    );
    for origin in [
        "https://evil.example",
        "null",
        "*",
        "https://app.example.com.evil.example",
        "http://app.example.com",
    ] {
        for answer in
            [preflight(origin).await, tenant.get("/api/v1/portfolios").header("origin", origin).await]
        {
            assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
            assert_eq!(answer.header("access-control-allow-methods"), "", "{origin}");
        }
    }
    let read = tenant.get("/api/v1/portfolios").header("origin", "https://app.example.com").await.expect(200);
    assert_eq!(read.header("access-control-allow-origin"), "https://app.example.com");
    assert_eq!(read.header("access-control-allow-credentials"), "");
    assert!(read.header("vary").to_ascii_lowercase().contains("origin"));
    assert!(read.header("access-control-expose-headers").contains("RateLimit"));
}

#[tokio::test]
async fn another_host_name_changes_nothing() {
    let tenant = Ballast::start().await.tenant().await;
    let forwarded = tenant.get("/api/v1/portfolios").header("x-forwarded-host", "evil.example");
    let answer =
        forwarded.header("x-original-url", "/api/v1/audit").header("x-rewrite-url", "/api/v1/audit").await;
    assert!(!answer.body.contains("evil"), "{}", answer.body);
    assert_eq!(answer.data(200), json!([]));
}

#[tokio::test]
async fn an_oversize_header_is_refused() {
    let tenant = Ballast::start().await.tenant().await;
    let answer = tenant.with_token(&"x".repeat(9_000)).get("/api/v1/portfolios").await;
    assert!([400, 401, 431, 494].contains(&answer.status), "{}", answer.status);
    tenant.get("/api/v1/portfolios").await.expect(200);
}

#[tokio::test]
async fn the_public_keys_are_public_and_nothing_more() {
    let visitor = Ballast::start().await.visitor();
    let set = visitor.get("/.well-known/jwks.json").await.expect(200).json();
    let keys = set["keys"].as_array().unwrap();
    assert!(!keys.is_empty());
    for key in keys {
        let names: Vec<_> = key.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x"], "no private part");
        assert_eq!((&key["alg"], &key["kty"]), (&json!("EdDSA"), &json!("OKP")));
    }
}

/// Nobody asks anything of a stage for a month, and its key is not used for longer all the same.
#[tokio::test]
async fn a_key_is_rotated_by_the_schedule_and_that_is_recorded() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let records = || ballast.items("ten_00000000000000000000000000", "AUDIT");
    assert_eq!(records().await.len(), 1, "the first key");
    ballast.rotate_keys_after(SignedDuration::from_hours(24 * 29)).await;
    assert_eq!(records().await.len(), 1);
    ballast.rotate_keys_after(SignedDuration::from_hours(24 * 30)).await;
    ballast.rotate_keys_after(SignedDuration::from_hours(24 * 30)).await;
    let records = records().await;
    assert_eq!(records.len(), 2);
    let record = records[1]["data"].as_m().unwrap()["canonical"].as_s().unwrap();
    assert!(record.contains("\"signing-key.rotated\",\"actor\":\"system\""), "{record}");
    let set = ballast.visitor().get("/.well-known/jwks.json").await.expect(200).json();
    assert_eq!(set["keys"].as_array().unwrap().len(), 2);
}

/// What a rotation does to those who are logged in: nothing.
#[tokio::test]
async fn a_rotated_key_and_a_withdrawn_one() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let (platform, tenant) = (ballast.tenant().await, ballast.tenant().await);
    let rotate = async |withdraw: bool| {
        let body = json!({"withdraw": withdraw});
        platform
            .post("/api/v1/platform/signing-keys", &body)
            .header("x-audit-reason", "A drill of ours")
            .await
    };
    rotate(false).await.problem(403);
    ballast.make_super_admin(&platform).await;
    let keys = rotate(false).await.data(201);
    assert_eq!((&keys[0]["generation"], &keys[1]["generation"]), (&json!(2), &json!(1)));
    assert_ne!(keys[1]["retires_at"], serde_json::Value::Null);
    let set = ballast.visitor().get("/.well-known/jwks.json").await.expect(200).json();
    assert_eq!(set["keys"].as_array().unwrap().len(), 2, "announced before it signs");
    tenant.get("/api/v1/portfolios").await.expect(200);
    // Withdrawn: the new key signs at once, and old tokens are refused as soon as the keys are read anew.
    let keys = rotate(true).await.data(201);
    assert_eq!(keys.as_array().unwrap().len(), 1, "{keys}");
    let refreshed = json!({"refresh_token": tenant.refresh_token});
    let next = tenant.without_token().post("/api/v1/auth/refresh", &refreshed).await.data(200);
    let client = tenant.with_token(next["access_token"].as_str().unwrap());
    e2e::eventually("the new key is known", || async {
        (client.get("/api/v1/portfolios").await.status == 200).then_some(())
    })
    .await;
    tenant.get("/api/v1/portfolios").await.problem(401);
    let events = client.get("/api/v1/audit?action=signing-key.rotated").await.data(200);
    assert_eq!(events, json!([]), "recorded in the platform's own tenant");
}
