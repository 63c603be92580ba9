//! The function behind the queue `risk-calculations`.

mod efficient_frontier;
mod monte_carlo;
mod risk;
mod stress_test;
mod valuation;
mod var_cvar;

use std::sync::Arc;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use jobs::{Worker, failure, work_off};
use lambda_runtime::Error;
use platform::{Context, EnvError};

pub use risk::RiskWork;

/// The worker, as the context says.
///
/// # Errors
/// Names the variable that is missing.
pub fn worker(context: &Context) -> Result<Worker<RiskWork>, EnvError> {
    Worker::new(RiskWork::from_env(&context.env)?, context)
}

/// Does what a batch of messages asks for.
///
/// # Errors
/// Never as a whole: the response tells which messages are to come again.
pub async fn handle(worker: Arc<Worker<RiskWork>>, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    Ok(work_off(worker, event).await)
}
