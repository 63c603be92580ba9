//! Deletes what has expired, as far as the services don't do it themselves.
//!
//! The tables delete expired items by their time to live. The bucket deletes old objects by its lifecycle rule on a stage;
//! here it is done once more, for buckets without such rules. The ledgers of deleted portfolios are only deleted here.

use std::time::{Duration, Instant};

use domain::ledger::{REFERENCE_PARTS, References, ReferencesKey, Removal, Segment, SegmentKey};
use futures::{TryStreamExt, stream};
use jiff::Timestamp;
use store::{Bucket, Scope, Store, StoreError};

use crate::{AGAIN, give_way, tenant::Indexed};

/// How many ledgers are looked up at once.
const LEDGERS: i32 = 20;
/// How long a round goes on with further ledgers; the rest is due in the next.
const LEDGERS_BUDGET: Duration = Duration::from_secs(25);
/// How many items are deleted at once.
const AT_ONCE: usize = 16;
/// How long a round goes through the bucket.
const OBJECTS_BUDGET: Duration = Duration::from_secs(25);

/// What a round has deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Cleaned {
    /// Ledgers of deleted portfolios.
    pub(crate) ledgers: u32,
    /// Ledgers that could not be deleted, and are due again.
    pub(crate) failed: u32,
    /// Objects that are older than anything that may still ask for them.
    pub(crate) objects: u64,
}

/// Deletes the ledgers of deleted portfolios, and old objects.
pub(crate) async fn run(store: &Store, bucket: &Bucket, now: Timestamp) -> Result<Cleaned, StoreError> {
    let mut cleaned = Cleaned::default();
    let end = Instant::now() + LEDGERS_BUDGET;
    while Instant::now() < end {
        let due = store.due::<Removal>(now, LEDGERS).await?;
        let last = due.items.len() < LEDGERS as usize;
        for (tenant, removal) in due {
            let scope = store.tenant(&Indexed::by_the_store(tenant));
            match remove(&scope, &removal.entity).await {
                Ok(()) => cleaned.ledgers += 1,
                Err(error) => {
                    cleaned.failed += 1;
                    tracing::error!(%tenant, %error, "a ledger could not be deleted");
                    give_way(scope.postpone::<Removal>(&removal.entity.portfolio, now + AGAIN).await);
                }
            }
        }
        if last {
            break;
        }
    }
    cleaned.objects = bucket.delete_expired_payloads(now, OBJECTS_BUDGET).await?;
    Ok(cleaned)
}

/// The entries and references first: should it end early, the removal is still due.
async fn remove(scope: &Scope, removal: &Removal) -> Result<(), StoreError> {
    let keys = (0..Segment::count(removal.entries))
        .map(|number| SegmentKey { portfolio: removal.portfolio, number });
    stream::iter(keys.map(Ok))
        .try_for_each_concurrent(AT_ONCE, async |key| gone(scope.delete::<Segment>(&key, None).await))
        .await?;
    let parts = (0..REFERENCE_PARTS).map(|part| ReferencesKey { portfolio: removal.portfolio, part });
    stream::iter(parts.map(Ok))
        .try_for_each_concurrent(AT_ONCE, async |key| gone(scope.delete::<References>(&key, None).await))
        .await?;
    gone(scope.delete::<Removal>(&removal.portfolio, None).await)
}

fn gone(deleted: Result<(), StoreError>) -> Result<(), StoreError> {
    match deleted {
        Err(StoreError::NotFound) => Ok(()),
        done => done,
    }
}
