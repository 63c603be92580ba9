//! Entry point.

use audit::Audit;
use platform::Context;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let audit = Audit::new(&Context::of_process().await)?;
    audit.warm().await;
    web::lambda::run(audit::router(audit)).await
}
