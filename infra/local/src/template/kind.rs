use super::TemplateError;
use super::intrinsics::Scope;
use crate::services::{ACCOUNT, REGION};

/// What `!Ref` and `!GetAtt` need to know of a resource's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Table,
    Queue,
    Bucket,
    Function,
    Secret,
    Other,
}

impl Kind {
    pub(super) fn of(name: &str) -> Self {
        match name {
            "AWS::DynamoDB::Table" => Self::Table,
            "AWS::SQS::Queue" => Self::Queue,
            "AWS::S3::Bucket" => Self::Bucket,
            "AWS::Serverless::Function" => Self::Function,
            "AWS::SecretsManager::Secret" => Self::Secret,
            _ => Self::Other,
        }
    }

    /// The resource's physical name: its own, or one made of the stack's name and the logical id.
    pub(super) fn name(self, scope: &Scope, id: &str) -> Result<String, TemplateError> {
        let property = match self {
            Self::Table => "TableName",
            Self::Queue => "QueueName",
            Self::Bucket => "BucketName",
            Self::Function => "FunctionName",
            Self::Secret | Self::Other => "Name",
        };
        let given = if self == Self::Other { None } else { scope.property(id, property)? };
        let made = || format!("{}-{id}", scope.settings.stack);
        Ok(match self {
            Self::Bucket => given.unwrap_or_else(|| made().to_lowercase()),
            _ => given.unwrap_or_else(made),
        })
    }

    /// What `!Ref` gives.
    pub(super) fn reference(self, scope: &Scope, id: &str) -> Result<String, TemplateError> {
        let name = self.name(scope, id)?;
        Ok(match self {
            Self::Queue => format!("{}/{ACCOUNT}/{name}", scope.settings.sqs),
            Self::Secret => self.arn(&name),
            _ => name,
        })
    }

    /// What `!GetAtt` gives.
    pub(super) fn attribute(self, scope: &Scope, id: &str, attribute: &str) -> Result<String, TemplateError> {
        let name = self.name(scope, id)?;
        match (self, attribute) {
            (_, "Arn") | (Self::Secret, "Id") => Ok(self.arn(&name)),
            (Self::Queue, "QueueName") => Ok(name),
            (Self::Queue, "QueueUrl") => self.reference(scope, id),
            _ => Ok(format!("{name}.{attribute}")),
        }
    }

    fn arn(self, name: &str) -> String {
        match self {
            Self::Table => format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}"),
            Self::Queue => format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"),
            Self::Bucket => format!("arn:aws:s3:::{name}"),
            Self::Function => format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"),
            Self::Secret => format!("arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{name}"),
            Self::Other => format!("arn:aws:local:{REGION}:{ACCOUNT}:{name}"),
        }
    }
}
