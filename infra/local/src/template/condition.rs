use serde_norway::Value;

use super::TemplateError;
use super::intrinsics::{Scope, long_form, malformed};

impl Scope<'_> {
    /// Whether a condition of the template holds.
    pub(super) fn named_condition(&self, name: &str) -> Result<bool, TemplateError> {
        let condition =
            self.document["Conditions"].get(name).ok_or_else(|| TemplateError::Undefined(name.to_owned()))?;
        self.condition(condition)
    }

    fn condition(&self, value: &Value) -> Result<bool, TemplateError> {
        let (name, argument) = match value {
            Value::Tagged(tagged) => (tagged.tag.to_string(), &tagged.value),
            Value::Mapping(mapping) => long_form(mapping)
                .map(|(name, argument)| (name.to_owned(), argument))
                .ok_or_else(|| malformed("Condition"))?,
            _ => return Err(malformed("Condition")),
        };
        match (name.trim_start_matches('!'), argument) {
            ("Condition", Value::String(name)) => self.named_condition(name),
            ("Equals", Value::Sequence(sides)) if sides.len() == 2 => {
                Ok(self.text(&sides[0])? == self.text(&sides[1])?)
            }
            ("Not", Value::Sequence(parts)) if parts.len() == 1 => Ok(!self.condition(&parts[0])?),
            ("And", Value::Sequence(parts)) => {
                parts.iter().try_fold(true, |all, part| Ok(all & self.condition(part)?))
            }
            ("Or", Value::Sequence(parts)) => {
                parts.iter().try_fold(false, |any, part| Ok(any | self.condition(part)?))
            }
            (name, _) => Err(TemplateError::Unsupported(name.to_owned())),
        }
    }
}
