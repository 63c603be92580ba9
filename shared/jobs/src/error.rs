//! Why a step of a job did not happen.

use domain::task::{Failure, NotAllowed};
use store::{PayloadError, StoreError};

use crate::failure;

/// Why a step of a job did not happen.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The task can't be done; trying again changes nothing.
    #[error("the task failed: {}", .0.detail)]
    Failed(Failure),
    /// The task has gone on without this step; there is nothing left to do.
    #[error(transparent)]
    Overtaken(#[from] NotAllowed),
    /// Somebody else is at it; if they fail, the next delivery takes over.
    #[error("another worker holds the lease")]
    Leased,
    /// The computation crashed.
    #[error("the computation crashed")]
    Crashed,
    /// The store did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A payload can't be had.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// The queue did not do its part.
    #[error("the queue failed")]
    Send(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl JobError {
    /// What the task failed of, where trying again changes nothing.
    pub(crate) fn lasting(&self) -> Option<Failure> {
        match self {
            Self::Failed(failure) => Some(failure.clone()),
            Self::Payload(PayloadError::Gone) => Some(failure::gone()),
            Self::Store(error @ StoreError::Corrupt(_))
            | Self::Payload(PayloadError::Store(error @ StoreError::Corrupt(_))) => {
                Some(failure::unreadable(error))
            }
            _ => None,
        }
    }
}
