//! Checkpoints: how far chains had come, kept outside of the table.

use aws_sdk_s3::primitives::ByteStream;
use domain::{TenantId, audit::Checkpoint};
use platform::{Context, EnvError};

use crate::{Bucket, StoreError, keys};

/// The bucket of the checkpoints, whose objects are locked: nobody changes or deletes what was once put there.
#[derive(Debug, Clone)]
pub struct Checkpoints(Bucket);

/// What lies in the place of the last checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Last {
    /// Nothing, as the chain is too young for one.
    Nothing,
    /// Something that no checkpoint can be read from.
    Illegible,
    /// A checkpoint, ours or not.
    Checkpoint(Checkpoint),
}

impl Checkpoints {
    /// The bucket that `AUDIT_BUCKET` names.
    ///
    /// # Errors
    /// When the variable is missing.
    pub fn from_env(context: &Context) -> Result<Self, EnvError> {
        Ok(Self(Bucket::new(&context.aws, context.env.required("AUDIT_BUCKET")?)))
    }

    /// The last checkpoint of a tenant. One that is put beside it does not take its place, unless it is a later one.
    pub(crate) async fn last(&self, tenant: TenantId) -> Result<Last, StoreError> {
        let Bucket { client, name } = &self.0;
        let listed = client.list_objects_v2().bucket(name).prefix(keys::checkpoints(tenant)).max_keys(1);
        let first = listed.send().await?.contents.unwrap_or_default().into_iter().next();
        let Some(key) = first.and_then(|object| object.key) else { return Ok(Last::Nothing) };
        let object = client.get_object().bucket(name).key(key).send().await?;
        let bytes = object.body.collect().await.map_err(|error| StoreError::Unavailable(error.into()))?;
        let read = serde_json::from_slice(&bytes.into_bytes());
        Ok(read.map_or(Last::Illegible, Last::Checkpoint))
    }

    /// Keeps a checkpoint for good.
    pub(crate) async fn keep(&self, checkpoint: &Checkpoint) -> Result<(), StoreError> {
        let Bucket { client, name } = &self.0;
        let text = serde_json::to_vec(checkpoint).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let key = keys::checkpoint(checkpoint.tenant, checkpoint.link.seq);
        client.put_object().bucket(name).key(key).body(ByteStream::from(text)).send().await?;
        Ok(())
    }
}
