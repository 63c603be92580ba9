//! The Lambda function.

#![recursion_limit = "256"]

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use mailer::Mailer;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let mailer = Mailer::new(&platform::Context::of_process().await)?;
    run(service_fn(|event: LambdaEvent<aws_lambda_events::sqs::SqsEvent>| async {
        Ok::<_, Error>(mailer.handle(event.payload).await)
    }))
    .await
}
