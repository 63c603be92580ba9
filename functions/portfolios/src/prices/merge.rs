//! Adding closes to those that are there, for several symbols at once.

use axum::http::StatusCode;
use domain::{
    price::{MAXIMUM_ROWS, PriceSeries},
    symbol::Symbol,
};
use platform::IdSource;
use store::{Audited, StoreError};
use web::ApiError;

use super::view::SeriesSummary;

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
    let merge = |old: PriceSeries, new: &PriceSeries| {
        old.merge(new.clone()).map_err(|_| MergeError::TooLong(new.symbol.clone()))
    };
    Ok(audited.merge(loaded, merge, ids).await?.iter().map(SeriesSummary::from).collect())
}
