//! What the one-machine stack takes from `template.yaml`, the only description of what is deployed.

mod condition;
mod event;
mod function;
mod intrinsics;
mod kind;
mod resource;
mod schema;
mod table;

use std::collections::BTreeMap;

use serde_norway::Value;

pub use event::{QueueSource, Rate, Route, Schedule};
pub use function::Function;
pub use resource::{Bucket, Queue, Redrive, Secret};
pub use table::{Index, Key, KeyType, Table};

use intrinsics::Scope;

/// Why the template can't be used.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// It is not YAML.
    #[error(transparent)]
    Yaml(#[from] serde_norway::Error),
    /// A part of a resource has another form than expected.
    #[error("{at}: {reason}")]
    Shape {
        /// The logical id, and the property.
        at: String,
        /// What was found or missing.
        reason: String,
    },
    /// An intrinsic function that the stack can't resolve.
    #[error("!{0} is not supported here")]
    Unsupported(String),
    /// A name that is neither a parameter, a resource, a condition nor a mapping.
    #[error("{0} is not defined")]
    Undefined(String),
    /// A parameter without default that was not given.
    #[error("the parameter {0} has no default")]
    NoDefault(String),
}

impl TemplateError {
    fn shape(at: impl Into<String>, reason: impl ToString) -> Self {
        Self::Shape { at: at.into(), reason: reason.to_string() }
    }
}

/// What intrinsic functions resolve against, besides the template itself.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The stack's name, in front of the names of resources that have none.
    pub stack: String,
    /// What a queue's URL begins with: `http://127.0.0.1:1234`.
    pub sqs: String,
    /// Values of parameters, in place of their defaults.
    pub parameters: BTreeMap<String, String>,
}

/// A template, resolved.
#[derive(Clone, Debug)]
pub struct Template {
    /// The functions with their events.
    pub functions: Vec<Function>,
    /// The tables.
    pub tables: Vec<Table>,
    /// The queues, dead-letter queues before those that use them.
    pub queues: Vec<Queue>,
    /// The buckets.
    pub buckets: Vec<Bucket>,
    /// The secrets.
    pub secrets: Vec<Secret>,
}

impl Template {
    /// Reads a SAM template.
    pub fn parse(text: &str, settings: &Settings) -> Result<Self, TemplateError> {
        let document: Value = serde_norway::from_str(text)?;
        let scope = Scope::new(&document, settings);
        let mut queues = scope.each("AWS::SQS::Queue", Queue::read)?;
        queues.sort_by_key(|queue| queue.redrive.is_some());
        Ok(Self {
            functions: scope.each("AWS::Serverless::Function", Function::read)?,
            tables: scope.each("AWS::DynamoDB::Table", Table::read)?,
            queues,
            buckets: scope.each("AWS::S3::Bucket", Bucket::read)?,
            secrets: scope.each("AWS::SecretsManager::Secret", Secret::read)?,
        })
    }

    /// The queue with this ARN.
    pub fn queue(&self, arn: &str) -> Option<&Queue> {
        self.queues.iter().find(|queue| queue.arn == arn)
    }
}
