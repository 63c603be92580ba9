//! Too many failures: guesses are refused, and owners are not.

use e2e::{InProcess, Options, PASSWORD, Tenant, requests::with, unique_email};
use futures::future::{join, join_all};
use jiff::SignedDuration;
use serde_json::json;

async fn start() -> Option<InProcess> {
    let options = Options::default().manual_clock().variable("LOGIN_FAILURES_PER_ADDRESS", 1_000_000);
    InProcess::start(options.variable("RATE_LIMITS", "address.login=100000/60")).await
}

async fn login(client: &e2e::Client, email: &str, password: &str) -> e2e::Answer {
    client.post("/api/v1/auth/login", &json!({"email": email, "password": password})).await
}

async fn fail(client: &e2e::Client, tenant: &Tenant, times: u32) {
    for _ in 0..times {
        login(client, &tenant.email, "wrong horse battery").await.problem(401);
    }
}

#[tokio::test]
async fn a_guesser_has_to_wait_longer_and_longer() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.tenant().await;
    let guesser = ballast.visitor_from([127, 0, 0, 2]);
    fail(&guesser, &tenant, 5).await;
    login(&guesser, &tenant.email, PASSWORD).await.expect(200);
    fail(&guesser, &tenant, 6).await;
    let held = login(&guesser, &tenant.email, PASSWORD).await.problem(401);
    let unknown = login(&guesser, &unique_email(), PASSWORD).await.problem(401);
    assert_eq!(held.detail(), unknown.detail());
    ballast.advance(SignedDuration::from_secs(1));
    fail(&guesser, &tenant, 1).await;
    ballast.advance(SignedDuration::from_secs(1));
    login(&guesser, &tenant.email, PASSWORD).await.problem(401);
    ballast.advance(SignedDuration::from_secs(1));
    login(&guesser, &tenant.email, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn nobody_locks_an_owner_out_from_elsewhere() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.tenant().await;
    let home = ballast.visitor_from([127, 0, 0, 3]);
    login(&home, &tenant.email, PASSWORD).await.expect(200);
    for address in 10..17 {
        fail(&ballast.visitor_from([127, 0, 0, address]), &tenant, 3).await;
    }
    // The account is locked for strangers, whatever they know.
    login(&ballast.visitor_from([127, 0, 0, 99]), &tenant.email, PASSWORD).await.problem(401);
    login(&home, &tenant.email, PASSWORD).await.expect(200);
    let word = ballast.mail(&tenant.email, "tries to log in").await;
    assert!(word.text.contains("forgot-password"));
}

#[tokio::test]
async fn a_new_password_by_mail_lifts_the_lock() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.tenant().await;
    for address in 10..17 {
        fail(&ballast.visitor_from([127, 0, 0, address]), &tenant, 3).await;
    }
    let stranger = ballast.visitor_from([127, 0, 0, 99]);
    login(&stranger, &tenant.email, PASSWORD).await.problem(401);
    let asked =
        stranger.post("/api/v1/auth/forgot-password", &json!({"email": tenant.email})).await.data(202);
    let code = ballast.mailed_code(&tenant.email, "new password").await;
    let reset = json!({"challenge_id": asked["challenge_id"], "code": code, "new_password": "three sleepy otters juggle"});
    // Whoever guessed from the same place as well, the owner gets in from there at once.
    fail(&stranger, &tenant, 7).await;
    stranger.post("/api/v1/auth/reset-password", &reset).await.expect(204);
    login(&stranger, &tenant.email, "three sleepy otters juggle").await.expect(200);
    let elsewhere = ballast.visitor_from([127, 0, 0, 98]);
    login(&elsewhere, &tenant.email, "three sleepy otters juggle").await.expect(200);
}

