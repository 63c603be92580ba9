//! What is known of a task's shards: which are done, and what each has computed.

use std::collections::BTreeSet;

use domain::{Entity, TaskId, task::PayloadRef};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Bucket, PayloadError, Scope, StoreError, Stored};

use crate::JobError;

/// How long the traces of a task's shards are kept.
const RETENTION: SignedDuration = SignedDuration::from_hours(24 * 7);
/// How many partial results are fetched at once.
const FETCHES: usize = 16;

/// A task's set of shards; the item also holds the set of those that are done. It is small, because each shard writes it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Shards {
    pub(crate) task: TaskId,
    pub(crate) total: u32,
    /// Set by the one worker that may reduce first.
    pub(crate) reducing: bool,
    pub(crate) expires_at: Timestamp,
}

impl Shards {
    pub(crate) fn new(task: TaskId, total: u32, now: Timestamp) -> Self {
        Self { task, total, reducing: false, expires_at: now + RETENTION }
    }
}

impl Entity for Shards {
    const KIND: &'static str = "SHARDS";
    type Key = TaskId;

    fn key(&self) -> String {
        self.task.to_string()
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

/// What a shard has computed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Partial {
    task: TaskId,
    shard: u32,
    payload: PayloadRef,
    expires_at: Timestamp,
}

impl Entity for Partial {
    const KIND: &'static str = "PARTIAL";
    type Key = str;

    fn key(&self) -> String {
        key(self.task, self.shard)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

fn key(task: TaskId, shard: u32) -> String {
    format!("{task}#{shard:05}")
}

/// Whether a shard's result is kept already.
pub(crate) async fn is_kept(store: &Scope, task: TaskId, shard: u32) -> Result<bool, StoreError> {
    Ok(store.find::<Partial>(&key(task, shard)).await?.is_some())
}

/// Keeps a shard's result, unless a twin was faster: both are the same.
pub(crate) async fn keep(
    (store, bucket): (&Scope, &Bucket),
    (task, shard): (TaskId, u32),
    bytes: Vec<u8>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let payload = store.put_payload(bucket, bytes).await?;
    match store.create(Partial { task, shard, payload, expires_at: now + RETENTION }).await {
        Err(StoreError::AlreadyExists) => Ok(()),
        kept => kept.map(|_| ()),
    }
}

/// All shards' results, in the order of the shards.
pub(crate) async fn all(
    (store, bucket): (&Scope, &Bucket),
    task: TaskId,
    total: u32,
) -> Result<Vec<Vec<u8>>, JobError> {
    let fetches = (0..total).map(|shard| async move {
        let partial = store.find::<Partial>(&key(task, shard)).await?.ok_or(PayloadError::Gone)?;
        Ok(store.payload(bucket, &partial.entity.payload).await?)
    });
    stream::iter(fetches).buffered(FETCHES).try_collect().await
}

/// Which shards are done, and how many there are; nothing before the task is cut into shards.
pub(crate) async fn progress(
    store: &Scope,
    task: TaskId,
) -> Result<Option<(Stored<Shards>, BTreeSet<u32>)>, StoreError> {
    store.find_with_members::<Shards>(&task).await
}

/// How many of a task's shards are done.
pub async fn shards_done(store: &Scope, task: TaskId) -> Result<u32, StoreError> {
    Ok(progress(store, task).await?.map_or(0, |(_, done)| done.len() as u32))
}
