//! Writes that happen all or not at all.

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::transact_write_items::TransactWriteItemsError::TransactionCanceledException as Cancelled,
    types::{Delete, Put, TransactWriteItem, Update},
};
use jiff::Timestamp;

use crate::{Store, StoreError, item::classify, size};

/// DynamoDB's limit on one item.
const MAXIMUM_ITEM: usize = 400 * 1024;
/// DynamoDB's limit on all items of a transaction.
const MAXIMUM_TRANSACTION: usize = 4 * 1024 * 1024;

/// One write of a transaction.
#[derive(Debug, Clone)]
pub enum Write {
    /// Needs an empty place.
    Create(Put),
    /// Needs the item at a version.
    Replace(Update),
    /// Needs the item, at a version if one is given.
    Delete(Delete),
}

/// Why a transaction did not happen.
pub(crate) enum Refusal {
    /// The condition of a write did not hold.
    Condition {
        /// Which write.
        index: usize,
        /// What that means.
        error: StoreError,
    },
    /// Another transaction held one of the items.
    Contended,
    /// It was not even tried.
    Failed(StoreError),
}

impl From<Refusal> for StoreError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Condition { error, .. } | Refusal::Failed(error) => error,
            Refusal::Contended => Self::Contended,
        }
    }
}

impl Write {
    /// The time that the item will say it was written at.
    pub(crate) fn at(&self) -> Result<Timestamp, StoreError> {
        let written = match self {
            Self::Create(put) => put.item.get("updated_at"),
            Self::Replace(update) => {
                update.expression_attribute_values.as_ref().and_then(|values| values.get(":updated_at"))
            }
            Self::Delete(_) => None,
        };
        let text = written.and_then(|at| at.as_s().ok()).and_then(|at| at.parse().ok());
        text.ok_or_else(|| StoreError::Corrupt("a write without its time".to_owned()))
    }

    fn size(&self) -> usize {
        match self {
            Self::Create(put) => size::of(&put.item),
            Self::Replace(update) => {
                size::of(&update.key) + update.expression_attribute_values.as_ref().map_or(0, size::of)
            }
            Self::Delete(delete) => size::of(&delete.key),
        }
    }
}

pub(crate) async fn transact(store: &Store, writes: Vec<Write>) -> Result<(), Refusal> {
    let sizes = || writes.iter().map(Write::size);
    if sizes().any(|size| size > MAXIMUM_ITEM) || sizes().sum::<usize>() > MAXIMUM_TRANSACTION {
        return Err(Refusal::Failed(StoreError::TooLarge));
    }
    let creating: Vec<bool> = writes.iter().map(|write| matches!(write, Write::Create(_))).collect();
    let items = writes.into_iter().map(|write| match write {
        Write::Create(put) => TransactWriteItem::builder().put(put).build(),
        Write::Replace(update) => TransactWriteItem::builder().update(update).build(),
        Write::Delete(delete) => TransactWriteItem::builder().delete(delete).build(),
    });
    let sent = store.dynamodb.transact_write_items().set_transact_items(Some(items.collect())).send().await;
    match sent {
        Ok(_) => Ok(()),
        Err(SdkError::ServiceError(error)) if matches!(error.err(), Cancelled(_)) => {
            let Cancelled(cancelled) = error.into_err() else { return Err(Refusal::Contended) };
            let reasons = cancelled.cancellation_reasons.unwrap_or_default();
            let refused = reasons.iter().zip(creating).enumerate().find_map(|(index, (reason, creating))| {
                (reason.code.as_deref() == Some("ConditionalCheckFailed"))
                    .then(|| Refusal::Condition { index, error: classify(reason.item.as_ref(), creating) })
            });
            Err(refused.unwrap_or(Refusal::Contended))
        }
        Err(error) => match StoreError::from(error) {
            StoreError::Contended => Err(Refusal::Contended),
            error => Err(Refusal::Failed(error)),
        },
    }
}
