//! The secret that the signing keys follow from, and where it is read.

use std::sync::Arc;

use aws_sdk_secretsmanager::Client;
use platform::Context;

use crate::StartError;

/// The stages whose secret lies in Secrets Manager, and nowhere else.
pub(crate) const GUARDED: [&str; 2] = ["staging", "prod"];

/// Where the secret is: `SIGNING_SECRET` itself, or what Secrets Manager holds under `SIGNING_SECRET_ARN`. The latter may be
/// replaced while a function runs, so it is read anew whenever a key is to follow from it.
#[derive(Clone)]
pub(crate) enum SigningSecret {
    Given(Arc<str>),
    Managed { client: Client, arn: String },
}

impl SigningSecret {
    /// The secret's place as the context says.
    pub(crate) fn of(context: &Context) -> Result<Self, StartError> {
        if let Some(secret) = context.env.optional::<String>("SIGNING_SECRET")? {
            let stage: Option<String> = context.env.optional("STAGE")?;
            let guarded = stage.is_some_and(|stage| GUARDED.contains(&stage.as_str()));
            return if guarded { Err(StartError::OpenSecret) } else { Ok(Self::Given(secret.into())) };
        }
        let arn = context.env.required("SIGNING_SECRET_ARN")?;
        Ok(Self::Managed { client: Client::new(&context.aws), arn })
    }

    /// The secret as it is now.
    pub(crate) async fn read(&self) -> Result<Arc<str>, StartError> {
        let (client, arn) = match self {
            Self::Given(secret) => return Ok(Arc::clone(secret)),
            Self::Managed { client, arn } => (client, arn),
        };
        let sent = client.get_secret_value().secret_id(arn).send().await;
        let value = sent.map_err(|error| StartError::Secret(error.into()))?;
        value
            .secret_string
            .map(Into::into)
            .ok_or_else(|| StartError::Secret("the secret holds no text".into()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use aws_config::SdkConfig;
    use platform::{Clock, Env};

    use super::*;

    async fn secret(stage: &str) -> Result<Arc<str>, StartError> {
        let variables = [("STAGE", stage), ("SIGNING_SECRET", "of a developer")];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let env = Env::from(BTreeMap::from(variables));
        let context = Context::new(env, SdkConfig::builder().build(), Clock::system());
        SigningSecret::of(&context)?.read().await
    }

    #[tokio::test]
    async fn a_developers_secret_is_never_taken_in_a_stage() {
        assert_eq!(&*secret("dev").await.unwrap(), "of a developer");
        for stage in GUARDED {
            assert!(matches!(secret(stage).await, Err(StartError::OpenSecret)), "{stage}");
        }
    }
}
