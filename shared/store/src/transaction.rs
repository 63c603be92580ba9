//! Writes that happen all or not at all.

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::transact_write_items::TransactWriteItemsError::TransactionCanceledException as Cancelled,
    types::{Delete, Put, TransactWriteItem, Update},
};

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
    /// Needs the item at a version, and leaves nothing.
    Delete(Delete),
}

impl Write {
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

pub(crate) async fn transact(store: &Store, writes: Vec<Write>) -> Result<(), StoreError> {
    let sizes = || writes.iter().map(Write::size);
    if sizes().any(|size| size > MAXIMUM_ITEM) || sizes().sum::<usize>() > MAXIMUM_TRANSACTION {
        return Err(StoreError::TooLarge);
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
            let Cancelled(cancelled) = error.into_err() else { return Err(StoreError::Contended) };
            let reasons = cancelled.cancellation_reasons.unwrap_or_default();
            let refused = reasons.iter().zip(creating).find_map(|(reason, creating)| {
                (reason.code.as_deref() == Some("ConditionalCheckFailed"))
                    .then(|| classify(reason.item.as_ref(), creating))
            });
            Err(refused.unwrap_or(StoreError::Contended))
        }
        Err(error) => Err(error.into()),
    }
}
