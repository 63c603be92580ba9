//! Addresses that look like others, or like more than one.

use e2e::{Answer, Ballast, Client, InProcess, Options, registration, requests::with, unique_email};
use serde_json::json;

async fn register(visitor: &Client, email: &str) -> Answer {
    visitor.post("/api/v1/auth/register", &registration(email)).await
}

async fn login(visitor: &Client, email: &str) -> Answer {
    visitor.post("/api/v1/auth/login", &json!({"email": email, "password": e2e::PASSWORD})).await
}

/// An address with letters that have several forms: `é` as one character and `k` for which there is a Kelvin sign.
fn accented() -> String {
    unique_email().replace("user", "rené.kay")
}

#[tokio::test]
async fn other_spellings_of_an_address_are_that_address() {
    let visitor = Ballast::start().await.visitor();
    let email = accented();
    register(&visitor, &email).await.expect(201);
    let (local, host) = email.split_once('@').unwrap();
    for spelling in [
        email.to_uppercase(),
        format!("  {email}\t"),
        format!("{local}@{}", host.to_uppercase()),
        email.replace('é', "e\u{301}"),
        email.replace('k', "\u{212a}"),
        email.replace('@', "\u{ff20}"),
        email.replace("example", "ｅｘａｍｐｌｅ"),
        email.replace(".com", "。com"),
    ] {
        register(&visitor, &spelling).await.problem(409);
        login(&visitor, &spelling).await.expect(200);
    }
}

#[tokio::test]
async fn addresses_that_only_look_alike_are_others() {
    let visitor = Ballast::start().await.visitor();
    let email = unique_email();
    register(&visitor, &email).await.expect(201);
    for (what, other) in [
        ("a Cyrillic letter", email.replace("user", "uѕer")),
        ("another Cyrillic letter", email.replace("user", "usеr")),
        ("a dotless i", email.replacen("user", "us\u{131}r", 1)),
        ("a tag", email.replace('@', "+tag@")),
        ("a dot", email.replacen("user", "us.er", 1)),
        ("a sub-domain", email.replace("@example.com", "@example.com.evil.example")),
        ("a longer domain", email.replace("@example.com", "@evil-example.com")),
    ] {
        assert_eq!(login(&visitor, &other).await.problem(401).kind(), "unauthorized", "{what}");
        register(&visitor, &other).await.expect(201);
    }
}

#[tokio::test]
async fn a_turkish_i_makes_no_second_owner() {
    let visitor = Ballast::start().await.visitor();
    let email = unique_email().replace("user", "iris");
    register(&visitor, &email).await.expect(201);
    // `İ` becomes `i̇`, with a dot of its own, and `ı` stays: neither is `i`.
    for other in [email.replacen('i', "İ", 1), email.replacen('i', "ı", 1)] {
        login(&visitor, &other).await.problem(401);
    }
    login(&visitor, &email.replacen('i', "I", 1)).await.expect(200);
}

#[tokio::test]
async fn what_is_no_single_address_is_refused() {
    let visitor = Ballast::start().await.visitor();
    for email in [
        "victim@corp.example@evil.example",
        "\"a b\"@corp.example",
        "\"a@b\"@corp.example",
        "victim@corp.example,attacker@evil.example",
        "victim@corp.example\nbcc: attacker@evil.example",
        "victim@corp.example\r\n\r\nHello",
        "victim@corp.example%00@evil.example",
        "victim\u{0}@corp.example",
        "victim@corp.example\u{202e}",
        "victim\u{200b}@corp.example",
        "@corp.example",
        "victim@",
        "victim@localhost",
        "victim@127.0.0.1",
        "victim@[127.0.0.1]",
        "victim@-corp.example",
        "victim@corp..example",
        "vic..tim@corp.example",
        ".victim@corp.example",
        "victim@corp.example/../x",
        "<victim@corp.example>",
        "Victim <victim@corp.example>",
        "mailto:victim@corp.example?bcc=x",
        &format!("{}@corp.example", "x".repeat(65)),
        &format!("victim@{}.example", "x".repeat(300)),
    ] {
        let problem = register(&visitor, email).await.problem(422);
        assert_eq!(problem.pointers(), ["/email"], "{email}");
        // What is no address has no account either, and nobody can tell the difference.
        assert_eq!(login(&visitor, email).await.problem(401).kind(), "unauthorized", "{email}");
    }
}

/// What people call themselves goes into mails: it must end no header, and begin none.
#[tokio::test]
async fn names_bend_no_mail() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let visitor = ballast.visitor();
    let bent = [
        "Ada\r\nBcc: victim@corp.example",
        "Ada\nSubject: Hello",
        "Ada\r\n\r\nHello",
        "Ada\u{0}",
        "Ada\u{85}x",
    ];
    for name in bent {
        for field in ["/name", "/tenant_name"] {
            let body = with(registration(&unique_email()), field, json!(name));
            assert_eq!(visitor.post("/api/v1/auth/register", &body).await.problem(422).pointers(), [field]);
        }
    }
    let tenant = ballast.proven_tenant().await;
    for name in bent {
        tenant.put("/api/v1/users/profile", &json!({"name": name})).await.problem(422);
        let invitation = json!({"email": unique_email(), "name": name, "roles": ["viewer"]});
        tenant.post("/api/v1/users/invite", &invitation).await.problem(422);
    }
    // What is a name all the same stands where it can do nothing.
    let name = "Ada\"; Bcc: victim@corp.example; =?utf-8?q?Bcc=3A?= <b>";
    tenant.put("/api/v1/users/profile", &json!({"name": name})).await.expect(200);
    let email = unique_email();
    let invitation = json!({"email": email, "name": name, "roles": ["viewer"]});
    tenant.post("/api/v1/users/invite", &invitation).await.expect(201);
    let mail = ballast.mail(&email, "invited").await;
    assert_eq!(mail.subject, "You are invited to Ballast");
    assert!(mail.text.contains(name) && mail.text.starts_with("Your invitation: "));
    assert!(ballast.stack().mails().all().iter().all(|mail| mail.to != "victim@corp.example"));
}
