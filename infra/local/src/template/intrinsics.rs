use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use serde_norway::{Mapping, Value};

use super::kind::Kind;
use super::{Settings, TemplateError};
use crate::services::{ACCOUNT, REGION};

/// The template as what its intrinsic functions (`!Ref`, `!Sub`, …) look names up in.
pub(super) struct Scope<'a> {
    pub(super) document: &'a Value,
    pub(super) settings: &'a Settings,
}

type Resolved = Result<Option<Json>, TemplateError>;

impl<'a> Scope<'a> {
    pub(super) fn new(document: &'a Value, settings: &'a Settings) -> Self {
        Self { document, settings }
    }

    /// Reads every resource of a type whose condition holds.
    pub(super) fn each<T>(
        &self,
        kind: &str,
        read: impl Fn(&Self, &str) -> Result<T, TemplateError>,
    ) -> Result<Vec<T>, TemplateError> {
        let mut found = Vec::new();
        let resources = self.document["Resources"].as_mapping().into_iter().flatten();
        for (id, resource) in resources {
            let Some(id) = id.as_str() else { continue };
            let deployed =
                resource["Condition"].as_str().map_or(Ok(true), |name| self.named_condition(name))?;
            if deployed && resource["Type"] == kind {
                found.push(read(self, id)?);
            }
        }
        Ok(found)
    }

    /// A resource's property, resolved; `None` where it is absent or `AWS::NoValue`.
    pub(super) fn property<T: DeserializeOwned>(
        &self,
        id: &str,
        name: &str,
    ) -> Result<Option<T>, TemplateError> {
        self.read(&self.document["Resources"][id]["Properties"][name], || format!("{id}.{name}"))
    }

    /// What `Globals` gives every function.
    pub(super) fn global<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, TemplateError> {
        self.read(&self.document["Globals"]["Function"][name], || format!("Globals.Function.{name}"))
    }

    /// The resource's type, where there is such a resource.
    pub(super) fn kind(&self, id: &str) -> Option<Kind> {
        self.document["Resources"][id]["Type"].as_str().map(Kind::of)
    }

    fn read<T: DeserializeOwned>(
        &self,
        value: &Value,
        at: impl Fn() -> String,
    ) -> Result<Option<T>, TemplateError> {
        let Some(json) = self.resolve(value)?.filter(|json| !json.is_null()) else { return Ok(None) };
        serde_json::from_value(json).map(Some).map_err(|error| TemplateError::shape(at(), error))
    }

    fn resolve(&self, value: &Value) -> Resolved {
        match value {
            Value::Tagged(tagged) => {
                self.intrinsic(tagged.tag.to_string().trim_start_matches('!'), &tagged.value)
            }
            Value::Sequence(items) => {
                let items = items.iter().filter_map(|item| self.resolve(item).transpose());
                items.collect::<Result<Vec<_>, _>>().map(|items| Some(Json::Array(items)))
            }
            Value::Mapping(mapping) => match long_form(mapping) {
                Some((name, argument)) => self.intrinsic(name, argument),
                None => self.mapping(mapping),
            },
            plain => {
                serde_json::to_value(plain).map(Some).map_err(|error| TemplateError::shape("a value", error))
            }
        }
    }

    fn mapping(&self, mapping: &Mapping) -> Resolved {
        let mut fields = serde_json::Map::new();
        for (name, value) in mapping {
            let name =
                name.as_str().ok_or_else(|| TemplateError::shape("a mapping", "a key is not a string"))?;
            if let Some(value) = self.resolve(value)? {
                fields.insert(name.to_owned(), value);
            }
        }
        Ok(Some(Json::Object(fields)))
    }

