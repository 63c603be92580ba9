//! The bucket, for what is too large for an item.

use aws_config::SdkConfig;
use aws_sdk_s3::{Client, config};
use platform::{Context, EnvError};

use crate::StoreError;

/// The bucket of one stage.
///
/// It is no part of the store, so that functions without large data don't carry the client.
#[derive(Debug, Clone)]
pub struct Bucket {
    pub(crate) client: Client,
    pub(crate) name: String,
}

impl Bucket {
    /// A bucket that is reached as `aws` says.
    pub fn new(aws: &SdkConfig, name: String) -> Self {
        // Path style works with every endpoint, a bucket as host name only with that of S3 itself.
        let config = config::Builder::from(aws).force_path_style(true).build();
        Self { client: Client::from_conf(config), name }
    }

    /// The bucket that `DATA_BUCKET` names.
    ///
    /// # Errors
    /// When the variable is missing.
    pub fn from_env(context: &Context) -> Result<Self, EnvError> {
        Ok(Self::new(&context.aws, context.env.required("DATA_BUCKET")?))
    }

    /// Whether the bucket answers.
    pub async fn check(&self) -> Result<(), StoreError> {
        self.client.head_bucket().bucket(&self.name).send().await?;
        Ok(())
    }
}
