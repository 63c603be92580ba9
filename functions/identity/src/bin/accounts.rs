//! Entry point of `AccountsFunction`.

use identity::Identity;
use platform::Context;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let identity = Identity::new(&Context::of_process().await).await?;
    web::lambda::run(identity::serve(identity::accounts(), identity)).await
}
