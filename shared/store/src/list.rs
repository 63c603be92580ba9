//! Lists: queries by page, never scans.

use std::borrow::Cow;

use aws_sdk_dynamodb::{
    error::SdkError, operation::update_item::UpdateItemError::ConditionalCheckFailedException as Refused,
    types::AttributeValue,
};
use domain::{Entity, TenantId};
use jiff::Timestamp;

use crate::{Scope, Store, StoreError, Stored, envelope::Attributes, keys};

/// How often a page of filtered entities goes on to read: some megabytes. What it has not found by then is on the next page.
const ROUNDS: usize = 5;

/// How often what is due goes on to read past items that are none: what can't be read must not hide what can.
const DUE_ROUNDS: usize = 10;

/// Which end of the order comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Smallest sort key, or oldest id, first.
    Ascending,
    /// Largest sort key, or newest id, first.
    Descending,
}

/// Keeps the entities whose attribute has a value.
#[derive(Debug, Clone)]
pub struct Filter {
    /// The attribute's name in the entity.
    pub attribute: &'static str,
    /// The value that it must have.
    pub value: String,
}

/// What to list.
#[derive(Debug, Clone)]
pub struct Listing {
    /// At most this many.
    pub limit: usize,
    /// In which order.
    pub order: Order,
    /// From where on: where the page before ended.
    pub after: Option<Position>,
    /// Only those that pass all of these.
    pub filters: Vec<Filter>,
    /// Only those with an entry in this group.
    pub group: Option<Cow<'static, str>>,
}

/// Where a page ended: the sort key of its last entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position(pub String);

/// Some entities, and where the next page begins if there is one.
#[derive(Debug)]
pub struct Page<E> {
    /// The entities.
    pub items: Vec<Stored<E>>,
    /// Where the next page begins.
    pub next: Option<Position>,
}

impl Scope {
    /// Lists the entities of a kind. Where they are filtered, a page may have fewer entities than its limit, even none, and
    /// there may be more on the next.
    pub async fn list<E: Entity>(&self, listing: Listing) -> Result<Page<E>, StoreError> {
        let now = self.store.clock.now();
        let mut page: Page<E> = Page { items: Vec::new(), next: None };
        let group = listing.group.as_deref();
        let mut start = listing.after.as_ref().map(|after| self.start_key::<E>(group, after));
        for round in 1.. {
            let output =
                self.query::<E>(&listing, start.take(), listing.limit + 1 - page.items.len()).await?;
            for item in output.items.unwrap_or_default() {
                page.items.extend(Stored::read(item, now)?);
            }
            start = output.last_evaluated_key;
            // One more than wanted tells for certain whether there is a next page.
            if page.items.len() > listing.limit {
                page.items.truncate(listing.limit);
                page.next = page.items.last().map(|last| Position(last.entity.key()));
                return Ok(page);
            }
            let Some(read) = &start else { break };
            if round >= ROUNDS && !listing.filters.is_empty() {
                page.next = read.get("sk").and_then(|sk| sk.as_s().ok()).cloned().map(Position);
                break;
            }
        }
        Ok(page)
    }

    async fn query<E: Entity>(
        &self,
        listing: &Listing,
        start: Option<Attributes>,
        limit: usize,
    ) -> Result<aws_sdk_dynamodb::operation::query::QueryOutput, StoreError> {
        let query = self.store.dynamodb.query().table_name(self.table());
        let query = match listing.group.as_deref() {
            None => query
                .consistent_read(true)
                .key_condition_expression("pk = :partition")
                .expression_attribute_values(":partition", text(keys::partition::<E>(&self.prefix))),
            Some(group) => query
                .index_name(keys::GROUP_INDEX)
                .key_condition_expression("gsi1pk = :partition")
                .expression_attribute_values(":partition", text(keys::group::<E>(&self.prefix, group))),
        };
        let mut query = query
            .scan_index_forward(listing.order == Order::Ascending)
            .set_exclusive_start_key(start)
            .set_limit(listing.filters.is_empty().then(|| i32::try_from(limit).unwrap_or(i32::MAX)));
        let mut conditions = Vec::new();
        for (index, filter) in listing.filters.iter().enumerate() {
            conditions.push(format!("#data.#f{index} = :f{index}"));
            query = query
                .expression_attribute_names("#data", "data")
                .expression_attribute_names(format!("#f{index}"), filter.attribute)
                .expression_attribute_values(format!(":f{index}"), text(filter.value.clone()));
        }
        query = query.set_filter_expression((!conditions.is_empty()).then(|| conditions.join(" AND ")));
        Ok(query.send().await?)
    }

