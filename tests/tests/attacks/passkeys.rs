//! What is tried with passkeys: answers that are old, bent, for another page, another user, another question.

use e2e::{Answer, Authenticator, Ballast, Client, InProcess, Options, authenticator::flags};
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::passkeys::{PASSKEYS, REAUTHENTICATE, VERIFY, answer, asked, enrolled, first_factor};

const LOGIN: &str = "/api/v1/auth/passkeys/login";

async fn options(client: &Client, path: &str) -> Value {
    client.request("POST", &format!("{path}/options")).await.data(200)
}

async fn login(client: &Client, options: &Value, credential: Value) -> Answer {
    let body = json!({"ceremony_id": options["ceremony_id"], "credential": credential});
    client.without_token().post(LOGIN, &body).await
}

async fn add(client: &Client, options: &Value, credential: Value) -> Answer {
    let body = json!({"ceremony_id": options["ceremony_id"], "name": "Bent", "credential": credential});
    client.post(PASSKEYS, &body).await
}

#[tokio::test]
async fn an_answer_that_is_sent_again() {
    let ballast = Ballast::start().await;
    let (tenant, mut device, _) = enrolled(&ballast).await;
    let asked = options(&ballast.visitor(), LOGIN).await;
    let credential = device.get(&asked);
    login(&tenant, &asked, credential.clone()).await.expect(200);
    login(&tenant, &asked, credential.clone()).await.problem(401);
    let other = options(&ballast.visitor(), LOGIN).await;
    login(&tenant, &other, credential).await.problem(401);

    let asked = options(&ballast.visitor(), LOGIN).await;
    let credential = device.get(&asked);
    let answers = join_all((0..6).map(|_| login(&tenant, &asked, credential.clone()))).await;
    let opened = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(opened, 1, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
}

#[tokio::test]
async fn another_page_or_another_relying_party() {
    let ballast = Ballast::start().await;
    let (tenant, mut device, _) = enrolled(&ballast).await;
    for origin in [
        "https://evil.example",
        "http://localhost.evil.example:8080",
        "http://evil.localhost:8080",
        "https://localhost:8080",
        "http://127.0.0.1:8080",
        "null",
        "",
    ] {
        let asked = options(&ballast.visitor(), LOGIN).await;
        let credential = device.get_as(&asked, |exchange| exchange.origin = origin.to_owned());
        login(&tenant, &asked, credential).await.problem(401);
        let asked = options(&tenant, PASSKEYS).await;
        let credential =
            Authenticator::default().create_as(&asked, |exchange| exchange.origin = origin.to_owned());
        add(&tenant, &asked, credential).await.problem(401);
    }
    for party in ["evil.example", "evil.localhost", ""] {
        let asked = options(&ballast.visitor(), LOGIN).await;
        let credential = device.get_as(&asked, |exchange| exchange.rp_id = party.to_owned());
        login(&tenant, &asked, credential).await.problem(401);
        let asked = options(&tenant, PASSKEYS).await;
        let credential =
            Authenticator::default().create_as(&asked, |exchange| exchange.rp_id = party.to_owned());
        add(&tenant, &asked, credential).await.problem(401);
    }
    let asked = options(&ballast.visitor(), LOGIN).await;
    let framed = device.get_as(&asked, |exchange| exchange.cross_origin = true);
    login(&tenant, &asked, framed).await.problem(401);
    let asked = options(&tenant, PASSKEYS).await;
    let framed = Authenticator::default().create_as(&asked, |exchange| exchange.cross_origin = true);
    add(&tenant, &asked, framed).await.problem(401);
    assert_eq!(tenant.get(PASSKEYS).await.data(200).as_array().unwrap().len(), 1);
    device.log_in(&tenant).await.expect(200);
}

#[tokio::test]
async fn an_answer_to_another_question() {
    let ballast = Ballast::start().await;
    let (tenant, mut device, _) = enrolled(&ballast).await;
    let reauthenticate = async |options: &Value, credential: Value| {
        let body = json!({"ceremony_id": options["ceremony_id"], "credential": credential});
        tenant.post(REAUTHENTICATE, &body).await
    };
    // One ceremony's answer under another's id, and every kind of ceremony where another is wanted.
    let (one, other) = (options(&tenant, LOGIN).await, options(&tenant, LOGIN).await);
    let credential = device.get(&one);
    login(&tenant, &other, credential).await.problem(401);
    let pending = first_factor(&tenant).await;
    let offered = asked(&tenant, &pending).await;
    let credential = device.get(&offered);
    login(&tenant, &offered, credential).await.problem(401);
    let anew = options(&tenant, REAUTHENTICATE).await;
    let credential = device.get(&anew);
    login(&tenant, &anew, credential.clone()).await.problem(401);
    answer(&tenant, &pending, &anew, credential).await.problem(401);
    let by_login = options(&tenant, LOGIN).await;
    let credential = device.get(&by_login);
    answer(&tenant, &pending, &by_login, credential.clone()).await.problem(401);
    reauthenticate(&by_login, credential).await.problem(401);
    let later = first_factor(&tenant).await;
    let credential = device.get(&offered);
    answer(&tenant, &later, &offered, credential).await.problem(401);
    // What makes a passkey does not use one, nor the other way round.
    let made = options(&tenant, PASSKEYS).await;
    let shown = json!({"public_key": {"challenge": made["public_key"]["challenge"], "allowCredentials": []}});
    let credential = device.get(&shown);
    login(&tenant, &made, credential).await.problem(401);
    let credential = Authenticator::default().create_as(&made, |exchange| exchange.kind = "webauthn.get");
    add(&tenant, &made, credential).await.problem(401);
    let asked = options(&tenant, LOGIN).await;
    let credential = device.get_as(&asked, |exchange| exchange.kind = "webauthn.create");
    login(&tenant, &asked, credential).await.problem(401);
    device.log_in(&tenant).await.expect(200);
}

#[tokio::test]
async fn another_users_passkey() {
    let ballast = Ballast::start().await;
    let (tenant, mut device, _) = enrolled(&ballast).await;
    let (other, mut foreign, _) = enrolled(&ballast).await;
    // As the second factor of somebody whose password is known: with the passkey of another tenant.
    let pending = first_factor(&tenant).await;
    let offered = asked(&tenant, &pending).await;
    let any =
        json!({"public_key": {"challenge": offered["public_key"]["challenge"], "allowCredentials": []}});
    let owner = { device.get(&any)["response"]["userHandle"].clone() };
    answer(&tenant, &pending, &offered, foreign.get(&any)).await.problem(401);
    let offered = asked(&tenant, &pending).await;
    let any =
        json!({"public_key": {"challenge": offered["public_key"]["challenge"], "allowCredentials": []}});
    let mut credential = foreign.get(&any);
    credential["response"]["userHandle"] = owner.clone();
    answer(&tenant, &pending, &offered, credential).await.problem(401);
    let refused = tenant.get("/api/v1/audit?action=session.refused").await.data(200);
    assert_eq!(refused.as_array().unwrap().len(), 2, "{refused}");
    // Under another's name: the handle is not signed, and so proves nothing.
    for handle in [owner, json!("AAAA"), Value::Null] {
        let asked = options(&ballast.visitor(), LOGIN).await;
        let mut credential = foreign.get(&asked);
        credential["response"]["userHandle"] = handle;
        login(&other, &asked, credential).await.problem(401);
    }
    // With another's id, but one's own key.
    let asked = options(&ballast.visitor(), LOGIN).await;
    let mut credential = foreign.get(&asked);
    let stolen = device.get(&asked);
    credential["id"] = stolen["id"].clone();
    credential["response"]["userHandle"] = stolen["response"]["userHandle"].clone();
    login(&other, &asked, credential).await.problem(401);
    // Another's ceremony.
    let asked = options(&tenant, PASSKEYS).await;
    add(&other, &asked, Authenticator::default().create(&asked)).await.problem(401);
    let asked = options(&tenant, REAUTHENTICATE).await;
    let body = json!({"ceremony_id": asked["ceremony_id"], "credential": device.get(&asked)});
    other.post(REAUTHENTICATE, &body).await.problem(401);
    // Within a session that somebody else has got hold of: that is recorded as well.
    let asked = options(&tenant, REAUTHENTICATE).await;
    let any = json!({"public_key": {"challenge": asked["public_key"]["challenge"], "allowCredentials": []}});
    let body = json!({"ceremony_id": asked["ceremony_id"], "credential": foreign.get(&any)});
    tenant.post(REAUTHENTICATE, &body).await.problem(401);
    let refused = tenant.get("/api/v1/audit?action=session.refused").await.data(200);
    assert_eq!(refused.as_array().unwrap().len(), 3, "{refused}");
    assert_eq!(other.get(PASSKEYS).await.data(200).as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_answer_that_comes_too_late() {
    let Some(ballast) = InProcess::start(Options::default().manual_clock()).await else { return };
    let (tenant, mut device, _) = enrolled(&ballast).await;
    let (to_log_in, to_add) = (options(&tenant, LOGIN).await, options(&tenant, PASSKEYS).await);
    let in_time = options(&tenant, LOGIN).await;
    ballast.advance(SignedDuration::from_secs(299));
    let credential = device.get(&in_time);
    login(&tenant, &in_time, credential).await.expect(200);
    ballast.advance(SignedDuration::from_secs(1));
    let credential = device.get(&to_log_in);
    login(&tenant, &to_log_in, credential).await.problem(401);
    add(&tenant, &to_add, Authenticator::default().create(&to_add)).await.problem(401);
}

#[tokio::test]
async fn nobody_there_or_nobody_verified() {
    let ballast = Ballast::start().await;
    let (tenant, mut device, _) = enrolled(&ballast).await;
    for missing in [flags::USER_VERIFIED, flags::USER_PRESENT, flags::USER_VERIFIED | flags::USER_PRESENT] {
        let asked = options(&ballast.visitor(), LOGIN).await;
        let credential = device.get_as(&asked, |exchange| exchange.flags &= !missing);
        login(&tenant, &asked, credential).await.problem(401);
        let asked = options(&tenant, PASSKEYS).await;
        let credential = Authenticator::default().create_as(&asked, |exchange| exchange.flags &= !missing);
        add(&tenant, &asked, credential).await.problem(401);
    }
}

#[tokio::test]
async fn an_answer_that_was_bent_after_it_was_signed() {
    let ballast = Ballast::start().await;
    let (tenant, mut device, _) = enrolled(&ballast).await;
    let others = device_of_the_same_user(&tenant).await;
    let part = |credential: &Value, name: &str| credential["response"][name].as_str().unwrap().to_owned();
    for (name, at) in [("signature", 20), ("authenticatorData", 46), ("clientDataJSON", 30)] {
        let asked = options(&ballast.visitor(), LOGIN).await;
        let mut credential = device.get(&asked);
        let mut text = part(&credential, name);
        let bent = if &text[at..=at] == "A" { "B" } else { "A" };
        text.replace_range(at..=at, bent);
        credential["response"][name] = json!(text);
        login(&tenant, &asked, credential).await.problem(401);
    }
    // A signature of another key of the same user.
    let asked = options(&ballast.visitor(), LOGIN).await;
    let mut credential = device.get(&asked);
    let mut others = others;
    credential["response"]["signature"] = others.get(&asked)["response"]["signature"].clone();
    login(&tenant, &asked, credential).await.problem(401);
    for empty in ["", "AA"] {
        let asked = options(&ballast.visitor(), LOGIN).await;
        let mut credential = device.get(&asked);
        credential["response"]["signature"] = json!(empty);
        let answer = login(&tenant, &asked, credential).await;
        assert!([401, 422].contains(&answer.status), "{empty}: {}", answer.body);
    }
    device.log_in(&tenant).await.expect(200);
}

async fn device_of_the_same_user(client: &Client) -> Authenticator {
    let mut device = Authenticator::default();
    device.add_to(client, "Another").await.expect(201);
    device
}

#[tokio::test]
async fn a_copy_of_a_passkey() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let (tenant, mut device, added) = enrolled(&ballast).await;
    for _ in 0..3 {
        device.log_in(&tenant).await.expect(200);
    }
    for counter in [4, 2, 0] {
        let asked = options(&ballast.visitor(), LOGIN).await;
        let copied = device.get_as(&asked, |exchange| exchange.counter = counter);
        login(&tenant, &asked, copied).await.problem(401);
    }
    let log = tenant.get("/api/v1/audit?action=factor.passkey-refused").await.data(200);
    assert_eq!(log.as_array().unwrap().len(), 3);
    assert!(log[0]["reason"].as_str().unwrap().starts_with(added["id"].as_str().unwrap()), "{log}");
    assert_eq!(log[0]["target"]["id"], tenant.user_id());
    ballast.mail(&tenant.email, "copy of your passkey").await;
    device.log_in(&tenant).await.expect(200);
}

#[tokio::test]
async fn a_passkey_that_somebody_has() {
    let ballast = Ballast::start().await;
    let (tenant, mut device, added) = enrolled(&ballast).await;
    let other = ballast.tenant().await;
    let known = device.get(&options(&tenant, LOGIN).await)["id"].clone();
    assert_eq!(known, added["credential_id"]);
    let id =
        base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, known.as_str().unwrap());
    let id = id.unwrap();
    for client in [&tenant, &other] {
        let asked = options(client, PASSKEYS).await;
        let own = client.get("/api/v1/auth/me").await.data(200)["user"]["email"] == tenant.email;
        let excluded = &asked["public_key"]["excludeCredentials"];
        assert_eq!(excluded.as_array().map_or(0, Vec::len), usize::from(own), "{excluded}");
        let credential = Authenticator::default().create_as(&asked, |exchange| exchange.id.clone_from(&id));
        add(client, &asked, credential).await.problem(409);
    }
    assert_eq!(other.get("/api/v1/auth/factors").await.data(200)["passkeys"], json!([]));
    assert_eq!(other.get("/api/v1/auth/me").await.data(200)["user"]["second_factor"], false);
    device.log_in(&tenant).await.expect(200);
}

#[tokio::test]
async fn what_is_too_long_is_not_parsed() {
    let ballast = Ballast::start().await;
    let (tenant, mut device, _) = enrolled(&ballast).await;
    let asked = options(&tenant, LOGIN).await;
    let long = "A".repeat(8_000);
    for (pointer, path) in [
        ("/credential/id", "/id"),
        ("/credential/response/clientDataJSON", "/response/clientDataJSON"),
        ("/credential/response/authenticatorData", "/response/authenticatorData"),
        ("/credential/response/signature", "/response/signature"),
        ("/credential/response/userHandle", "/response/userHandle"),
    ] {
        let credential = e2e::requests::with(device.get(&asked), path, json!(long));
        assert_eq!(login(&tenant, &asked, credential).await.problem(422).pointers(), [pointer]);
    }
    let asked = options(&tenant, PASSKEYS).await;
    for (pointer, path) in [
        ("/credential/id", "/id"),
        ("/credential/response/attestationObject", "/response/attestationObject"),
        ("/credential/response/clientDataJSON", "/response/clientDataJSON"),
    ] {
        let credential = e2e::requests::with(Authenticator::default().create(&asked), path, json!(long));
        assert_eq!(add(&tenant, &asked, credential).await.problem(422).pointers(), [pointer]);
    }
    // The largest that is parsed, of every kind of nonsense.
    for nonsense in ["A", "-", "gI", "v_"].map(|text| text.repeat(2_000)) {
        let asked = options(&tenant, PASSKEYS).await;
        let made = Authenticator::default().create(&asked);
        let credential = e2e::requests::with(made, "/response/attestationObject", json!(nonsense));
        let answer = add(&tenant, &asked, credential).await;
        assert!([401, 422].contains(&answer.status), "{}", answer.body);
    }
    let body = json!({"ceremony_id": asked["ceremony_id"], "credential": {"id": "A".repeat(7 << 20)}});
    let answer = tenant.without_token().post(LOGIN, &body).await;
    assert_eq!(answer.status, 413, "{}", answer.body);
}

#[tokio::test]
async fn nothing_is_told_of_anybody() {
    let ballast = Ballast::start().await;
    let visitor = ballast.visitor();
    let before = options(&visitor, LOGIN).await;
    let (tenant, mut device, _) = enrolled(&ballast).await;
    let after = options(&visitor, LOGIN).await;
    for asked in [&before, &after] {
        assert_eq!(asked["public_key"]["allowCredentials"], json!([]));
        assert_eq!(asked["public_key"]["userVerification"], "required");
    }
    assert_ne!(before["public_key"]["challenge"], after["public_key"]["challenge"]);
    // An unknown passkey, one of somebody, and one that was bent: the same words.
    let unknown = {
        let mut stranger = Authenticator::default();
        let asked = options(&tenant, PASSKEYS).await;
        stranger.create(&asked);
        stranger.get(&before)
    };
    let bent = device.get_as(&after, |exchange| exchange.origin = "https://evil.example".to_owned());
    let unknown = login(&tenant, &before, unknown).await.problem(401);
    let bent = login(&tenant, &after, bent).await.problem(401);
    assert_eq!(unknown.detail(), bent.detail());
    // Nor does a challenge that nobody has given a password for.
    let body = json!({"challenge_id": "chl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN"});
    visitor.post(&format!("{VERIFY}/options"), &body).await.problem(401);
}
