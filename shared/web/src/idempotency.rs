//! `Idempotency-Key`: a POST that is sent again gets the first answer again, and does nothing twice.
//!
//! Whoever claims the key carries the request out. What it changes marks the claim in the same transaction, and needs the
//! claim to be held: so a claim that has lapsed with its holder is taken over only where nothing was changed, and two attempts
//! never both change something.

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{Entity, digest::sha256_hex};
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp, ToSpan};
use platform::telemetry::chain;
use serde::{Deserialize, Serialize};
use store::{Claim, Store, StoreError};

use crate::{ApiError, App, auth::Checked, reply::NotKept};

/// How long a request may be in progress before another may take its place: a little more than the timeout.
const IN_PROGRESS: SignedDuration = SignedDuration::from_secs(35);
/// Where answers hold secrets that are shown once: such an answer is kept nowhere, and so never replayed.
const SECRETS: [&str; 2] = ["/api/v1/auth/", "/api/v1/api-keys"];
const KEPT_HOURS: i64 = 24;
/// Answers above this are not kept; no POST of ours answers as much.
const MAXIMUM_ANSWER: usize = 256 * 1024;
const KEPT_HEADERS: [HeaderName; 4] =
    [header::CONTENT_TYPE, header::LOCATION, header::ETAG, header::RETRY_AFTER];

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Record {
    key: String,
    /// SHA-256 of the body that the key was used with.
    fingerprint: String,
    /// The one attempt that may complete the record.
    owner: String,
    /// When this attempt is over, whether or not it has left an answer.
    #[serde(default)]
    ends: Timestamp,
    /// Whether something was changed by it; set by the very transaction.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    committed: bool,
    answer: Option<Answer>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Entity for Record {
    const KIND: &'static str = "IDEMPOTENCY";
    type Key = str;

    fn key(&self) -> String {
        self.key.clone()
    }
}

/// Replays the stored answer, or lets the request through and stores its answer.
pub(crate) async fn replay(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let Some(Checked(Ok(principal))) = request.extensions().get::<Checked>().cloned() else {
        return Ok(next.run(request).await);
    };
    if SECRETS.iter().any(|prefix| request.uri().path().starts_with(prefix)) {
        return Ok(next.run(request).await);
    }
    let Some(key) = key_of(request.method(), request.headers())? else {
        return Ok(next.run(request).await);
    };
    let scope = Store::tenant(&app.store, &principal);
    let (mut parts, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| too_large())?.to_bytes();
    let now = app.clock.now();
    let record = Record {
        // The user's own, as an answer may hold what a colleague is not to see.
        key: sha256_hex(format!("{} {} {} {key}", principal.user_id(), parts.method, parts.uri.path())),
        fingerprint: sha256_hex(&body),
        owner: sha256_hex(app.ids.secret()),
        ends: now + IN_PROGRESS,
        committed: false,
        answer: None,
    };
    match scope.claim(&record, record.ends).await? {
        Claim::Held => {}
        Claim::Taken(earlier, _) if earlier.fingerprint != record.fingerprint => {
            return Err(ApiError::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency-key-reused",
                "This Idempotency-Key was used with another body; use a new one.",
            ));
        }
        Claim::Taken(Record { answer: Some(answer), .. }, _) => return Ok(answer.into_response()),
        Claim::Taken(Record { committed: true, ends, .. }, _) if ends <= now => return Err(answer_lost()),
        Claim::Taken(..) => return Err(ApiError::in_progress()),
    }
    let kept_until = now + KEPT_HOURS.hours();
    parts.extensions.insert(scope.held_claim::<Record>(&record.key, &record.owner, kept_until)?);
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    // Errors are not worth keeping: they changed nothing, and the same request may pass later. Secrets must not be kept.
    let is_secret = response.extensions().get::<NotKept>().is_some();
    if is_secret || !response.status().is_success() {
        // After an error of ours nobody knows what was done: the claim lapses by itself, if nothing was.
        if !response.status().is_server_error() {
            let released = scope.release_claim::<Record>(&record.key, &record.owner).await;
            note(released, "a claim was not given back");
        }
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = body.collect().await.map_err(ApiError::internal)?.to_bytes();
    if body.len() <= MAXIMUM_ANSWER {
        let answer = Some(Answer::new(parts.status, &parts.headers, &body));
        let completed = Record { answer, ..record };
        let kept = scope.keep_claim(&completed, kept_until, &completed.owner).await;
        note(kept, "an answer was not kept");
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// The key of a POST: a quoted string (as the IETF draft has it) or its bare form.
fn key_of(method: &Method, headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get("idempotency-key").filter(|_| method == Method::POST) else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default();
    let key = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    if (1..=255).contains(&key.len()) {
        Ok(Some(key.to_owned()))
    } else {
        Err(ApiError::bad_request("Idempotency-Key must have 1 to 255 visible characters."))
    }
}

/// What becomes of the claim changes nothing about the answer.
fn note(done: Result<(), StoreError>, failure: &str) {
    if let Err(error) = done {
        tracing::error!(error = chain(&error), "{failure}");
    }
}

fn answer_lost() -> ApiError {
    ApiError::new(
        StatusCode::CONFLICT,
        "answer-lost",
        "A request with this Idempotency-Key was carried out, but its answer was lost, and it is not carried out again. \
         Look up what it has changed; for what is missing, use a new key.",
    )
}

fn too_large() -> ApiError {
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is larger than 6 MB.")
}

impl Answer {
    fn new(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        let kept = KEPT_HEADERS.iter().filter_map(|name| {
            Some((name.as_str().to_owned(), headers.get(name)?.to_str().ok()?.to_owned()))
        });
        Self {
            status: status.as_u16(),
            headers: kept.collect(),
            body: String::from_utf8_lossy(body).into_owned(),
        }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = (status, self.body).into_response();
        for (name, value) in self.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                response.headers_mut().insert(name, value);
            }
        }
        response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
        response
    }
}
