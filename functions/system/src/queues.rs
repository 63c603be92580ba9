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
    portfolio_operations: String,
    report_generation: String,
}

impl Queues {
    /// Reads `RISK_CALCULATIONS_QUEUE_URL`, `PORTFOLIO_OPERATIONS_QUEUE_URL` and `REPORT_GENERATION_QUEUE_URL`.
    pub fn new(context: &Context) -> Result<Self, EnvError> {
        let risk_calculations = context.env.required("RISK_CALCULATIONS_QUEUE_URL")?;
        let portfolio_operations = context.env.required("PORTFOLIO_OPERATIONS_QUEUE_URL")?;
        let report_generation = context.env.required("REPORT_GENERATION_QUEUE_URL")?;
        let sqs = Client::new(&context.aws);
        Ok(Self { sqs, risk_calculations, portfolio_operations, report_generation })
    }

    /// Whether the queues of long work answer.
    pub async fn check(&self) -> Result<(), SdkError<GetQueueAttributesError>> {
        let asked = |url| {
            let attributes = self.sqs.get_queue_attributes().queue_url(url);
            attributes.attribute_names(QueueAttributeName::QueueArn).send()
        };
        tokio::try_join!(
            asked(&self.risk_calculations),
            asked(&self.portfolio_operations),
            asked(&self.report_generation)
        )?;
        Ok(())
    }
}
