//! Finding out who has an account, by what we answer and by the time that it takes.

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::{Answer, Ballast, Client, InProcess, Options, Tenant, unique_email};
use futures::future::join_all;
use jiff::SignedDuration;
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

/// How often each kind of login is timed.
const TRIES: usize = 200;
/// How many guesses are free for an account from one address.
const FREE: usize = 5;
/// How often the whole is measured before the difference counts: other programs use the machine as well.
const MEASUREMENTS: usize = 5;

/// Medians over 200 logins each, with the hash that the stack uses, through all of it. The kinds take turns, so that what
/// slows down the machine slows down all of them.
#[tokio::test]
async fn the_time_of_a_login_tells_nothing_about_the_account() {
    let options = Options::default().manual_clock().variable("LOGIN_FAILURES_PER_ADDRESS", 1_000_000);
    let options = options.variable("RATE_LIMITS", "address.login=1000000/60");
    let Some(ballast) = InProcess::start(options).await else { return };
    let known = join_all((0..TRIES / FREE).map(|_| ballast.tenant())).await;
    let locked = ballast.tenant().await;
    let mut seen = Vec::new();
    for _ in 0..MEASUREMENTS {
        let medians = medians(&ballast, &known, &locked).await;
        let (least, most) = (medians.iter().min().unwrap(), medians.iter().max().unwrap());
        let difference = most.as_secs_f64() / least.as_secs_f64() - 1.0;
        seen.push((medians, difference));
        if difference < 0.05 {
            return;
        }
        // All failures are forgotten.
        ballast.advance(SignedDuration::from_hours(25));
    }
    panic!("unknown address, wrong password, locked account: {seen:?}");
}

async fn medians(ballast: &InProcess, known: &[Tenant], locked: &Tenant) -> [Duration; 3] {
    let client = locked.without_token();
    let login = async |email: &str| {
        let body = json!({"email": email, "password": WRONG});
        let start = Instant::now();
        let answer = client.post("/api/v1/auth/login", &body).await;
        let time = start.elapsed();
        answer.problem(401);
        time
    };
    for _ in 0..=FREE {
        login(&locked.email).await;
    }
    let unknown: Vec<_> = known.iter().map(|_| unique_email()).collect();
    let mut times = [const { Vec::new() }; 3];
    for number in 0..TRIES {
        let emails = [&unknown[number / FREE], &known[number / FREE].email, &locked.email];
        for turn in 0..3 {
            let kind = (number + turn) % 3;
            times[kind].push(login(emails[kind]).await);
        }
    }
    client_is_locked_out(ballast, locked).await;
    times.map(|mut times| {
        times.sort_unstable();
        times[TRIES / 2]
    })
}

async fn client_is_locked_out(ballast: &InProcess, locked: &Tenant) {
    let body = json!({"email": locked.email, "password": e2e::PASSWORD});
    ballast.visitor().post("/api/v1/auth/login", &body).await.problem(401);
}
