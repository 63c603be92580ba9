//! The Lambda function.

#![recursion_limit = "256"]

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use maintenance::Maintenance;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let maintenance = Maintenance::new(&platform::Context::of_process().await)?;
    run(service_fn(|event: LambdaEvent<serde_json::Value>| maintenance.handle(event.payload))).await
}
