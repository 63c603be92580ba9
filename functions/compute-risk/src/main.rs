//! The Lambda function.

#![recursion_limit = "256"]

use std::sync::Arc;

use aws_lambda_events::sqs::SqsEvent;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let worker = Arc::new(compute_risk::worker(&platform::Context::of_process().await)?);
    run(service_fn(|event: LambdaEvent<SqsEvent>| compute_risk::handle(Arc::clone(&worker), event.payload)))
        .await
}
