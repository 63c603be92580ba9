use std::collections::BTreeMap;
use std::time::Duration;

use super::intrinsics::Scope;
use super::kind::Kind;
use super::{TemplateError, schema};

/// A queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Its physical name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Its URL.
    pub url: String,
    /// How long a received message stays hidden.
    pub visibility_timeout: Duration,
    /// Where messages go that were received too often.
    pub redrive: Option<Redrive>,
    /// Further attributes, by the names and in the form of `CreateQueue`.
    pub attributes: BTreeMap<String, String>,
}

/// Where messages go that were received too often.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Redrive {
    /// The ARN of the dead-letter queue.
    #[serde(rename = "deadLetterTargetArn")]
    pub target: String,
    /// How often a message is received before.
    pub max_receive_count: u32,
}

impl Queue {
    pub(super) fn read(scope: &Scope, id: &str) -> Result<Self, TemplateError> {
        let mut attributes = BTreeMap::new();
        for name in ["DelaySeconds", "MessageRetentionPeriod", "ReceiveMessageWaitTimeSeconds", "FifoQueue"] {
            if let Some(value) = scope.property::<schema::Scalar>(id, name)? {
                attributes.insert(name.to_owned(), value.into_text());
            }
        }
        Ok(Self {
            name: Kind::Queue.name(scope, id)?,
            arn: Kind::Queue.attribute(scope, id, "Arn")?,
            url: Kind::Queue.reference(scope, id)?,
            visibility_timeout: scope.seconds(id, "VisibilityTimeout")?.unwrap_or(Duration::from_secs(30)),
            redrive: scope.property(id, "RedrivePolicy")?,
            attributes,
        })
    }
}

/// A bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Its physical name.
    pub name: String,
}

impl Bucket {
    pub(super) fn read(scope: &Scope, id: &str) -> Result<Self, TemplateError> {
        Ok(Self { name: Kind::Bucket.name(scope, id)? })
    }
}

/// A secret that a deployment makes up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// Its ARN.
    pub arn: String,
    /// How many characters it has.
    pub length: usize,
}

impl Secret {
    pub(super) fn read(scope: &Scope, id: &str) -> Result<Self, TemplateError> {
        let generate: Option<schema::Generate> = scope.property(id, "GenerateSecretString")?;
        let length = generate.and_then(|generate| generate.password_length);
        Ok(Self { arn: Kind::Secret.reference(scope, id)?, length: length.unwrap_or(32) })
    }
}
