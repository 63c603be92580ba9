//! Entry point of `SigningKeysFunction`, which a schedule calls.

use identity::Rotation;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use platform::Context;
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let rotation = Rotation::new(&Context::of_process().await).await?;
    let rotate = async |_: LambdaEvent<Value>| rotation.rotate_when_due().await.map_err(Error::from);
    run(service_fn(rotate)).await
}
