//! The parts of the template's resources as they are written.

use serde::Deserialize;

use super::TemplateError;
use super::intrinsics::Scope;
use super::table::{Key, KeyType};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Attribute {
    attribute_name: String,
    attribute_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct KeyElement {
    attribute_name: String,
    key_type: KeyType,
}

impl KeyElement {
    pub(super) fn with_type(self, table: &str, attributes: &[Attribute]) -> Result<Key, TemplateError> {
        let attribute = attributes.iter().find(|attribute| attribute.attribute_name == self.attribute_name);
        let kind = attribute.map(|attribute| attribute.attribute_type.clone()).ok_or_else(|| {
            TemplateError::shape(table, format!("{} has no AttributeDefinition", self.attribute_name))
        })?;
        Ok(Key { name: self.attribute_name, kind, role: self.key_type })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Index {
    #[serde(rename = "IndexName")]
    pub(super) name: String,
    pub(super) key_schema: Vec<KeyElement>,
    pub(super) projection: Projection,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Projection {
    pub(super) projection_type: String,
    #[serde(default)]
    pub(super) non_key_attributes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TimeToLive {
    pub(super) attribute_name: String,
    pub(super) enabled: bool,
}

/// `Events` of a function: what calls it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Event {
    pub(super) r#type: String,
    #[serde(default)]
    pub(super) properties: serde_json::Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Api {
    pub(super) path: String,
    pub(super) method: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Sqs {
    pub(super) queue: String,
    #[serde(default)]
    pub(super) batch_size: Option<Number>,
    #[serde(default)]
    pub(super) function_response_types: Vec<String>,
    #[serde(default)]
    pub(super) scaling_config: Option<ScalingConfig>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ScalingConfig {
    pub(super) maximum_concurrency: Number,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Scheduled {
    #[serde(alias = "Schedule")]
    pub(super) schedule_expression: String,
    #[serde(default)]
    pub(super) input: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Environment {
    #[serde(default)]
    pub(super) variables: std::collections::BTreeMap<String, Scalar>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Generate {
    pub(super) password_length: Option<usize>,
}

/// A number that may stand as text: the value of a parameter does.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Number {
    Number(u32),
    Text(String),
}

impl Number {
    pub(super) fn get(&self, at: &str) -> Result<u32, TemplateError> {
        match self {
            Self::Number(number) => Ok(*number),
            Self::Text(text) => {
                text.parse().map_err(|_| TemplateError::shape(at, format!("{text} is no number")))
            }
        }
    }
}

/// A value that becomes text: a variable's.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Scalar {
    Text(String),
    Number(serde_json::Number),
    Bool(bool),
}

impl Scalar {
    pub(super) fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
            Self::Bool(value) => value.to_string(),
        }
    }
}

impl Scope<'_> {
    /// A property that is a number of seconds.
    pub(super) fn seconds(&self, id: &str, name: &str) -> Result<Option<std::time::Duration>, TemplateError> {
        let number: Option<Number> = self.property(id, name)?;
        number
            .map(|number| number.get(&format!("{id}.{name}")))
            .transpose()
            .map(|seconds| seconds.map(|seconds| std::time::Duration::from_secs(seconds.into())))
    }
}
