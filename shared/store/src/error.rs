//! What can go wrong between us and the store.

use std::{error::Error, fmt::Debug};

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use crate::Version;

/// Why an operation of the store did not happen.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such item.
    #[error("there is no such item")]
    NotFound,
    /// A new item's place is taken.
    #[error("the item exists already")]
    AlreadyExists,
    /// The item was changed since it was read.
    #[error("the item is at version {0} by now")]
    VersionMismatch(Version),
    /// Another transaction holds the item; the same call may succeed a moment later.
    #[error("the item is being changed")]
    Contended,
    /// The claim under which it was to be done has passed to somebody else.
    #[error("the claim has passed to somebody else")]
    ClaimLost,
    /// The data is larger than the store takes.
    #[error("too large")]
    TooLarge,
    /// An item that we can't read.
    #[error("an item can't be read: {0}")]
    Corrupt(String),
    /// The store did not do its part.
    #[error("the store failed")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
}

impl StoreError {
    /// Whether somebody else was first, so that it may go well from the start.
    pub fn is_lost_race(&self) -> bool {
        matches!(self, Self::NotFound | Self::AlreadyExists | Self::VersionMismatch(_) | Self::Contended)
    }
}

impl<E, R> From<SdkError<E, R>> for StoreError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    R: Debug + Send + Sync + 'static,
{
    fn from(error: SdkError<E, R>) -> Self {
        match error.as_service_error().and_then(ProvideErrorMetadata::code) {
            Some("TransactionConflictException" | "TransactionInProgressException") => Self::Contended,
            _ => Self::Unavailable(error.into()),
        }
    }
}

impl From<serde_dynamo::Error> for StoreError {
    fn from(error: serde_dynamo::Error) -> Self {
        Self::Corrupt(error.to_string())
    }
}