#[tokio::test]
async fn unknown_addresses_are_counted_as_known_ones_are() {
    let Some(ballast) = start().await else { return };
    let (tenant, nobody) = (ballast.tenant().await, unique_email());
    let visitor = ballast.visitor_from([127, 0, 0, 4]);
    let mut answers = Vec::new();
    for email in [&tenant.email, &nobody] {
        let mut seen = Vec::new();
        for _ in 0..8 {
            let answer = login(&visitor, email, "wrong horse battery").await;
            let body = answer.json();
            seen.push((answer.status, body["detail"].clone(), body["type"].clone()));
        }
        answers.push(seen);
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn guesses_at_the_same_time_are_all_counted() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.tenant().await;
    let guesser = ballast.visitor_from([127, 0, 0, 5]);
    let wrong = (0..30).map(|_| login(&guesser, &tenant.email, "wrong horse battery"));
    for answer in futures::future::join_all(wrong).await {
        answer.problem(401);
    }
    login(&guesser, &tenant.email, PASSWORD).await.problem(401);
}

#[tokio::test]
async fn a_refresh_forgets_no_failure() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.tenant().await;
    let visitor = ballast.visitor_from([127, 0, 0, 6]);
    fail(&visitor, &tenant, 6).await;
    let body = json!({"refresh_token": tenant.refresh_token});
    visitor.post("/api/v1/auth/refresh", &body).await.expect(200);
    login(&visitor, &tenant.email, PASSWORD).await.problem(401);
}

