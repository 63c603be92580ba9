//! Creates what the template describes, through the real SDK clients. What a data folder already has is left as it is.

mod bucket;
mod queue;
mod secrets;
mod table;

pub(crate) use secrets::secrets;

use crate::error::Error;
use crate::services::Endpoints;
use crate::template::Template;

/// Creates the template's tables, queues and buckets.
pub async fn provision(template: &Template, endpoints: &Endpoints) -> Result<(), Error> {
    let (dynamodb, sqs, s3) = (endpoints.dynamodb_client(), endpoints.sqs_client(), endpoints.s3_client());
    for table in &template.tables {
        table::create(&dynamodb, table).await?;
    }
    for queue in &template.queues {
        queue::create(&sqs, queue).await?;
    }
    for bucket in &template.buckets {
        bucket::create(&s3, bucket).await?;
    }
    Ok(())
}
