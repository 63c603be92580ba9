//! Entry point: of the routes, or of the schedule where the function is deployed for that.

use identity::{Identity, Rotation};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use platform::Context;
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let context = Context::of_process().await;
    if context.env.optional::<String>("ON_SCHEDULE")?.is_some() {
        let rotation = Rotation::new(&context).await?;
        let rotate = async |_: LambdaEvent<Value>| rotation.rotate_when_due().await.map_err(Error::from);
        return lambda_runtime::run(service_fn(rotate)).await;
    }
    let identity = Identity::new(&context).await?;
    web::lambda::run(identity::router(identity)).await
}
