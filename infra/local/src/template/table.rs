use super::intrinsics::Scope;
use super::kind::Kind;
use super::{TemplateError, schema};

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its physical name.
    pub name: String,
    /// Its partition key, then its sort key.
    pub keys: Vec<Key>,
    /// Its global secondary indexes.
    pub indexes: Vec<Index>,
    /// The attribute with an item's time of expiry.
    pub ttl: Option<String>,
}

/// A global secondary index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Its partition key, then its sort key.
    pub keys: Vec<Key>,
    /// `ALL`, `KEYS_ONLY` or `INCLUDE`.
    pub projection: String,
    /// What `INCLUDE` includes.
    pub included: Vec<String>,
}

/// An attribute of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The attribute's name.
    pub name: String,
    /// `S`, `N` or `B`.
    pub kind: String,
    /// Its place in the key.
    pub role: KeyType,
}

/// A key attribute's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum KeyType {
    /// The partition key.
    Hash,
    /// The sort key.
    Range,
}

impl Table {
    pub(super) fn read(scope: &Scope, id: &str) -> Result<Self, TemplateError> {
        let attributes: Vec<schema::Attribute> =
            scope.property(id, "AttributeDefinitions")?.unwrap_or_default();
        let keys = |schema: Vec<schema::KeyElement>| {
            schema.into_iter().map(|element| element.with_type(id, &attributes)).collect::<Result<_, _>>()
        };
        let indexes: Vec<schema::Index> = scope.property(id, "GlobalSecondaryIndexes")?.unwrap_or_default();
        let ttl: Option<schema::TimeToLive> = scope.property(id, "TimeToLiveSpecification")?;
        Ok(Self {
            name: Kind::Table.name(scope, id)?,
            keys: keys(scope.property(id, "KeySchema")?.unwrap_or_default())?,
            indexes: indexes
                .into_iter()
                .map(|index| {
                    Ok(Index {
                        name: index.name,
                        keys: keys(index.key_schema)?,
                        projection: index.projection.projection_type,
                        included: index.projection.non_key_attributes,
                    })
                })
                .collect::<Result<_, TemplateError>>()?,
            ttl: ttl.filter(|ttl| ttl.enabled).map(|ttl| ttl.attribute_name),
        })
    }
}