#[tokio::test]
async fn one_address_that_tries_many_accounts_is_held_up() {
    let options = Options::default().manual_clock().variable("LOGIN_FAILURES_PER_ADDRESS", 5);
    let options = options.variable("RATE_LIMITS", "address.login=100000/60");
    let Some(ballast) = InProcess::start(options).await else { return };
    let tenant = ballast.tenant().await;
    let sprayer = ballast.visitor_from([127, 0, 0, 7]);
    for _ in 0..6 {
        login(&sprayer, &unique_email(), PASSWORD).await.problem(401);
    }
    login(&sprayer, &tenant.email, PASSWORD).await.problem(401);
    login(&ballast.visitor_from([127, 0, 0, 8]), &tenant.email, PASSWORD).await.expect(200);
    ballast.advance(SignedDuration::from_mins(16));
    login(&sprayer, &tenant.email, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn one_person_locks_no_office() {
    let options = Options::default().manual_clock().variable("LOGIN_FAILURES_PER_ADDRESS", 5);
    let options = options.variable("RATE_LIMITS", "address.login=100000/60");
    let Some(ballast) = InProcess::start(options).await else { return };
    let tenant = ballast.tenant().await;
    let office = ballast.visitor_from([127, 0, 0, 7]);
    login(&office, &tenant.email, PASSWORD).await.expect(200);
    for _ in 0..6 {
        login(&office, &unique_email(), PASSWORD).await.problem(401);
    }
    let newcomer = ballast.tenant().await;
    login(&office, &newcomer.email, PASSWORD).await.problem(401);
    login(&office, &tenant.email, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_crowd_of_guessers_keeps_no_owner_out() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.tenant().await;
    let home = ballast.visitor_from([127, 0, 0, 3]);
    login(&home, &tenant.email, PASSWORD).await.expect(200);
    let guessers: Vec<_> = (10..20).map(|address| ballast.visitor_from([127, 0, 0, address])).collect();
    let guesses =
        join_all((0..40).map(|guess| login(&guessers[guess % 10], &tenant.email, "wrong horse battery")));
    let owner = async {
        for _ in 0..3 {
            login(&home, &tenant.email, PASSWORD).await.expect(200);
        }
    };
    let (guesses, ()) = join(guesses, owner).await;
    for guess in guesses {
        guess.problem(401);
    }
}

/// Anybody may ask for mails in anybody's name. That must neither flood a mailbox nor keep its owner from getting one.
#[tokio::test]
async fn strangers_use_up_no_owners_mails() {
    let Some(ballast) = start().await else { return };
    let tenant = ballast.tenant().await;
    let home = ballast.visitor_from([127, 0, 0, 3]);
    login(&home, &tenant.email, PASSWORD).await.expect(200);
    let email = json!({"email": tenant.email});
    let forgot =
        async |client: &e2e::Client| client.post("/api/v1/auth/forgot-password", &email).await.data(202);
    for address in 10..16 {
        let stranger = ballast.visitor_from([127, 0, 0, address]);
        for _ in 0..7 {
            forgot(&stranger).await;
        }
    }
    // Six for each of three strangers and two more, as the registration's was one; then none for any of them.
    let sent = |wanted: usize| {
        let mails = &ballast;
        let email = &tenant.email;
        move || async move { (mails.mails(email, "new password") == wanted).then_some(()) }
    };
    e2e::eventually("what strangers get", sent(20)).await;
    let asked = forgot(&home).await;
    e2e::eventually("the owner's mail", sent(21)).await;
    let code = ballast.mailed_code(&tenant.email, "new password").await;
    let reset = json!({"challenge_id": asked["challenge_id"], "code": code, "new_password": "three sleepy otters juggle"});
    home.post("/api/v1/auth/reset-password", &reset).await.expect(204);
}

/// Who asks for mails in the names of many is held up, and whoever else comes from there, but for owners who have logged in
/// from there before.
#[tokio::test]
async fn one_address_mails_to_no_crowd() {
    let Some(ballast) = start().await else { return };
    let (tenant, other) = (ballast.tenant().await, ballast.tenant().await);
    let office = ballast.visitor_from([127, 0, 0, 3]);
    login(&office, &tenant.email, PASSWORD).await.expect(200);
    let forgot = async |client: &e2e::Client, email: &str| {
        client.post("/api/v1/auth/forgot-password", &json!({"email": email})).await.expect(202);
    };
    for _ in 0..101 {
        forgot(&office, &unique_email()).await;
    }
    forgot(&office, &other.email).await;
    forgot(&office, &tenant.email).await;
    ballast.mail(&tenant.email, "new password").await;
    ballast.drained(e2e::Queue::MAILS).await;
    assert_eq!(ballast.mails(&other.email, "new password"), 0);
    forgot(&ballast.visitor_from([127, 0, 0, 4]), &other.email).await;
    ballast.mail(&other.email, "new password").await;
}

/// Each code takes five guesses, and each address so many over all codes: nobody tries his luck with many accounts.
#[tokio::test]
async fn guesses_at_codes_of_many_accounts_are_counted_by_address() {
    let options = Options::default().manual_clock().variable("LOGIN_FAILURES_PER_ADDRESS", 8);
    let options = options.variable("RATE_LIMITS", "address.login=100000/60");
    let Some(ballast) = InProcess::start(options).await else { return };
    let sprayer = ballast.visitor_from([127, 0, 0, 7]);
    let ask = async |client: &e2e::Client, tenant: &Tenant| {
        let email = json!({"email": tenant.email});
        let asked = client.post("/api/v1/auth/forgot-password", &email).await.data(202);
        let code = ballast.mailed_code(&tenant.email, "new password").await;
        json!({"challenge_id": asked["challenge_id"], "code": code, "new_password": "three sleepy otters juggle"})
    };
    let path = "/api/v1/auth/reset-password";
    for _ in 0..3 {
        let tenant = ballast.tenant().await;
        let guess = with(ask(&sprayer, &tenant).await, "/code", json!("wrong"));
        for _ in 0..3 {
            sprayer.post(path, &guess).await.problem(401);
        }
    }
    let (stranger, neighbour) = (ballast.tenant().await, ballast.tenant().await);
    let right = ask(&sprayer, &stranger).await;
    sprayer.post(path, &right).await.problem(401);
    // A refused answer was no try: from elsewhere the code is good. So is that of who has logged in from here before.
    ballast.visitor_from([127, 0, 0, 8]).post(path, &right).await.expect(204);
    login(&sprayer, &neighbour.email, PASSWORD).await.problem(401);
    ballast.advance(SignedDuration::from_mins(16));
    login(&sprayer, &neighbour.email, PASSWORD).await.expect(200);
    for _ in 0..9 {
        login(&sprayer, &unique_email(), PASSWORD).await.problem(401);
    }
    let right = ask(&sprayer, &neighbour).await;
    sprayer.post(path, &right).await.expect(204);
}
