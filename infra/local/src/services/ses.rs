//! As much of Amazon SES (version 2) as sends a mail: into an outbox, where people and tests read it.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use hyper_util::service::TowerToHyperService;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use ulid::Ulid;

use crate::error::Error;
use crate::http::{listen, serve};

/// The most mails that are kept; older ones are forgotten.
const KEPT: usize = 1_000;
/// Whose mails are refused, as SES refuses what it has suppressed.
pub const REFUSED: &str = "@refused.invalid";

/// A mail that was sent.
#[derive(Clone, Debug, Serialize)]
pub struct SentMail {
    /// Who got it.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// What it says.
    pub text: String,
}

/// The mails that were sent, the oldest first. Nothing leaves the machine.
#[derive(Clone, Debug)]
pub struct SentMails {
    mails: Arc<Mutex<Vec<SentMail>>>,
    news: broadcast::Sender<SentMail>,
}

impl Default for SentMails {
    fn default() -> Self {
        Self { mails: Arc::default(), news: broadcast::channel(64).0 }
    }
}

impl SentMails {
    /// All of them.
    pub fn all(&self) -> Vec<SentMail> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Those that are sent from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<SentMail> {
        self.news.subscribe()
    }

    fn add(&self, mail: SentMail) {
        let mut mails = self.mails.lock().unwrap_or_else(PoisonError::into_inner);
        if mails.len() == KEPT {
            mails.remove(0);
        }
        mails.push(mail.clone());
        // Nobody has to listen.
        let _ = self.news.send(mail);
    }
}

/// `SendEmail`, as far as our functions use it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendEmail {
    destination: Destination,
    content: Content,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Destination {
    to_addresses: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    simple: Simple,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Simple {
    subject: Text,
    body: Body,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    text: Text,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Text {
    data: String,
}

/// Serves the outbox. `GET /outbox` shows it.
pub(super) async fn start(
    host: IpAddr,
    sent: SentMails,
    running: &TaskTracker,
    end: &CancellationToken,
) -> Result<String, Error> {
    let router = Router::new()
        .route("/v2/email/outbound-emails", post(send_email))
        .route("/outbox", get(outbox))
        .with_state(sent);
    let (listener, address) = listen(host, 0).await?;
    let end = end.clone();
    let service = TowerToHyperService::new(router);
    running.spawn(async move { serve(listener, end, |_| service.clone()).await });
    Ok(format!("http://{address}"))
}

async fn send_email(State(sent): State<SentMails>, body: String) -> (StatusCode, Json<Value>) {
    match serde_json::from_str::<SendEmail>(&body) {
        Ok(SendEmail { destination, .. })
            if destination.to_addresses.iter().any(|to| to.ends_with(REFUSED)) =>
        {
            (StatusCode::BAD_REQUEST, Json(json!({ "__type": "MessageRejected", "message": "Refused." })))
        }
        Ok(SendEmail { destination, content }) => {
            for to in destination.to_addresses {
                let (subject, text) =
                    (content.simple.subject.data.clone(), content.simple.body.text.data.clone());
                sent.add(SentMail { to, subject, text });
            }
            (StatusCode::OK, Json(json!({ "MessageId": Ulid::generate().to_string() })))
        }
        Err(error) => (StatusCode::BAD_REQUEST, Json(json!({ "message": error.to_string() }))),
    }
}

async fn outbox(State(sent): State<SentMails>) -> Json<Vec<SentMail>> {
    Json(sent.all())
}
