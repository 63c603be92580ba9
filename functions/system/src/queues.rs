//! The queues, as far as the status asks for them.

use aws_sdk_sqs::{
    Client, error::SdkError, operation::get_queue_attributes::GetQueueAttributesError,
    types::QueueAttributeName,
};
use platform::{Context, EnvError};

/// The way to the queues.
#[derive(Clone)]
pub struct Queues {
    sqs: Client,
    risk_calculations: String,
}

impl Queues {
    /// Reads `RISK_CALCULATIONS_QUEUE_URL`.
    pub fn new(context: &Context) -> Result<Self, EnvError> {
        let risk_calculations = context.env.required("RISK_CALCULATIONS_QUEUE_URL")?;
        Ok(Self { sqs: Client::new(&context.aws), risk_calculations })
    }

    /// Whether the queue of risk calculations answers; the others are of the same service.
    pub async fn check(&self) -> Result<(), SdkError<GetQueueAttributesError>> {
        let attributes = self.sqs.get_queue_attributes().queue_url(&self.risk_calculations);
        attributes.attribute_names(QueueAttributeName::QueueArn).send().await?;
        Ok(())
    }
}