    /// Has a due entity come up again at `until`. It stays as it is, to the last byte and its seal, and so does its version;
    /// its next change puts it where it says itself.
    ///
    /// # Errors
    /// `NotFound` when it is gone, or not due at any time.
    pub async fn postpone<E: Entity>(&self, sort: &E::Key, until: Timestamp) -> Result<(), StoreError> {
        let sort = sort.to_string();
        let sent = self
            .store
            .dynamodb
            .update_item()
            .table_name(self.table())
            .update_expression("SET gsi2sk = :until")
            .condition_expression("attribute_exists(gsi2sk)")
            .expression_attribute_values(":until", text(keys::due_at(until, &sort)))
            .set_key(Some(crate::envelope::key(keys::partition::<E>(&self.prefix), sort)))
            .send()
            .await;
        match sent {
            Ok(_) => Ok(()),
            Err(SdkError::ServiceError(error)) if matches!(error.err(), Refused(_)) => {
                Err(StoreError::NotFound)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn start_key<E: Entity>(&self, group: Option<&str>, after: &Position) -> Attributes {
        let mut start = crate::envelope::key(keys::partition::<E>(&self.prefix), after.0.clone());
        if let Some(group) = group {
            start.insert("gsi1pk".to_owned(), text(keys::group::<E>(&self.prefix, group)));
            start.insert("gsi1sk".to_owned(), text(after.0.clone()));
        }
        start
    }
}

/// What is due, the longest due first.
#[derive(Debug)]
pub struct Due<E> {
    /// The entities, and whose they are.
    pub items: Vec<(TenantId, Stored<E>)>,
    /// How many items were passed over because they can't be read. The log names them.
    pub unreadable: u32,
}

impl<E> IntoIterator for Due<E> {
    type Item = (TenantId, Stored<E>);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

pub(crate) async fn due<E: Entity>(store: &Store, now: Timestamp, limit: i32) -> Result<Due<E>, StoreError> {
    let wanted = usize::try_from(limit).unwrap_or_default();
    let (mut due, mut start) = (Due { items: Vec::new(), unreadable: 0 }, None);
    for _ in 0..DUE_ROUNDS {
        let output = store
            .dynamodb
            .query()
            .table_name(&store.config.state_table)
            .index_name(keys::DUE_INDEX)
            .key_condition_expression("gsi2pk = :partition AND gsi2sk <= :now")
            .expression_attribute_values(":partition", text(keys::due::<E>()))
            .expression_attribute_values(":now", text(keys::due_at(now, "")))
            .set_exclusive_start_key(start)
            .limit(limit)
            .send()
            .await?;
        for item in output.items.unwrap_or_default() {
            let place = format!("{:?} {:?}", item.get("pk"), item.get("sk"));
            match read_due(item, now) {
                Ok(read) => due.items.extend(read),
                Err(error) => {
                    tracing::error!(place, %error, "a due item was passed over");
                    due.unreadable += 1;
                }
            }
        }
        start = output.last_evaluated_key;
        if due.items.len() >= wanted || start.is_none() {
            break;
        }
    }
    due.items.truncate(wanted);
    Ok(due)
}

fn read_due<E: Entity>(
    item: Attributes,
    now: Timestamp,
) -> Result<Option<(TenantId, Stored<E>)>, StoreError> {
    let tenant = item.get("pk").and_then(|pk| pk.as_s().ok()).and_then(|pk| keys::tenant_of(pk));
    let tenant = tenant.ok_or_else(|| StoreError::Corrupt("a due item has no tenant".to_owned()))?;
    Ok(Stored::read(item, now)?.map(|stored| (tenant, stored)))
}

fn text(value: String) -> AttributeValue {
    AttributeValue::S(value)
}
