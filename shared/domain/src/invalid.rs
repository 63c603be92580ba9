//! What is wrong with an input, field by field.

use serde::{Deserialize, Serialize};

/// One field that can't be taken, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FieldError {
    /// A JSON pointer (RFC 6901) into the request body, or the name of a query parameter or header.
    #[schema(example = "/portfolio_data/weights")]
    pub pointer: String,
    /// What the field must be, and what it was.
    #[schema(example = "must sum to 1, but sums to 0.9")]
    pub detail: String,
}

/// An input that breaks at least one rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} invalid field(s)", .0.len())]
pub struct Invalid(pub Vec<FieldError>);

impl Invalid {
    /// A single bad field.
    pub fn field(pointer: impl Into<String>, detail: impl ToString) -> Self {
        Self(vec![FieldError { pointer: pointer.into(), detail: detail.to_string() }])
    }
}

/// Collects the errors of several fields, so that a client learns of all of them at once.
#[derive(Debug, Default)]
pub struct Validation {
    errors: Vec<FieldError>,
}

impl Validation {
    /// An empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes that the field at `pointer` is wrong.
    pub fn reject(&mut self, pointer: impl Into<String>, detail: impl ToString) {
        self.errors.push(FieldError { pointer: pointer.into(), detail: detail.to_string() });
    }

    /// Notes that the field at `pointer` is wrong unless `holds`.
    pub fn require(&mut self, holds: bool, pointer: &str, detail: impl ToString) {
        if !holds {
            self.reject(pointer, detail);
        }
    }

    /// The value, or `None` with its error noted under `pointer`.
    pub fn check<T, E: ToString>(&mut self, pointer: &str, result: Result<T, E>) -> Option<T> {
        result.map_err(|error| self.reject(pointer, error.to_string())).ok()
    }

    /// The value, or `None` with all errors of a nested input noted below `pointer`.
    pub fn nest<T>(&mut self, pointer: &str, result: Result<T, Invalid>) -> Option<T> {
        result
            .map_err(|Invalid(errors)| {
                self.errors.extend(
                    errors
                        .into_iter()
                        .map(|e| FieldError { pointer: format!("{pointer}{}", e.pointer), detail: e.detail }),
                );
            })
            .ok()
    }

    /// `value` if every check has passed.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Invalid> {
        match value {
            Some(value) if self.errors.is_empty() => Ok(value),
            _ => Err(Invalid(self.errors)),
        }
    }
}
