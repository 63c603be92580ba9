//! What surrounds an entity in its item.

use std::{collections::HashMap, fmt};

use aws_sdk_dynamodb::types::AttributeValue;
use domain::Entity;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{StoreError, keys};

/// The form of the envelope; items of an older form are read by code that knows them.
const SCHEMA: u32 = 1;

pub(crate) type Attributes = HashMap<String, AttributeValue>;

/// Counts an item's changes, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(pub u64);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// An entity as it was read, with what the store knows of it.
#[derive(Debug, Clone, Deserialize)]
pub struct Stored<E> {
    /// The entity.
    #[serde(rename = "data")]
    pub entity: E,
    /// Its version when it was read.
    pub version: Version,
    /// When it was first written.
    pub created_at: Timestamp,
    /// When it was last written.
    pub updated_at: Timestamp,
    /// Seconds since 1970 from which on it counts as gone, deleted or not.
    expires_at: Option<i64>,
}

impl<E> Stored<E> {
    pub(crate) fn new(entity: E, version: Version, created_at: Timestamp, updated_at: Timestamp) -> Self {
        Self { entity, version, created_at, updated_at, expires_at: None }
    }

    /// The same envelope around another entity.
    pub fn map<F>(self, change: impl FnOnce(E) -> F) -> Stored<F> {
        Stored {
            entity: change(self.entity),
            version: self.version,
            created_at: self.created_at,
            updated_at: self.updated_at,
            expires_at: self.expires_at,
        }
    }

    /// The same envelope around another entity, where there is one.
    ///
    /// # Errors
    /// What `change` refuses.
    pub fn try_map<F, X>(self, change: impl FnOnce(E) -> Result<F, X>) -> Result<Stored<F>, X> {
        let Self { entity, version, created_at, updated_at, expires_at } = self;
        Ok(Stored { entity: change(entity)?, version, created_at, updated_at, expires_at })
    }
}

impl<E: Entity> Stored<E> {
    /// The entity of an item, unless it has expired: expired items are deleted up to two days late.
    pub(crate) fn read(item: Attributes, now: Timestamp) -> Result<Option<Self>, StoreError> {
        let stored: Self = serde_dynamo::from_item(item)?;
        let gone = stored.expires_at.is_some_and(|expires_at| expires_at <= now.as_second());
        Ok((!gone).then_some(stored))
    }
}

/// What an entity's item holds besides its keys and its version.
pub(crate) struct Envelope {
    pub(crate) values: Vec<(&'static str, AttributeValue)>,
    pub(crate) absent: Vec<&'static str>,
}

impl Envelope {
    pub(crate) fn of<E: Entity>(prefix: &str, entity: &E, now: Timestamp) -> Result<Self, StoreError> {
        let mut values = vec![
            ("schema", AttributeValue::N(SCHEMA.to_string())),
            ("data", serde_dynamo::to_attribute_value(entity)?),
            ("updated_at", AttributeValue::S(now.to_string())),
        ];
        let expires_at = entity.expires_at().map(|at| AttributeValue::N(at.as_second().to_string()));
        let indexes = keys::index_attributes(prefix, entity);
        let optional = indexes
            .into_iter()
            .map(|(name, value)| (name, value.map(AttributeValue::S)))
            .chain([("expires_at", expires_at)]);
        let mut absent = Vec::new();
        for (name, value) in optional {
            match value {
                Some(value) => values.push((name, value)),
                None => absent.push(name),
            }
        }
        Ok(Self { values, absent })
    }
}

/// The key of an entity's item.
pub(crate) fn key(partition: String, sort: String) -> Attributes {
    HashMap::from([
        ("pk".to_owned(), AttributeValue::S(partition)),
        ("sk".to_owned(), AttributeValue::S(sort)),
    ])
}
