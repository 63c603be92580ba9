use aws_sdk_s3::Client;

use crate::error::Error;
use crate::template::Bucket;

pub(super) async fn create(client: &Client, bucket: &Bucket) -> Result<(), Error> {
    match client.create_bucket().bucket(&bucket.name).send().await {
        Ok(_) => Ok(()),
        Err(error) if error.as_service_error().is_some_and(exists) => Ok(()),
        Err(error) => Err(Error::provision(&bucket.name)(error)),
    }
}

fn exists(error: &aws_sdk_s3::operation::create_bucket::CreateBucketError) -> bool {
    error.is_bucket_already_exists() || error.is_bucket_already_owned_by_you()
}
