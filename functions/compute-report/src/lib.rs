//! The function behind the queue `report-generation`.

mod export;
mod figures;
mod portfolio;
mod report;
mod risk;
mod valuation;

use std::sync::Arc;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use domain::task::TaskKind;
use jobs::{Worker, work_off};
use lambda_runtime::Error;
use platform::{Context, EnvError};

pub use report::ReportWork;

/// The worker, as the context says.
///
/// # Errors
/// Names the variable that is missing.
pub fn worker(context: &Context) -> Result<Worker<ReportWork>, EnvError> {
    Ok(Worker::new(ReportWork, context)?.gathering(TaskKind::Export, export::Export))
}

/// Does what a batch of messages asks for.
///
/// # Errors
/// Never as a whole: the response tells which messages are to come again.
pub async fn handle(worker: Arc<Worker<ReportWork>>, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    Ok(work_off(worker, event).await)
}
