//! Entry point.

use platform::Context;
use web::App;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let app = App::new(&Context::of_process().await)?;
    app.warm().await;
    web::lambda::run(audit::router(app)).await
}
