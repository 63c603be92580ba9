//! Closes from outside: where they come from, and the upkeep of tenants' prices with them.

mod closes;
mod file;
mod http;
mod update;

use std::sync::Arc;

use domain::{price::Close, symbol::Symbol};
use futures::future::BoxFuture;
use jiff::civil::Date;
use lambda_runtime::Error;
use platform::Context;

use file::FileSource;
use http::HttpSource;
pub(crate) use update::Updates;

/// Where daily closes come from.
pub(crate) trait MarketData: Send + Sync {
    /// What the report calls it; nothing secret.
    fn name(&self) -> String;

    /// The closes of a symbol by ascending date, from a day on at least.
    fn closes<'a>(
        &'a self,
        symbol: &'a Symbol,
        from: Option<Date>,
    ) -> BoxFuture<'a, Result<Vec<Close>, SourceError>>;
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
    #[error("the source does not answer: {0}")]
    Unavailable(String),
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
