//! Closes from outside: where they come from, and the upkeep of tenants' prices with them.

mod closes;
mod file;
mod http;
mod update;

use std::{sync::Arc, time::Duration};

use domain::{market_data::Failure, price::Close, symbol::Symbol};
use futures::future::BoxFuture;
use jiff::{SignedDuration, civil::Date};
use lambda_runtime::Error;
use platform::Context;

use file::FileSource;
use http::HttpSource;
pub(crate) use update::Updates;

/// Where daily closes come from.
pub(crate) trait MarketData: Send + Sync {
    /// What the report calls it; nothing secret.
    fn name(&self) -> String;

    /// The closes of a symbol, from a day on at least.
    fn closes<'a>(
        &'a self,
        symbol: &'a Symbol,
        from: Option<Date>,
    ) -> BoxFuture<'a, Result<Closes, SourceError>>;
}

/// What a source has of a symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Closes {
    /// By ascending date.
    closes: Vec<Close>,
    /// How many rows were left out, as they are of days to come.
    future_rows: usize,
}

/// Why a source has no closes to give. The texts are told to the tenant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SourceError {
    /// It does not know the symbol.
    #[error("the source has no closes of this symbol")]
    Unknown,
    /// It answers with what can't be taken.
    #[error("the source's answer can't be taken: {0}")]
    Unusable(String),
    /// It does not answer; another time it may.
    #[error("the source does not answer: {reason}")]
    Unavailable {
        /// Why not.
        reason: String,
        /// How long it asks to be left alone.
        retry_after: Option<Duration>,
    },
}

impl SourceError {
    fn unavailable(reason: impl Into<String>) -> Self {
        Self::Unavailable { reason: reason.into(), retry_after: None }
    }
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        let reason = error.to_string();
        match error {
            SourceError::Unavailable { retry_after, .. } => {
                let wait =
                    retry_after.map(|wait| SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX));
                Self { reason, retry: Some(wait.unwrap_or_default()) }
            }
            SourceError::Unknown | SourceError::Unusable(_) => Self::lasting(reason),
        }
    }
}

/// The source that `MARKET_DATA_URL` names: `https://…/{symbol}…` or `file:///folder`; none where it is not set.
///
/// # Errors
/// When the variable names no source.
pub(crate) fn from_env(context: &Context) -> Result<Option<Arc<dyn MarketData>>, Error> {
    let Some(url) = context.env.optional::<String>("MARKET_DATA_URL")? else { return Ok(None) };
    Ok(Some(match url.strip_prefix("file://") {
        Some(folder) => Arc::new(FileSource::new(folder)),
        None => Arc::new(HttpSource::new(&url, context)?),
    }))
}
