//! Serving a router as a Lambda function.

use axum::Router;
use lambda_http::Error;

/// Answers API Gateway's events with `router`, until Lambda ends the process.
///
/// # Errors
/// When the runtime can't be reached.
pub async fn run(router: Router) -> Result<(), Error> {
    lambda_http::run(router).await
}
