//! Configuration from environment variables; an error names the variable.

use std::{collections::BTreeMap, str::FromStr, sync::Arc};

/// A variable that is missing or can't be read.
#[derive(Debug, thiserror::Error)]
#[error("environment variable {name} {problem}")]
pub struct EnvError {
    name: String,
    problem: String,
}

/// The variables that a function was deployed with.
#[derive(Debug, Clone)]
pub struct Env(Arc<BTreeMap<String, String>>);

impl Env {
    /// Those of this process.
    pub fn process() -> Self {
        Self(Arc::new(std::env::vars().collect()))
    }

    /// The value of a variable that must be set.
    ///
    /// # Errors
    /// When it is missing or can't be parsed.
    pub fn required<T: FromStr>(&self, name: &str) -> Result<T, EnvError> {
        let missing = || EnvError { name: name.to_owned(), problem: "is not set".to_owned() };
        self.optional(name)?.ok_or_else(missing)
    }

    /// The value of a variable that may be set; an empty one counts as not set.
    ///
    /// # Errors
    /// When it can't be parsed.
    pub fn optional<T: FromStr>(&self, name: &str) -> Result<Option<T>, EnvError> {
        let value = self.0.get(name).filter(|value| !value.is_empty());
        value.map(|value| value.parse()).transpose().map_err(|_| EnvError {
            name: name.to_owned(),
            problem: format!("must be a {}", std::any::type_name::<T>()),
        })
    }
}

impl From<BTreeMap<String, String>> for Env {
    fn from(variables: BTreeMap<String, String>) -> Self {
        Self(Arc::new(variables))
    }
}
