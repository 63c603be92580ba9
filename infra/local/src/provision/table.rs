use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    TimeToLiveSpecification,
};

use crate::error::Error;
use crate::template::{self, Index, Key, Table};

pub(super) async fn create(client: &Client, table: &Table) -> Result<(), Error> {
    let failed = || Error::provision::<BuildError>(&table.name);
    let created = client
        .create_table()
        .table_name(&table.name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(attributes(table).map_err(failed())?))
        .set_key_schema(Some(key_schema(&table.keys).map_err(failed())?))
        .set_global_secondary_indexes(indexes(table).map_err(failed())?)
        .send()
        .await;
    match created {
        Ok(_) => expire(client, table).await,
        // A data folder has it, with its time to live.
        Err(error)
            if error.as_service_error().is_some_and(CreateTableError::is_resource_in_use_exception) =>
        {
            Ok(())
        }
        Err(error) => Err(Error::provision(&table.name)(error)),
    }
}

async fn expire(client: &Client, table: &Table) -> Result<(), Error> {
    let Some(attribute) = &table.ttl else { return Ok(()) };
    let specification = TimeToLiveSpecification::builder()
        .attribute_name(attribute)
        .enabled(true)
        .build()
        .map_err(Error::provision(&table.name))?;
    client
        .update_time_to_live()
        .table_name(&table.name)
        .time_to_live_specification(specification)
        .send()
        .await
        .map_err(Error::provision(&table.name))?;
    Ok(())
}

fn attributes(table: &Table) -> Result<Vec<AttributeDefinition>, BuildError> {
    let keys = table.keys.iter().chain(table.indexes.iter().flat_map(|index| &index.keys));
    // An attribute may stand in several keys and is defined once.
    let kinds: BTreeMap<_, _> = keys.map(|key| (&key.name, &key.kind)).collect();
    let definition = |(name, kind): (&String, &String)| {
        AttributeDefinition::builder().attribute_name(name).attribute_type(kind.as_str().into()).build()
    };
    kinds.into_iter().map(definition).collect()
}

fn key_schema(keys: &[Key]) -> Result<Vec<KeySchemaElement>, BuildError> {
    let element = |key: &Key| {
        let role = match key.role {
            template::KeyType::Hash => KeyType::Hash,
            template::KeyType::Range => KeyType::Range,
        };
        KeySchemaElement::builder().attribute_name(&key.name).key_type(role).build()
    };
    keys.iter().map(element).collect()
}

fn indexes(table: &Table) -> Result<Option<Vec<GlobalSecondaryIndex>>, BuildError> {
    let index = |index: &Index| {
        let included = (!index.included.is_empty()).then(|| index.included.clone());
        let projection = Projection::builder()
            .projection_type(index.projection.as_str().into())
            .set_non_key_attributes(included)
            .build();
        GlobalSecondaryIndex::builder()
            .index_name(&index.name)
            .set_key_schema(Some(key_schema(&index.keys)?))
            .projection(projection)
            .build()
    };
    let indexes = table.indexes.iter().map(index).collect::<Result<Vec<_>, _>>()?;
    Ok((!indexes.is_empty()).then_some(indexes))
}
