//! The three writes of an item, as expressions that a single call and a transaction share.

use aws_sdk_dynamodb::{
    error::BuildError,
    types::{AttributeValue, Delete, Put, ReturnValuesOnConditionCheckFailure::AllOld, Update},
};
use domain::Entity;
use jiff::Timestamp;

use crate::{
    StoreError, Version,
    envelope::{Attributes, Envelope, key},
    keys,
};

impl From<BuildError> for StoreError {
    fn from(error: BuildError) -> Self {
        Self::Unavailable(error.into())
    }
}

/// A put that needs an empty place, or one whose item has expired.
pub(crate) fn create<E: Entity>(
    table: &str,
    prefix: &str,
    entity: &E,
    now: Timestamp,
) -> Result<Put, StoreError> {
    let put = put(table, prefix, entity, now)?
        .condition_expression("attribute_not_exists(pk) OR expires_at <= :now")
        .expression_attribute_values(":now", AttributeValue::N(now.as_second().to_string()))
        .return_values_on_condition_check_failure(AllOld);
    Ok(put.build()?)
}

/// A put that replaces whatever is there.
pub(crate) fn put<E: Entity>(
    table: &str,
    prefix: &str,
    entity: &E,
    now: Timestamp,
) -> Result<aws_sdk_dynamodb::types::builders::PutBuilder, StoreError> {
    let mut item: Attributes = key(keys::partition::<E>(prefix), entity.key());
    item.insert("version".to_owned(), AttributeValue::N("1".to_owned()));
    item.insert("created_at".to_owned(), AttributeValue::S(now.to_string()));
    for (name, value) in Envelope::of(prefix, entity, now)?.values {
        item.insert(name.to_owned(), value);
    }
    Ok(Put::builder().table_name(table).set_item(Some(item)))
}

/// An update that needs the item at a version; attributes that other updates keep (a member set) stay.
pub(crate) fn replace<E: Entity>(
    table: &str,
    prefix: &str,
    entity: &E,
    version: Version,
    now: Timestamp,
) -> Result<Update, StoreError> {
    let Envelope { values, absent } = Envelope::of(prefix, entity, now)?;
    let set: Vec<String> = values.iter().map(|(name, _)| format!("#{name} = :{name}")).collect();
    let remove: Vec<String> = absent.iter().map(|name| format!("#{name}")).collect();
    let remove = if remove.is_empty() { String::new() } else { format!(" REMOVE {}", remove.join(", ")) };
    let expression = format!("SET {}, version = version + :one{remove}", set.join(", "));
    let mut update = Update::builder()
        .table_name(table)
        .set_key(Some(key(keys::partition::<E>(prefix), entity.key())))
        .update_expression(expression)
        .condition_expression("attribute_exists(pk) AND version = :version")
        .expression_attribute_values(":version", AttributeValue::N(version.to_string()))
        .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
        .return_values_on_condition_check_failure(AllOld);
    for name in values.iter().map(|(name, _)| name).chain(&absent) {
        update = update.expression_attribute_names(format!("#{name}"), *name);
    }
    for (name, value) in values {
        update = update.expression_attribute_values(format!(":{name}"), value);
    }
    Ok(update.build()?)
}

/// A delete that needs the item, at a version if one is given.
pub(crate) fn delete<E: Entity>(
    table: &str,
    prefix: &str,
    sort: String,
    version: Option<Version>,
) -> Result<Delete, StoreError> {
    let delete = Delete::builder()
        .table_name(table)
        .set_key(Some(key(keys::partition::<E>(prefix), sort)))
        .return_values_on_condition_check_failure(AllOld);
    let delete = match version {
        None => delete.condition_expression("attribute_exists(pk)"),
        Some(version) => delete
            .condition_expression("attribute_exists(pk) AND version = :version")
            .expression_attribute_values(":version", AttributeValue::N(version.to_string())),
    };
    Ok(delete.build()?)
}

/// Why a condition failed, told by the item that stood in the way.
pub(crate) fn classify(item: Option<&Attributes>, creating: bool) -> StoreError {
    let version = item
        .and_then(|item| item.get("version"))
        .and_then(|version| version.as_n().ok())
        .and_then(|version| version.parse().ok());
    match version {
        Some(_) if creating => StoreError::AlreadyExists,
        Some(version) => StoreError::VersionMismatch(Version(version)),
        None => StoreError::NotFound,
    }
}
