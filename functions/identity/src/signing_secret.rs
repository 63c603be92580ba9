//! The secret that the signing key follows from.

use aws_sdk_secretsmanager::Client;
use platform::Context;

use crate::StartError;

/// The stages whose secret lies in Secrets Manager, and nowhere else.
pub(crate) const GUARDED: [&str; 2] = ["staging", "prod"];

/// `SIGNING_SECRET` itself, or what Secrets Manager holds under `SIGNING_SECRET_ARN`.
pub(crate) async fn signing_secret(context: &Context) -> Result<String, StartError> {
    if let Some(secret) = context.env.optional("SIGNING_SECRET")? {
        let stage: Option<String> = context.env.optional("STAGE")?;
        let guarded = stage.is_some_and(|stage| GUARDED.contains(&stage.as_str()));
        return if guarded { Err(StartError::OpenSecret) } else { Ok(secret) };
    }
    let arn: String = context.env.required("SIGNING_SECRET_ARN")?;
    let sent = Client::new(&context.aws).get_secret_value().secret_id(arn).send().await;
    let value = sent.map_err(|error| StartError::Secret(error.into()))?;
    value.secret_string.ok_or_else(|| StartError::Secret("the secret holds no text".into()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use aws_config::SdkConfig;
    use platform::{Clock, Env};

    use super::*;

    async fn secret(stage: &str) -> Result<String, StartError> {
        let variables = [("STAGE", stage), ("SIGNING_SECRET", "of a developer")];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let env = Env::from(BTreeMap::from(variables));
        signing_secret(&Context::new(env, SdkConfig::builder().build(), Clock::system())).await
    }

    #[tokio::test]
    async fn a_developers_secret_is_never_taken_in_a_stage() {
        assert_eq!(secret("dev").await.unwrap(), "of a developer");
        for stage in GUARDED {
            assert!(matches!(secret(stage).await, Err(StartError::OpenSecret)), "{stage}");
        }
    }
}
