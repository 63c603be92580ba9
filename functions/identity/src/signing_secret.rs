//! The secret that the signing key follows from.

use aws_sdk_secretsmanager::Client;
use platform::Context;

use crate::StartError;

/// `SIGNING_SECRET` itself, or what Secrets Manager holds under `SIGNING_SECRET_ARN`.
pub(crate) async fn signing_secret(context: &Context) -> Result<String, StartError> {
    if let Some(secret) = context.env.optional("SIGNING_SECRET")? {
        return Ok(secret);
    }
    let arn: String = context.env.required("SIGNING_SECRET_ARN")?;
    let sent = Client::new(&context.aws).get_secret_value().secret_id(arn).send().await;
    let value = sent.map_err(|error| StartError::Secret(error.into()))?;
    value.secret_string.ok_or_else(|| StartError::Secret("the secret holds no text".into()))
}
