//! Claims: things that one holder has at a time, for a time. They live in the transient table.

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::{
        delete_item::DeleteItemError::ConditionalCheckFailedException as DeleteRefused,
        put_item::PutItemError::ConditionalCheckFailedException as PutRefused,
    },
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure::AllOld, Update},
};
use domain::Entity;
use jiff::{Timestamp, ToSpan};

use crate::{
    Scope, StoreError, Write,
    envelope::{Attributes, key},
    keys,
};

/// The attribute of `data` that tells that something was done under a claim; missing until then.
const COMMITTED: &str = "committed";

/// How the attempt to claim went.
#[derive(Debug)]
pub enum Claim<E> {
    /// The claim is held by the caller now.
    Held,
    /// Somebody else holds it, until the time given.
    Taken(E, Timestamp),
}

/// A claim under which something is done: what [`Audited`](crate::Audited) changes, it changes only while the claim is held,
/// and marks it as `committed` in the same transaction. From then on the claim is kept, whatever becomes of its holder.
#[derive(Debug, Clone)]
pub struct HeldClaim(pub(crate) Write);

impl Scope {
    /// Claims the entity's place until `deadline`, unless a claim there has not passed its own deadline yet.
    ///
    /// Deadlines are compared here, in milliseconds; the table deletes passed claims only much later.
    pub async fn claim<E: Entity>(&self, entity: &E, deadline: Timestamp) -> Result<Claim<E>, StoreError> {
        let now = self.store.clock.now();
        let sent = self
            .store
            .dynamodb
            .put_item()
            .table_name(&self.store.config.transient_table)
            .set_item(Some(self.claim_item(entity, deadline)?))
            .condition_expression("attribute_not_exists(pk) OR deadline <= :now")
            .expression_attribute_values(":now", AttributeValue::N(now.as_millisecond().to_string()))
            .return_values_on_condition_check_failure(AllOld)
            .send()
            .await;
        match sent {
            Ok(_) => Ok(Claim::Held),
            Err(SdkError::ServiceError(error)) if matches!(error.err(), PutRefused(_)) => {
                let PutRefused(refused) = error.into_err() else { return Err(StoreError::Contended) };
                let mut item = refused.item.unwrap_or_default();
                let held_until = deadline_of(&item)?;
                let entity = item
                    .remove("data")
                    .ok_or_else(|| StoreError::Corrupt("a claim has no data".to_owned()))?;
                Ok(Claim::Taken(serde_dynamo::from_attribute_value(entity)?, held_until))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Replaces a claim that the caller holds: `owner` is the attribute of `data` that only the holder knows.
    ///
    /// # Errors
    /// `NotFound` when the claim has passed to somebody else.
    pub async fn keep_claim<E: Entity>(
        &self,
        entity: &E,
        deadline: Timestamp,
        owner: &str,
    ) -> Result<(), StoreError> {
        let sent = self
            .store
            .dynamodb
            .put_item()
            .table_name(&self.store.config.transient_table)
            .set_item(Some(self.claim_item(entity, deadline)?))
            .condition_expression("#data.#owner = :owner")
            .expression_attribute_names("#data", "data")
            .expression_attribute_names("#owner", "owner")
            .expression_attribute_values(":owner", AttributeValue::S(owner.to_owned()))
            .send()
            .await;
        match sent {
            Ok(_) => Ok(()),
            Err(SdkError::ServiceError(error)) if matches!(error.err(), PutRefused(_)) => {
                Err(StoreError::NotFound)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// A claim that the caller holds, for what is done under it; once something was, the claim is kept until `deadline`.
    pub fn held_claim<E: Entity>(
        &self,
        sort: &E::Key,
        owner: &str,
        deadline: Timestamp,
    ) -> Result<HeldClaim, StoreError> {
        let (deadline, expires_at) = times(deadline);
        let update = Update::builder()
            .table_name(&self.store.config.transient_table)
            .set_key(Some(key(keys::partition::<E>(&self.prefix), sort.to_string())))
            .update_expression("SET #data.#committed = :true, deadline = :deadline, expires_at = :expires_at")
            .condition_expression("#data.#owner = :owner")
            .expression_attribute_names("#data", "data")
            .expression_attribute_names("#owner", "owner")
            .expression_attribute_names("#committed", COMMITTED)
            .expression_attribute_values(":owner", AttributeValue::S(owner.to_owned()))
            .expression_attribute_values(":true", AttributeValue::Bool(true))
            .expression_attribute_values(":deadline", deadline)
            .expression_attribute_values(":expires_at", expires_at);
        Ok(HeldClaim(Write::Replace(update.build()?)))
    }

    /// Gives a claim up, if `owner` still holds it, and nothing was done under it.
    pub async fn release_claim<E: Entity>(&self, sort: &E::Key, owner: &str) -> Result<(), StoreError> {
        let sent = self
            .store
            .dynamodb
            .delete_item()
            .table_name(&self.store.config.transient_table)
            .set_key(Some(key(keys::partition::<E>(&self.prefix), sort.to_string())))
            .condition_expression("#data.#owner = :owner AND attribute_not_exists(#data.#committed)")
            .expression_attribute_names("#data", "data")
            .expression_attribute_names("#owner", "owner")
            .expression_attribute_names("#committed", COMMITTED)
            .expression_attribute_values(":owner", AttributeValue::S(owner.to_owned()))
            .send()
            .await;
        match sent {
            Ok(_) => Ok(()),
            Err(SdkError::ServiceError(error)) if matches!(error.err(), DeleteRefused(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn claim_item<E: Entity>(&self, entity: &E, deadline: Timestamp) -> Result<Attributes, StoreError> {
        let mut item = key(keys::partition::<E>(&self.prefix), entity.key());
        item.insert("data".to_owned(), serde_dynamo::to_attribute_value(entity)?);
        let (deadline, expires_at) = times(deadline);
        item.insert("deadline".to_owned(), deadline);
        item.insert("expires_at".to_owned(), expires_at);
        Ok(item)
    }
}

/// Until when a claim is held, and when the table may delete it.
fn times(deadline: Timestamp) -> (AttributeValue, AttributeValue) {
    let deleted = (deadline + 1.hour()).as_second();
    (AttributeValue::N(deadline.as_millisecond().to_string()), AttributeValue::N(deleted.to_string()))
}

fn deadline_of(item: &Attributes) -> Result<Timestamp, StoreError> {
    item.get("deadline")
        .and_then(|deadline| deadline.as_n().ok())
        .and_then(|deadline| deadline.parse().ok())
        .and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok())
        .ok_or_else(|| StoreError::Corrupt("a claim has no deadline".to_owned()))
}
