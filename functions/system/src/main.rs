//! Entry point.

use platform::Context;
use system::System;

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    let system = System::new(&Context::of_process().await)?;
    web::lambda::run(system::router(system)).await
}
