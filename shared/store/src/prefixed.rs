//! The few entities whose sort keys begin alike: the sessions of a user. And how many there are of a kind.

use aws_sdk_dynamodb::types::{AttributeValue, Select};
use domain::Entity;

use crate::{Scope, StoreError, Stored, keys};

/// The most pages, of a megabyte each, that are read to be counted.
const COUNTED_PAGES: usize = 16;

impl Scope {
    /// All entities of a kind whose sort keys begin with `prefix`, in their order, as the last write left them.
    pub async fn list_prefixed<E: Entity>(&self, prefix: &str) -> Result<Vec<Stored<E>>, StoreError> {
        let now = self.store.clock.now();
        let mut found = Vec::new();
        let mut start = None;
        loop {
            let output = self
                .store
                .dynamodb
                .query()
                .table_name(self.table())
                .consistent_read(true)
                .key_condition_expression("pk = :partition AND begins_with(sk, :prefix)")
                .expression_attribute_values(
                    ":partition",
                    AttributeValue::S(keys::partition::<E>(&self.prefix)),
                )
                .expression_attribute_values(":prefix", AttributeValue::S(prefix.to_owned()))
                .set_exclusive_start_key(start)
                .send()
                .await?;
            for item in output.items.unwrap_or_default() {
                found.extend(Stored::read(item, now)?);
            }
            start = output.last_evaluated_key;
            if start.is_none() {
                return Ok(found);
            }
        }
    }

    /// How many entities of a kind there are, as far as a bounded search comes; those that have expired and are not deleted
    /// yet count.
    pub async fn count<E: Entity>(&self) -> Result<u64, StoreError> {
        let mut counted = 0;
        let mut start = None;
        for _ in 0..COUNTED_PAGES {
            let output = self
                .store
                .dynamodb
                .query()
                .table_name(self.table())
                .select(Select::Count)
                .key_condition_expression("pk = :partition")
                .expression_attribute_values(
                    ":partition",
                    AttributeValue::S(keys::partition::<E>(&self.prefix)),
                )
                .set_exclusive_start_key(start)
                .send()
                .await?;
            counted += u64::try_from(output.count).unwrap_or_default();
            start = output.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        Ok(counted)
    }
}
