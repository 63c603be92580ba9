//! Closes from a vendor's HTTP API.
//!
//! Who deploys the stage names the vendor, and only its host is ever asked: over TLS, without following redirects, in bounded
//! time. What it answers is treated like what a stranger sends.

use std::time::Duration;

use aws_sdk_secretsmanager::Client as Secrets;
use domain::symbol::Symbol;
use futures::future::BoxFuture;
use jiff::civil::{Date, date};
use lambda_runtime::Error;
use platform::{Clock, Context};
use reqwest::{Client, Response, StatusCode, Url, header::RETRY_AFTER, redirect::Policy};
use tokio::sync::RwLock;

use super::{Closes, MarketData, SourceError, closes};

/// How long one answer may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The largest answer that is read.
const MAXIMUM_BYTES: usize = 4 * 1024 * 1024;
/// How often a symbol is asked for, and how long after a first failure.
const ATTEMPTS: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest pause that a vendor may ask for; for more, the symbol's turn comes in a later pass.
const LONGEST_PAUSE: Duration = Duration::from_secs(3);
/// Where a history begins for a symbol that has none yet.
const EARLIEST: Date = date(1990, 1, 1);

/// A vendor, whose addresses are made of a pattern with `{symbol}`, perhaps `{from}` and `{key}`.
pub(super) struct HttpSource {
    pattern: String,
    /// Scheme, host and port: what no symbol can change.
    origin: String,
    client: Client,
    clock: Clock,
    key: Key,
}

/// The API's key, which is read when it is first needed, and again when the vendor refuses it.
struct Key {
    given: Option<String>,
    arn: Option<String>,
    secrets: Secrets,
    value: RwLock<Option<String>>,
}

/// What became of a request.
enum Answer {
    Closes(Closes),
    /// The key is not good, or no longer.
    KeyRefused(StatusCode),
}

impl HttpSource {
    /// The vendor of a pattern. Its key is `MARKET_DATA_KEY`, or the secret that `MARKET_DATA_KEY_ARN` names.
    ///
    /// # Errors
    /// Unless the pattern is an https address with `{symbol}` behind its host. For a vendor on the same machine it may be http.
    pub(super) fn new(pattern: &str, context: &Context) -> Result<Self, Error> {
        let url = fill(pattern, "A", EARLIEST, "key").map_err(|_| "MARKET_DATA_URL is no address")?;
        let (origin, local) = (origin(&url), is_loopback(&url));
        let other = fill(pattern, "B", EARLIEST, "other").map_err(|_| "MARKET_DATA_URL is no address")?;
        if url.scheme() != "https" && !(url.scheme() == "http" && local) {
            return Err("MARKET_DATA_URL must begin with https".into());
        }
        if !pattern.contains("{symbol}") || self::origin(&other) != origin {
            return Err("MARKET_DATA_URL must have {symbol}, behind the host".into());
        }
        let client = Client::builder()
            .redirect(Policy::none())
            .https_only(!local)
            .connect_timeout(TIMEOUT)
            .timeout(TIMEOUT)
            .user_agent(concat!("ballast/", env!("CARGO_PKG_VERSION")))
            .build()?;
        let key = Key {
            given: context.env.optional("MARKET_DATA_KEY")?,
            arn: context.env.optional("MARKET_DATA_KEY_ARN")?,
            secrets: Secrets::new(&context.aws),
            value: RwLock::new(None),
        };
        Ok(Self { pattern: pattern.to_owned(), origin, client, clock: context.clock.clone(), key })
    }

    async fn ask(&self, symbol: &Symbol, from: Option<Date>) -> Result<Closes, SourceError> {
        // Dots alone would name another folder.
        if !symbol.to_string().bytes().any(|b| b.is_ascii_alphanumeric()) {
            return Err(SourceError::Unknown);
        }
        let url = |key: &str| {
            let url = fill(&self.pattern, &symbol.to_string(), from.unwrap_or(EARLIEST), key)?;
            if origin(&url) == self.origin { Ok(url) } else { Err(SourceError::Unknown) }
        };
        let key = self.key.get().await?;
        let status = match self.ask_again(url(&key)?).await? {
            Answer::Closes(closes) => return Ok(closes),
            Answer::KeyRefused(status) => status,
        };
        // It may have been replaced since it was read.
        let fresh = self.key.refresh(&key).await?;
        if fresh != key
            && let Answer::Closes(closes) = self.ask_again(url(&fresh)?).await?
        {
            return Ok(closes);
        }
        Err(SourceError::Unusable(format!("status {}", status.as_u16())))
    }

    /// Asks until it is answered, has failed often enough, or is told to wait for long.
    async fn ask_again(&self, url: Url) -> Result<Answer, SourceError> {
        let mut pause = FIRST_PAUSE;
        for _ in 1..ATTEMPTS {
            match self.ask_once(url.clone()).await {
                Err(SourceError::Unavailable { retry_after, .. })
                    if retry_after.is_none_or(|wait| wait <= LONGEST_PAUSE) =>
                {
                    tokio::time::sleep(retry_after.unwrap_or_default().max(pause)).await;
                }
                answered => return answered,
            }
            pause *= 4;
        }
        self.ask_once(url).await
    }

    async fn ask_once(&self, url: Url) -> Result<Answer, SourceError> {
        let sent = self.client.get(url).send().await.map_err(unavailable)?;
        match sent.status() {
            StatusCode::OK => {}
            status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
                return Ok(Answer::KeyRefused(status));
            }
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(SourceError::Unknown),
            status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                let (reason, retry_after) = (format!("status {}", status.as_u16()), retry_after(&sent));
                return Err(SourceError::Unavailable { reason, retry_after });
            }
            status => return Err(SourceError::Unusable(format!("status {}", status.as_u16()))),
        }
        let text = text(sent).await?;
        let today = self.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
        closes::parse(&text, today).map(Answer::Closes)
    }
}

