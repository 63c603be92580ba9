//! Sets of numbers that many writers add to at once: which shards of a task are done.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::update_item::UpdateItemError::ConditionalCheckFailedException as Refused,
    types::{AttributeValue, ReturnValue},
};
use domain::Entity;

use crate::{
    Scope, StoreError, Stored,
    envelope::{Attributes, key},
    keys,
};

const MEMBERS: &str = "members";

impl Scope {
    /// Adds `member` to the entity's set. Adding twice changes nothing; the version stays, so that adding never races
    /// with a change of the entity itself.
    ///
    /// Gives the entity and its set, both as they are after the call.
    ///
    /// # Errors
    /// `NotFound` without the entity.
    pub async fn add_member<E: Entity>(
        &self,
        sort: &E::Key,
        member: u32,
    ) -> Result<(Stored<E>, BTreeSet<u32>), StoreError> {
        let sent = self
            .store
            .dynamodb
            .update_item()
            .table_name(self.table())
            .set_key(Some(key(keys::partition::<E>(&self.prefix), sort.to_string())))
            .update_expression("ADD #members :member")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#members", MEMBERS)
            .expression_attribute_values(":member", AttributeValue::Ns(vec![member.to_string()]))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        match sent {
            Ok(output) => self.with_members(output.attributes.unwrap_or_default()),
            Err(SdkError::ServiceError(error)) if matches!(error.err(), Refused(_)) => {
                Err(StoreError::NotFound)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The entity and its set.
    pub async fn find_with_members<E: Entity>(
        &self,
        sort: &E::Key,
    ) -> Result<Option<(Stored<E>, BTreeSet<u32>)>, StoreError> {
        self.item::<E>(sort).await?.map(|item| self.with_members(item)).transpose()
    }

    fn with_members<E: Entity>(&self, item: Attributes) -> Result<(Stored<E>, BTreeSet<u32>), StoreError> {
        let members = match item.get(MEMBERS) {
            Some(AttributeValue::Ns(numbers)) => {
                numbers.iter().filter_map(|number| number.parse().ok()).collect()
            }
            _ => BTreeSet::new(),
        };
        let stored = Stored::read(item, self.store.clock.now())?.ok_or(StoreError::NotFound)?;
        Ok((stored, members))
    }
}
