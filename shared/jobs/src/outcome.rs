//! What tasks have computed, for those who work with it.

use domain::{TaskId, task::Task};
use store::{Bucket, PayloadError, Scope, StoreError};

/// The document that a task has computed. None while it has not ended, where it has failed, and when it is kept no longer.
pub async fn outcome(store: &Scope, bucket: &Bucket, task: TaskId) -> Result<Option<String>, StoreError> {
    let result = store.find::<Task>(&task).await?.and_then(|task| task.entity.result);
    let Some(result) = result else { return Ok(None) };
    match store.payload(bucket, &result).await {
        Ok(bytes) => {
            let text = String::from_utf8(bytes);
            text.map(Some).map_err(|error| StoreError::Corrupt(error.to_string()))
        }
        Err(PayloadError::Gone) => Ok(None),
        Err(PayloadError::Store(error)) => Err(error),
    }
}
