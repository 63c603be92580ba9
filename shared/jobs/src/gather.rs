//! Work that is no computation: it reads what a tenant has, and writes a file as it goes.

use domain::task::{NotAllowed, PayloadRef, Task};
use futures::future::BoxFuture;
use jiff::Timestamp;
use store::{Bucket, Scope, StoreError, Upload};

use crate::{JobError, failure::too_large, shards::Shards};

/// Makes a file of what a tenant has, at the time that it is read.
///
/// It is done by one worker from its beginning to its end, under the lease of the task's plan. Whatever fails or dies is
/// begun anew by the next delivery, so it must be safe to do twice; nothing of a file is to be seen before it is complete.
pub trait Gather: Send + Sync + 'static {
    /// The file's media type.
    fn content_type(&self) -> &'static str;

    /// In how many steps it goes; what the task's progress counts.
    fn steps(&self) -> u32;

    /// Writes the file.
    ///
    /// # Errors
    /// `Failed` for what another try can't mend; whatever reading and writing come upon.
    fn gather<'a>(&'a self, at: &'a mut Gathering<'_>) -> BoxFuture<'a, Result<(), JobError>>;
}

/// A file on its way: what may be read for it, and where it is written.
pub struct Gathering<'a> {
    store: &'a Scope,
    bucket: &'a Bucket,
    task: &'a Task,
    upload: Upload,
    done: u32,
}

impl<'a> Gathering<'a> {
    pub(crate) async fn begin(
        (store, bucket): (&'a Scope, &'a Bucket),
        task: &'a Task,
        upload: Upload,
        now: Timestamp,
    ) -> Result<Self, JobError> {
        match store.create(Shards::new(task.id, task.shards.unwrap_or(1), now)).await {
            Ok(_) | Err(StoreError::AlreadyExists) => Ok(Self { store, bucket, task, upload, done: 0 }),
            Err(error) => Err(error.into()),
        }
    }

    /// All that the tenant has.
    pub fn store(&self) -> &'a Scope {
        self.store
    }

    /// Where large things lie.
    pub fn bucket(&self) -> &'a Bucket {
        self.bucket
    }

    /// Adds bytes at the end of the file.
    ///
    /// # Errors
    /// `Overtaken` once the task has ended otherwise: somebody has cancelled it. `Failed` above 5 GiB.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), JobError> {
        self.expect_wanted().await?;
        match self.upload.write(bytes).await {
            Err(StoreError::TooLarge) => Err(JobError::Failed(too_large())),
            written => Ok(written?),
        }
    }

    /// Marks the next step as done.
    pub async fn step(&mut self) -> Result<(), JobError> {
        self.store.add_member::<Shards>(&self.task.id, self.done).await?;
        self.done += 1;
        Ok(())
    }

    pub(crate) async fn finish(self) -> Result<PayloadRef, JobError> {
        Ok(self.upload.finish().await?)
    }

    pub(crate) async fn abandon(self) {
        if let Err(error) = self.upload.abandon().await {
            tracing::warn!(task = %self.task.id, %error, "an upload was not thrown away");
        }
    }

    async fn expect_wanted(&self) -> Result<(), JobError> {
        let state = self.store.get::<Task>(&self.task.id).await?.entity.state;
        if state.is_final() { Err(NotAllowed(state).into()) } else { Ok(()) }
    }
}