    fn intrinsic(&self, name: &str, argument: &Value) -> Resolved {
        match (name, argument) {
            ("Ref", Value::String(id)) if id == "AWS::NoValue" => Ok(None),
            ("Ref", Value::String(id)) => self.reference(id).map(Some),
            ("GetAtt", Value::String(path)) => {
                let (id, attribute) = path.split_once('.').unwrap_or((path, ""));
                self.attribute(id, attribute).map(Some)
            }
            ("GetAtt", Value::Sequence(path)) => match path.as_slice() {
                [Value::String(id), Value::String(attribute)] => self.attribute(id, attribute).map(Some),
                _ => Err(malformed(name)),
            },
            ("Sub", Value::String(text)) => self.substitute(text, &Mapping::new()).map(Some),
            ("Sub", Value::Sequence(parts)) => match parts.as_slice() {
                [Value::String(text), Value::Mapping(names)] => self.substitute(text, names).map(Some),
                _ => Err(malformed(name)),
            },
            ("If", Value::Sequence(parts)) => match parts.as_slice() {
                [Value::String(condition), yes, no] => {
                    self.resolve(if self.named_condition(condition)? { yes } else { no })
                }
                _ => Err(malformed(name)),
            },
            ("Join", Value::Sequence(parts)) => match parts.as_slice() {
                [Value::String(between), Value::Sequence(items)] => {
                    let items = items.iter().map(|item| self.text(item)).collect::<Result<Vec<_>, _>>()?;
                    Ok(Some(items.join(between).into()))
                }
                _ => Err(malformed(name)),
            },
            ("FindInMap", Value::Sequence(path)) => match path.as_slice() {
                [map, first, second] => {
                    let (map, first, second) = (self.text(map)?, self.text(first)?, self.text(second)?);
                    match &self.document["Mappings"][map.as_str()][first.as_str()][second.as_str()] {
                        Value::Null => Err(TemplateError::Undefined(format!("{map}.{first}.{second}"))),
                        found => self.resolve(found),
                    }
                }
                _ => Err(malformed(name)),
            },
            _ => Err(TemplateError::Unsupported(name.to_owned())),
        }
    }

    fn reference(&self, id: &str) -> Result<Json, TemplateError> {
        if let Some(value) = pseudo_parameter(id, &self.settings.stack) {
            return Ok(value.into());
        }
        if let Some(value) = self.settings.parameters.get(id) {
            return Ok(value.as_str().into());
        }
        if let Some(parameter) = self.document["Parameters"].get(id) {
            let default = parameter.get("Default").map(|value| self.resolve(value)).transpose()?.flatten();
            return default.ok_or_else(|| TemplateError::NoDefault(id.to_owned()));
        }
        let kind = self.kind(id).ok_or_else(|| TemplateError::Undefined(id.to_owned()))?;
        Ok(kind.reference(self, id)?.into())
    }

    fn attribute(&self, id: &str, attribute: &str) -> Result<Json, TemplateError> {
        let kind = self.kind(id).ok_or_else(|| TemplateError::Undefined(id.to_owned()))?;
        Ok(kind.attribute(self, id, attribute)?.into())
    }

    fn substitute(&self, text: &str, names: &Mapping) -> Result<Json, TemplateError> {
        let mut parts = text.split("${");
        let mut output = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').ok_or_else(|| malformed("Sub"))?;
            match name.strip_prefix('!') {
                // `${!Literal}` is how a template writes `${Literal}`.
                Some(literal) => output.extend(["${", literal, "}"]),
                None => match (names.get(name), name.split_once('.')) {
                    (Some(value), _) => output.push_str(&self.text(value)?),
                    (None, Some((id, attribute))) => output.push_str(&plain(&self.attribute(id, attribute)?)),
                    (None, None) => output.push_str(&plain(&self.reference(name)?)),
                },
            }
            output.push_str(rest);
        }
        Ok(output.into())
    }

    /// What a value says, as text.
    pub(super) fn text(&self, value: &Value) -> Result<String, TemplateError> {
        Ok(self.resolve(value)?.as_ref().map(plain).unwrap_or_default())
    }
}

/// `{"Fn::Sub": …}` and `{"Ref": …}`, the long forms of `!Sub` and `!Ref`.
pub(super) fn long_form(mapping: &Mapping) -> Option<(&str, &Value)> {
    let (name, argument) = mapping.iter().next().filter(|_| mapping.len() == 1)?;
    match name.as_str()? {
        name @ ("Ref" | "Condition") => Some((name, argument)),
        name => Some((name.strip_prefix("Fn::")?, argument)),
    }
}

fn pseudo_parameter<'a>(name: &str, stack: &'a str) -> Option<&'a str> {
    match name {
        "AWS::Region" => Some(REGION),
        "AWS::AccountId" => Some(ACCOUNT),
        "AWS::Partition" => Some("aws"),
        "AWS::URLSuffix" => Some("amazonaws.com"),
        "AWS::StackName" => Some(stack),
        _ => None,
    }
}

fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

pub(super) fn malformed(name: &str) -> TemplateError {
    TemplateError::shape(format!("!{name}"), "not the form of its arguments")
}
