//! One tenant's part of a table (or the part before tenants), and what can be done in it.

use aws_sdk_dynamodb::types::KeysAndAttributes;
use aws_sdk_dynamodb::{
    error::SdkError,
    operation::{
        delete_item::DeleteItemError::ConditionalCheckFailedException as DeleteRefused,
        put_item::PutItemError::ConditionalCheckFailedException as PutRefused,
        update_item::UpdateItemError::ConditionalCheckFailedException as UpdateRefused,
    },
};
use domain::Entity;

use crate::{
    Store, StoreError, Stored, Version,
    envelope::{Attributes, key},
    item::{self, classify},
    keys,
    transaction::Write,
};

/// How often a batch is asked for what it left out.
const READS: usize = 4;

/// All entities whose partition keys begin with one prefix.
#[derive(Debug, Clone)]
pub struct Scope {
    pub(crate) store: Store,
    pub(crate) prefix: String,
    passing: bool,
}

impl Scope {
    pub(crate) fn new(store: Store, prefix: String) -> Self {
        Self { store, prefix, passing: false }
    }

    /// The same part of the transient table: for what passes, and is not worth a backup. It has no indexes.
    #[must_use]
    pub fn transient(&self) -> Self {
        Self { passing: true, ..self.clone() }
    }

    /// The store that this is a part of, for transactions over several scopes.
    pub fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn table(&self) -> &str {
        let config = &self.store.config;
        if self.passing { &config.transient_table } else { &config.state_table }
    }

    /// Reads one entity, as the last write left it.
    pub async fn find<E: Entity>(&self, sort: &E::Key) -> Result<Option<Stored<E>>, StoreError> {
        let item = self.item::<E>(sort).await?;
        item.map_or(Ok(None), |item| Stored::read(item, self.store.clock.now()))
    }

    pub(crate) async fn item<E: Entity>(&self, sort: &E::Key) -> Result<Option<Attributes>, StoreError> {
        self.item_at::<E>(sort.to_string()).await
    }

    pub(crate) async fn item_at<E: Entity>(&self, sort: String) -> Result<Option<Attributes>, StoreError> {
        let output = self
            .store
            .dynamodb
            .get_item()
            .table_name(self.table())
            .set_key(Some(key(keys::partition::<E>(&self.prefix), sort)))
            .consistent_read(true)
            .send()
            .await?;
        Ok(output.item)
    }

    /// Reads three entities of different kinds in one call, each as the last write left it.
    pub async fn find_together<A: Entity, B: Entity, C: Entity>(
        &self,
        keys: (&A::Key, &B::Key, &C::Key),
    ) -> Result<(Option<Stored<A>>, Option<Stored<B>>, Option<Stored<C>>), StoreError> {
        let wanted = [
            key(keys::partition::<A>(&self.prefix), keys.0.to_string()),
            key(keys::partition::<B>(&self.prefix), keys.1.to_string()),
            key(keys::partition::<C>(&self.prefix), keys.2.to_string()),
        ];
        let mut found = self.items(&wanted).await?;
        let now = self.store.clock.now();
        let [a, b, c] = wanted.map(|key| {
            let same = |item: &Attributes| key.iter().all(|(name, value)| item.get(name) == Some(value));
            found.iter().position(same).map(|index| found.swap_remove(index))
        });
        Ok((
            a.map_or(Ok(None), |item| Stored::read(item, now))?,
            b.map_or(Ok(None), |item| Stored::read(item, now))?,
            c.map_or(Ok(None), |item| Stored::read(item, now))?,
        ))
    }

    /// Those of some items that are there.
    async fn items(&self, wanted: &[Attributes]) -> Result<Vec<Attributes>, StoreError> {
        let mut found = Vec::with_capacity(wanted.len());
        let mut missing = wanted.to_vec();
        for _ in 0..READS {
            let asked = KeysAndAttributes::builder().set_keys(Some(missing)).consistent_read(true).build()?;
            let output =
                self.store.dynamodb.batch_get_item().request_items(self.table(), asked).send().await?;
            found.extend(output.responses.into_iter().flatten().flat_map(|(_, items)| items));
            // What a busy table left out is asked for again.
            let left = output.unprocessed_keys.unwrap_or_default().remove(self.table());
            missing = left.map(|left| left.keys).unwrap_or_default();
            if missing.is_empty() {
                return Ok(found);
            }
        }
        Err(StoreError::Contended)
    }

    /// Reads one entity that must be there.
    pub async fn get<E: Entity>(&self, sort: &E::Key) -> Result<Stored<E>, StoreError> {
        self.find(sort).await?.ok_or(StoreError::NotFound)
    }

