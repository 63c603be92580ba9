//! Entry point of `PasskeysFunction`.

use identity::Passkeys;
use platform::Context;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let passkeys = Passkeys::new(&Context::of_process().await).await?;
    web::lambda::run(identity::serve(identity::passkeys(), passkeys)).await
}
