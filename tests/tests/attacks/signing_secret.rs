//! A signing secret that has leaked, and was replaced: nothing follows from it any more, on no instance.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
    thread,
};

use e2e::{InProcess, Options, PASSWORD};
use identity::{Rotation, SigningKey, StartError};
use jiff::{SignedDuration, Timestamp};
use local::ballast::variables;
use platform::{Clock, Context, Env};
use serde_json::json;

const LEAKED: &str = "a secret that somebody has put into a log";
const NEXT: &str = "the secret that was put into its place then";

/// An instance that reads its secret in one way or another, at a time of its own.
fn context(ballast: &InProcess, clock: &Clock, own: &[(&str, &str)], endpoint: Option<&str>) -> Context {
    let environment = ballast.stack().environment();
    let mut variables: BTreeMap<String, String> = variables(environment, "SigningKeysFunction");
    variables.remove("SIGNING_SECRET");
    variables.extend(own.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let aws = environment.endpoints.sdk_config().to_builder();
    let aws = match endpoint {
        Some(url) => aws.endpoint_url(url).build(),
        None => aws.build(),
    };
    Context::new(Env::from(variables), aws, clock.clone())
}

async fn with_secret(ballast: &InProcess, clock: &Clock, secret: &str) -> Rotation {
    Rotation::new(&context(ballast, clock, &[("SIGNING_SECRET", secret)], None)).await.unwrap()
}

/// Whether the newest published key follows from this secret, and its generation.
async fn newest_is(ballast: &InProcess, secret: &str, generation: u32) -> bool {
    let set = ballast.visitor().get("/.well-known/jwks.json").await.expect(200).json();
    set["keys"][0]["kid"] == SigningKey::derive(secret, generation).unwrap().kid()
}

/// Answers as Secrets Manager does, with whatever the secret is at the time.
fn secrets_manager(secret: Arc<Mutex<&'static str>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let (mut line, mut length) = (String::new(), 0);
            while stream.read_line(&mut line).unwrap() > 2 {
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                line.clear();
            }
            stream.read_exact(&mut vec![0; length]).unwrap();
            let body = json!({"Name": "SigningSecret", "SecretString": *secret.lock().unwrap()}).to_string();
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.1\r\nconnection: close";
            let answer = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            stream.get_mut().write_all(answer.as_bytes()).unwrap();
        }
    });
    url
}

#[tokio::test]
async fn an_instance_that_has_only_the_old_secret_publishes_and_signs_nothing() {
    let Some(ballast) = InProcess::start(Options::default().manual_clock()).await else { return };
    let (tenant, clock) = (ballast.tenant().await, Clock::manual(ballast.now()));
    let warm = with_secret(&ballast, &clock, LEAKED).await;
    assert!(newest_is(&ballast, LEAKED, 2).await, "a new secret signs at once");
    with_secret(&ballast, &clock, NEXT).await;
    assert!(newest_is(&ballast, NEXT, 3).await);
    // The old one's keys are gone, and a rotation is due.
    clock.advance(SignedDuration::from_hours(24 * 31));
    assert!(matches!(warm.rotate_when_due().await, Err(StartError::ReplacedSecret)));
    assert!(newest_is(&ballast, NEXT, 3).await);
    // Nor does an instance that was there all the time sign with what it has.
    ballast.advance(SignedDuration::from_mins(25));
    let login = json!({"email": tenant.email, "password": PASSWORD});
    tenant.without_token().post("/api/v1/auth/login", &login).await.problem(500);
    assert!(newest_is(&ballast, NEXT, 3).await);
}

#[tokio::test]
async fn a_running_instance_takes_the_secret_that_is_there_now() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let clock = Clock::manual(Timestamp::now());
    let secret = Arc::new(Mutex::new(LEAKED));
    let url = secrets_manager(Arc::clone(&secret));
    let context = context(&ballast, &clock, &[("SIGNING_SECRET_ARN", "arn:of-a-secret")], Some(&url));
    let warm = Rotation::new(&context).await.unwrap();
    assert!(newest_is(&ballast, LEAKED, 2).await);
    *secret.lock().unwrap() = NEXT;
    clock.advance(SignedDuration::from_hours(24 * 30));
    warm.rotate_when_due().await.unwrap();
    assert!(newest_is(&ballast, NEXT, 3).await, "though nothing was started anew");
    clock.advance(SignedDuration::from_hours(24 * 30));
    warm.rotate_when_due().await.unwrap();
    assert!(newest_is(&ballast, NEXT, 4).await);
}
