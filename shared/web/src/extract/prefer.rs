//! `Prefer: wait=N` (RFC 7240).

use std::{convert::Infallible, time::Duration};

use axum::{extract::FromRequestParts, http::request::Parts};

/// The longest wait; API Gateway gives up at 29 s.
const MAXIMUM: u64 = 25;

/// How long the client is ready to wait for news, at most 25 s; nothing when it doesn't say.
#[derive(Debug, Clone, Copy)]
pub struct PreferWait(pub Duration);

impl<S: Sync> FromRequestParts<S> for PreferWait {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let preferences = parts.headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
        let seconds = preferences
            .flat_map(|value| value.split([',', ';']))
            .find_map(|preference| preference.trim().strip_prefix("wait=")?.trim().parse().ok());
        Ok(Self(Duration::from_secs(u64::min(seconds.unwrap_or(0), MAXIMUM))))
    }
}
