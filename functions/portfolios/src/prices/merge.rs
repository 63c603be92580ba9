//! Adding closes to those that are there, for several symbols at once.

use std::time::Duration;

use axum::http::StatusCode;
use domain::{
    price::{MAXIMUM_ROWS, PriceSeries},
    symbol::Symbol,
};
use futures::future::try_join_all;
use platform::IdSource;
use store::{Audited, StoreError};
use web::ApiError;

use super::view::SeriesSummary;

/// How often a load is tried while others change the same series.
const ATTEMPTS: u32 = 6;
const FIRST_PAUSE_MILLISECONDS: u64 = 20;

/// Why nothing was loaded.
#[derive(Debug, thiserror::Error)]
pub(super) enum MergeError {
    /// Old and new closes are too many.
    #[error("{0} would have too many rows")]
    TooLong(Symbol),
    /// The store did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<MergeError> for ApiError {
    fn from(error: MergeError) -> Self {
        let too_large = |detail: String| Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail);
        match error {
            MergeError::TooLong(symbol) => {
                too_large(format!("{symbol} would have more than {MAXIMUM_ROWS} rows; nothing was loaded."))
            }
            MergeError::Store(StoreError::TooLarge) => {
                too_large("These series are too large for one load; load fewer at a time.".to_owned())
            }
            MergeError::Store(error) => error.into(),
        }
    }
}

/// Adds closes to their series, where the new ones win: to all series, or to none.
///
/// # Errors
/// `Contended` when others kept changing the same series.
pub(super) async fn merge(
    audited: &Audited,
    loaded: &[PriceSeries],
    ids: &IdSource,
) -> Result<Vec<SeriesSummary>, MergeError> {
    for attempt in 0..ATTEMPTS {
        match try_merge(audited, loaded).await {
            Err(MergeError::Store(
                StoreError::AlreadyExists
                | StoreError::Contended
                | StoreError::NotFound
                | StoreError::VersionMismatch(_),
            )) => {}
            done => return done,
        }
        // A pause by chance, so that two loads don't meet again.
        let pause = ids.seed() % (FIRST_PAUSE_MILLISECONDS << attempt);
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
    Err(StoreError::Contended.into())
}

async fn try_merge(audited: &Audited, loaded: &[PriceSeries]) -> Result<Vec<SeriesSummary>, MergeError> {
    let scope = audited.scope();
    let found = try_join_all(loaded.iter().map(|series| scope.find::<PriceSeries>(&series.symbol))).await?;
    let mut writes = Vec::with_capacity(loaded.len());
    let mut summaries = Vec::with_capacity(loaded.len());
    let (mut before, mut after) = (Vec::new(), Vec::with_capacity(loaded.len()));
    for (new, old) in loaded.iter().zip(found) {
        match old {
            None => {
                writes.push(scope.write_new(new)?);
                after.push(new.clone());
                summaries.push(new.into());
            }
            Some(old) => {
                before.push(old.entity.clone());
                let merged = old
                    .try_map(|old| old.merge(new.clone()))
                    .map_err(|_| MergeError::TooLong(new.symbol.clone()))?;
                writes.push(scope.write_changed(&merged)?);
                after.push(merged.entity.clone());
                summaries.push(merged.into());
            }
        }
    }
    audited.clone().changed_all(&before, &after).transact(writes).await?;
    Ok(summaries)
}
