//! Sending messages.

use aws_sdk_sqs::{
    Client,
    types::{QueueAttributeName::ApproximateNumberOfMessages, SendMessageBatchRequestEntry},
};
use domain::task::TaskKind;
use platform::{Context, EnvError};

use crate::{JobError, Message};

/// The most messages of one call to SQS.
const BATCH: usize = 10;

/// One queue.
#[derive(Debug, Clone)]
pub struct Queue {
    client: Client,
    url: String,
}

impl Queue {
    /// The queue at the URL that the variable holds.
    ///
    /// # Errors
    /// When the variable is missing.
    pub fn from_env(context: &Context, variable: &str) -> Result<Self, EnvError> {
        Ok(Self { client: Client::new(&context.aws), url: context.env.required(variable)? })
    }

    /// Sends one message.
    pub async fn send(&self, message: Message) -> Result<(), JobError> {
        self.send_all(&[message]).await
    }

    /// Sends messages, ten a call. When this fails some may have been sent; sending all again is safe.
    pub async fn send_all(&self, messages: &[Message]) -> Result<(), JobError> {
        for batch in messages.chunks(BATCH) {
            let entries = batch.iter().enumerate().map(|(index, message)| entry(index, message));
            let entries = entries.collect::<Result<_, _>>()?;
            let sent =
                self.client.send_message_batch().queue_url(&self.url).set_entries(Some(entries)).send().await;
            let refused = sent.map_err(|error| JobError::Send(error.into()))?.failed;
            if let Some(first) = refused.into_iter().next() {
                return Err(JobError::Send(
                    format!("{}: {}", first.code, first.message.unwrap_or_default()).into(),
                ));
            }
        }
        Ok(())
    }

    /// Whether messages wait for a worker, as far as the queue knows.
    pub async fn has_waiting(&self) -> Result<bool, JobError> {
        let asked = self.client.get_queue_attributes().queue_url(&self.url);
        let answer = asked.attribute_names(ApproximateNumberOfMessages).send().await;
        let attributes = answer.map_err(|error| JobError::Send(error.into()))?.attributes;
        let count = attributes.as_ref().and_then(|all| all.get(&ApproximateNumberOfMessages));
        Ok(count.is_some_and(|count| count != "0"))
    }

    /// Whether the queue answers.
    pub async fn check(&self) -> Result<(), JobError> {
        let asked = self.client.get_queue_attributes().queue_url(&self.url).send().await;
        asked.map(|_| ()).map_err(|error| JobError::Send(error.into()))
    }
}

fn entry(index: usize, message: &Message) -> Result<SendMessageBatchRequestEntry, JobError> {
    let body = serde_json::to_string(message).map_err(|error| JobError::Send(error.into()))?;
    SendMessageBatchRequestEntry::builder()
        .id(index.to_string())
        .message_body(body)
        // A group on a standard queue makes it fair: one tenant's flood does not starve the others.
        .message_group_id(message.tenant.to_string())
        .build()
        .map_err(|error| JobError::Send(error.into()))
}

/// The queues, by the kind of work.
#[derive(Debug, Clone)]
pub struct Queues {
    risk_calculations: Queue,
    portfolio_operations: Queue,
    report_generation: Queue,
}

impl Queues {
    /// The queues whose URLs the variables hold: `RISK_CALCULATIONS_QUEUE_URL`, `PORTFOLIO_OPERATIONS_QUEUE_URL` and
    /// `REPORT_GENERATION_QUEUE_URL`.
    ///
    /// # Errors
    /// Names the variable that is missing.
    pub fn from_env(context: &Context) -> Result<Self, EnvError> {
        Ok(Self {
            risk_calculations: Queue::from_env(context, "RISK_CALCULATIONS_QUEUE_URL")?,
            portfolio_operations: Queue::from_env(context, "PORTFOLIO_OPERATIONS_QUEUE_URL")?,
            report_generation: Queue::from_env(context, "REPORT_GENERATION_QUEUE_URL")?,
        })
    }

    /// The queue that tasks of this kind go through.
    pub fn of(&self, kind: TaskKind) -> &Queue {
        match kind {
            TaskKind::MonteCarlo
            | TaskKind::VarCvar
            | TaskKind::StressTest
            | TaskKind::EfficientFrontier
            | TaskKind::ValuationMonteCarlo => &self.risk_calculations,
            TaskKind::Optimise | TaskKind::Rebalance | TaskKind::PerformanceAnalysis => {
                &self.portfolio_operations
            }
            TaskKind::PortfolioReport
            | TaskKind::RiskReport
            | TaskKind::ValuationReport
            | TaskKind::Export => &self.report_generation,
        }
    }
}
