//! Deletes what has expired, as far as the services don't do it themselves.
//!
//! The tables delete expired items by their time to live. The bucket deletes old objects by its lifecycle rule on a stage;
//! here it is done once more, for buckets without such rules. The ledgers of deleted portfolios are only deleted here.

use std::time::Duration;

use domain::ledger::{Removal, Segment, SegmentKey};
use futures::{TryStreamExt, stream};
use jiff::Timestamp;
use store::{Bucket, Scope, Store, StoreError};

use crate::tenant::Indexed;

/// The most ledgers of one round; the rest is due in the next.
const ROUND: i32 = 20;
/// How many items are deleted at once.
const AT_ONCE: usize = 16;
/// How long a round goes through the bucket.
const BUDGET: Duration = Duration::from_secs(30);

/// What a round has deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Cleaned {
    /// Ledgers of deleted portfolios.
    pub(crate) ledgers: u32,
    /// Objects that are older than anything that may still ask for them.
    pub(crate) objects: u64,
}

/// Deletes the ledgers of deleted portfolios, and old objects.
pub(crate) async fn run(store: &Store, bucket: &Bucket, now: Timestamp) -> Result<Cleaned, StoreError> {
    let mut cleaned = Cleaned::default();
    for (tenant, removal) in store.due::<Removal>(now, ROUND).await? {
        let scope = store.tenant(&Indexed::by_the_store(tenant));
        remove(&scope, &removal.entity).await?;
        cleaned.ledgers += 1;
    }
    cleaned.objects = bucket.delete_expired_payloads(now, BUDGET).await?;
    Ok(cleaned)
}

/// The segments first: should it end early, the removal is still due.
async fn remove(scope: &Scope, removal: &Removal) -> Result<(), StoreError> {
    let keys = (0..Segment::count(removal.entries))
        .map(|number| SegmentKey { portfolio: removal.portfolio, number });
    stream::iter(keys.map(Ok))
        .try_for_each_concurrent(AT_ONCE, async |key| gone(scope.delete::<Segment>(&key, None).await))
        .await?;
    gone(scope.delete::<Removal>(&removal.portfolio, None).await)
}

fn gone(deleted: Result<(), StoreError>) -> Result<(), StoreError> {
    match deleted {
        Err(StoreError::NotFound) => Ok(()),
        done => done,
    }
}
