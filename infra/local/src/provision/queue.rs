use std::collections::HashMap;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;

use crate::error::Error;
use crate::template::Queue;

pub(super) async fn create(client: &Client, queue: &Queue) -> Result<(), Error> {
    let attributes = attributes(queue).map_err(Error::provision(&queue.name))?;
    client
        .create_queue()
        .queue_name(&queue.name)
        .set_attributes(Some(attributes))
        .send()
        .await
        .map_err(Error::provision(&queue.name))?;
    Ok(())
}

fn attributes(queue: &Queue) -> Result<HashMap<QueueAttributeName, String>, serde_json::Error> {
    let mut attributes: HashMap<_, _> = queue
        .attributes
        .iter()
        .map(|(name, value)| (QueueAttributeName::from(name.as_str()), value.clone()))
        .collect();
    let visibility = queue.visibility_timeout.as_secs().to_string();
    attributes.insert(QueueAttributeName::VisibilityTimeout, visibility);
    if let Some(redrive) = &queue.redrive {
        attributes.insert(QueueAttributeName::RedrivePolicy, serde_json::to_string(redrive)?);
    }
    Ok(attributes)
}