    /// Writes a new entity.
    ///
    /// # Errors
    /// `AlreadyExists` when its place is taken.
    pub async fn create<E: Entity>(&self, entity: E) -> Result<Stored<E>, StoreError> {
        let now = self.store.clock.now();
        let put = item::create(self.table(), &self.prefix, &entity, now)?;
        let sent = self
            .store
            .dynamodb
            .put_item()
            .table_name(put.table_name)
            .set_item(Some(put.item))
            .set_condition_expression(put.condition_expression)
            .set_expression_attribute_values(put.expression_attribute_values)
            .set_return_values_on_condition_check_failure(put.return_values_on_condition_check_failure)
            .send()
            .await;
        match sent {
            Ok(_) => Ok(Stored::new(entity, Version(1), now, now)),
            Err(SdkError::ServiceError(error)) if matches!(error.err(), PutRefused(_)) => {
                Err(StoreError::AlreadyExists)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Writes an entity, whatever was in its place.
    pub async fn put<E: Entity>(&self, entity: &E) -> Result<(), StoreError> {
        let put = item::put(self.table(), &self.prefix, entity, self.store.clock.now())?.build()?;
        self.store.dynamodb.put_item().table_name(put.table_name).set_item(Some(put.item)).send().await?;
        Ok(())
    }

    /// Writes the new state of an entity that was read at a version.
    ///
    /// # Errors
    /// `VersionMismatch` when it was changed since, `NotFound` when it is gone.
    pub async fn replace<E: Entity>(&self, changed: Stored<E>) -> Result<Stored<E>, StoreError> {
        let now = self.store.clock.now();
        let update = item::replace(self.table(), &self.prefix, &changed.entity, changed.version, now)?;
        let sent = self
            .store
            .dynamodb
            .update_item()
            .table_name(update.table_name)
            .set_key(Some(update.key))
            .update_expression(update.update_expression)
            .set_condition_expression(update.condition_expression)
            .set_expression_attribute_names(update.expression_attribute_names)
            .set_expression_attribute_values(update.expression_attribute_values)
            .set_return_values_on_condition_check_failure(update.return_values_on_condition_check_failure)
            .send()
            .await;
        match sent {
            Ok(_) => Ok(Stored::new(changed.entity, Version(changed.version.0 + 1), changed.created_at, now)),
            Err(SdkError::ServiceError(error)) if matches!(error.err(), UpdateRefused(_)) => {
                let UpdateRefused(refused) = error.into_err() else { return Err(StoreError::NotFound) };
                Err(classify(refused.item.as_ref(), false))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Reads an entity, changes it and writes it back, again and again until nobody came in between.
    ///
    /// # Errors
    /// Those of the store, and what `change` itself refuses.
    pub async fn update<E, F, X>(&self, sort: &E::Key, mut change: F) -> Result<Stored<E>, X>
    where
        E: Entity,
        F: FnMut(E) -> Result<E, X>,
        X: From<StoreError>,
    {
        loop {
            let stored = self.get::<E>(sort).await?;
            let (version, created_at) = (stored.version, stored.created_at);
            let changed = Stored::new(change(stored.entity)?, version, created_at, created_at);
            match self.replace(changed).await {
                Err(StoreError::VersionMismatch(_) | StoreError::Contended) => {}
                done => return Ok(done?),
            }
        }
    }

    /// Deletes an entity, at a version if one is given.
    ///
    /// # Errors
    /// `NotFound` without the item, `VersionMismatch` when it is at another version.
    pub async fn delete<E: Entity>(&self, sort: &E::Key, version: Option<Version>) -> Result<(), StoreError> {
        let delete = item::delete::<E>(self.table(), &self.prefix, sort.to_string(), version)?;
        let sent = self
            .store
            .dynamodb
            .delete_item()
            .table_name(delete.table_name)
            .set_key(Some(delete.key))
            .set_condition_expression(delete.condition_expression)
            .set_expression_attribute_values(delete.expression_attribute_values)
            .set_return_values_on_condition_check_failure(delete.return_values_on_condition_check_failure)
            .send()
            .await;
        match sent {
            Ok(_) => Ok(()),
            Err(SdkError::ServiceError(error)) if matches!(error.err(), DeleteRefused(_)) => {
                let DeleteRefused(refused) = error.into_err() else { return Err(StoreError::NotFound) };
                Err(classify(refused.item.as_ref(), false))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// A creation, to be part of a transaction.
    pub fn write_new<E: Entity>(&self, entity: &E) -> Result<Write, StoreError> {
        item::create(self.table(), &self.prefix, entity, self.store.clock.now()).map(Write::Create)
    }

    /// A replacement, to be part of a transaction.
    pub fn write_changed<E: Entity>(&self, changed: &Stored<E>) -> Result<Write, StoreError> {
        let now = self.store.clock.now();
        item::replace(self.table(), &self.prefix, &changed.entity, changed.version, now).map(Write::Replace)
    }

    /// A deletion, at a version if one is given, to be part of a transaction.
    pub fn write_deleted<E: Entity>(
        &self,
        sort: &E::Key,
        version: Option<Version>,
    ) -> Result<Write, StoreError> {
        item::delete::<E>(self.table(), &self.prefix, sort.to_string(), version).map(Write::Delete)
    }
}