impl MarketData for HttpSource {
    fn name(&self) -> String {
        self.origin.clone()
    }

    fn closes<'a>(
        &'a self,
        symbol: &'a Symbol,
        from: Option<Date>,
    ) -> BoxFuture<'a, Result<Closes, SourceError>> {
        Box::pin(self.ask(symbol, from))
    }
}

impl Key {
    async fn get(&self) -> Result<String, SourceError> {
        if let Some(key) = &*self.value.read().await {
            return Ok(key.clone());
        }
        let mut value = self.value.write().await;
        match &*value {
            Some(key) => Ok(key.clone()),
            None => Ok(value.insert(self.read().await?).clone()),
        }
    }

    /// The key that there is now in place of a refused one, unless another request has found it already.
    async fn refresh(&self, refused: &str) -> Result<String, SourceError> {
        let mut value = self.value.write().await;
        match &*value {
            Some(key) if key != refused => Ok(key.clone()),
            _ => Ok(value.insert(self.read().await?).clone()),
        }
    }

    async fn read(&self) -> Result<String, SourceError> {
        let (None, Some(arn)) = (&self.given, &self.arn) else {
            return Ok(self.given.clone().unwrap_or_default());
        };
        let sent = self.secrets.get_secret_value().secret_id(arn).send().await;
        sent.ok().and_then(|secret| secret.secret_string).ok_or_else(|| {
            tracing::error!("the market data key could not be read");
            SourceError::unavailable("its key could not be read")
        })
    }
}

/// How long the vendor asks to be left alone, in seconds; a date is not read.
fn retry_after(response: &Response) -> Option<Duration> {
    let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    seconds.trim().parse().ok().map(Duration::from_secs)
}

/// The body as text, as long as it is no longer than it may be.
async fn text(mut response: Response) -> Result<String, SourceError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unavailable)? {
        if bytes.len() + chunk.len() > MAXIMUM_BYTES {
            return Err(SourceError::Unusable("it is larger than 4 MB".to_owned()));
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| SourceError::Unusable("it is no UTF-8".to_owned()))
}

/// The kind of the error alone: the rest of it holds the address, and so the key.
fn unavailable(error: reqwest::Error) -> SourceError {
    let kind = if error.is_timeout() { "it took too long" } else { "the connection failed" };
    SourceError::unavailable(kind)
}

fn fill(pattern: &str, symbol: &str, from: Date, key: &str) -> Result<Url, SourceError> {
    let filled = pattern
        .replace("{symbol}", &encoded(symbol))
        .replace("{from}", &from.to_string())
        .replace("{key}", &encoded(key));
    Url::parse(&filled).map_err(|_| SourceError::Unknown)
}

/// The text as one segment of a path, or one value of a query.
fn encoded(text: &str) -> String {
    let encode = |b: u8| match b {
        b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    };
    text.bytes().map(encode).collect()
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeMap,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering::SeqCst},
        },
    };

    use aws_config::{BehaviorVersion, Region, SdkConfig};
    use aws_sdk_secretsmanager::config::{Credentials, SharedCredentialsProvider};
    use axum::{
        Json, Router,
        extract::Path,
        http::StatusCode,
        routing::{get, post},
    };
    use platform::Env;
    use serde_json::json;

    use super::*;

    /// A vendor that takes one key, and a secret that is `old` when it is first read and `new` from then on; with how often
    /// the vendor and the secret were asked.
    async fn source(good: &'static str) -> (HttpSource, [Arc<AtomicUsize>; 2]) {
        let [asked, read] = [Arc::<AtomicUsize>::default(), Arc::default()];
        let counts = [asked.clone(), read.clone()];
        let vendor = async move |Path((_, key)): Path<(String, String)>| {
            asked.fetch_add(1, SeqCst);
            let status = if key == good { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
            (status, "date,close\n2024-01-02,1\n")
        };
        let secret = async move || {
            let key = if read.fetch_add(1, SeqCst) == 0 { "old" } else { "new" };
            Json(json!({ "SecretString": key }))
        };
        let router = Router::new().route("/eod/{symbol}/{key}", get(vendor)).route("/", post(secret));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async { axum::serve(listener, router).await });
        let credentials = Credentials::new("id", "secret", None, None, "test");
        let aws = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("eu-central-1"))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .endpoint_url(&address)
            .build();
        let env = BTreeMap::from([("MARKET_DATA_KEY_ARN".to_owned(), "arn".to_owned())]);
        let context = Context::new(Env::from(env), aws, Clock::system());
        (HttpSource::new(&format!("{address}/eod/{{symbol}}/{{key}}"), &context).unwrap(), counts)
    }

    #[tokio::test]
    async fn a_refused_key_is_read_again_and_no_further() {
        let symbol: Symbol = "AAPL".parse().unwrap();
        let counted = |[asked, read]: &[Arc<AtomicUsize>; 2]| (asked.load(SeqCst), read.load(SeqCst));
        let (source, counts) = source("new").await;
        for _ in 0..2 {
            assert_eq!(source.ask(&symbol, None).await.map(|found| found.closes.len()), Ok(1));
        }
        assert_eq!(counted(&counts), (3, 2), "the new key is kept");
        let (source, counts) = self::source("another").await;
        let refused = Err(SourceError::Unusable("status 401".to_owned()));
        assert_eq!(source.ask(&symbol, None).await, refused);
        assert_eq!(counted(&counts), (2, 2));
    }
}
