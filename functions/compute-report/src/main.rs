//! The Lambda function.

#![recursion_limit = "256"]

use std::sync::Arc;

use aws_lambda_events::sqs::SqsEvent;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let worker = Arc::new(compute_report::worker(&platform::Context::of_process().await)?);
    let handler = |event: LambdaEvent<SqsEvent>| compute_report::handle(Arc::clone(&worker), event.payload);
    run(service_fn(handler)).await
}
