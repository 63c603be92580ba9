//! The function behind the queue `portfolio-operations`.

mod optimisation;
mod performance;
mod portfolio;
mod rebalancing;

use std::sync::Arc;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use jobs::{Worker, work_off};
use lambda_runtime::Error;
use platform::{Context, EnvError};

pub use portfolio::PortfolioWork;

/// The worker, as the context says.
///
/// # Errors
/// Names the variable that is missing.
pub fn worker(context: &Context) -> Result<Worker<PortfolioWork>, EnvError> {
    Worker::new(PortfolioWork, context)
}

/// Does what a batch of messages asks for.
///
/// # Errors
/// Never as a whole: the response tells which messages are to come again.
pub async fn handle(worker: Arc<Worker<PortfolioWork>>, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    Ok(work_off(worker, event).await)
}
