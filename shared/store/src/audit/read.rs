//! Reading a chain, whatever its items have become.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    TenantId,
    audit::{AuditAnchor, AuditHead, AuditKeys, AuditRecord, Checker, Report, Slot},
};

use super::{Checkpoints, checkpoints::Last};
use crate::{
    Order, Scope, StoreError, Stored,
    envelope::{Attributes, key},
    keys,
};

/// How many places are read at a time.
const BATCH: i32 = 500;

impl Scope {
    /// The next places of the chain after number `after` (before it, in descending order), and whether there may be more.
    pub async fn audit_slots(
        &self,
        after: Option<u64>,
        order: Order,
    ) -> Result<(Vec<Slot>, bool), StoreError> {
        let partition = keys::partition::<AuditRecord>(&self.prefix);
        let start = after.map(|after| key(partition.clone(), AuditRecord::key_of(after)));
        let output = self
            .store
            .dynamodb
            .query()
            .table_name(self.table())
            .consistent_read(true)
            .key_condition_expression("pk = :partition")
            .expression_attribute_values(":partition", AttributeValue::S(partition))
            .scan_index_forward(order == Order::Ascending)
            .set_exclusive_start_key(start)
            .limit(BATCH)
            .send()
            .await?;
        let more = output.last_evaluated_key.is_some();
        Ok((output.items.unwrap_or_default().into_iter().map(slot).collect(), more))
    }

    /// Compares the chain with what was written and with its last checkpoint, from its beginning on or from after `from`, over
    /// at most `limit` records.
    ///
    /// Gives the report, and the number to go on after where the chain is longer than that; nothing where `from` lies beyond
    /// all that there ever was.
    pub async fn audit_check(
        &self,
        keys: &AuditKeys,
        checkpoints: &Checkpoints,
        from: Option<u64>,
        limit: u64,
    ) -> Result<Option<(Report, Option<u64>)>, StoreError> {
        // Before the chain, which has come further since, if anything.
        let checkpoint = checkpoints.last(self.owner()?).await?;
        loop {
            let anchor = self.audit_anchor().await?;
            // Read before the records: what is added meanwhile lies beyond it, and is not looked at.
            let head = self.find::<AuditHead>(AuditHead::KEY).await?.map(|stored| stored.entity);
            let end = self.certain_end(keys, head.as_ref(), anchor.as_ref(), &checkpoint)?;
            if from.zip(end).is_some_and(|(from, end)| from > end) {
                return Ok(None);
            }
            let ends = (anchor.as_ref(), head);
            let (report, next) = self.check_from(keys, &checkpoint, ends, from, limit).await?;
            // What was let go while we looked may have seemed to be missing.
            if report.intact || self.audit_anchor().await? == anchor {
                return Ok(Some((report, next)));
            }
        }
    }

    async fn audit_anchor(&self) -> Result<Option<AuditAnchor>, StoreError> {
        Ok(self.find::<AuditAnchor>(AuditAnchor::KEY).await?.map(|stored| stored.entity))
    }

    /// The last number that the chain has come to; nothing where what tells it is missing or none of ours.
    fn certain_end(
        &self,
        keys: &AuditKeys,
        head: Option<&AuditHead>,
        anchor: Option<&AuditAnchor>,
        checkpoint: &Last,
    ) -> Result<Option<u64>, StoreError> {
        let tenant = self.owner()?;
        let reached = match head {
            Some(head) => (head.is_ours(keys, tenant) == Some(true)).then_some(head.link.seq),
            // A tenant without any event.
            None => anchor.is_none().then_some(0),
        };
        let vouched = match checkpoint {
            Last::Nothing => Some(0),
            Last::Checkpoint(known) => (known.is_ours(keys, tenant) == Some(true)).then_some(known.link.seq),
            Last::Illegible => None,
        };
        Ok(reached.zip(vouched).map(|(reached, vouched)| reached.max(vouched)))
    }

    async fn check_from(
        &self,
        keys: &AuditKeys,
        checkpoint: &Last,
        (anchor, head): (Option<&AuditAnchor>, Option<AuditHead>),
        from: Option<u64>,
        limit: u64,
    ) -> Result<(Report, Option<u64>), StoreError> {
        let tenant: TenantId = self.owner()?;
        let end = head.as_ref().map(|head| head.link.seq);
        let checker = Checker::new(keys, tenant, anchor, head);
        let mut checker = match checkpoint {
            Last::Nothing => checker,
            Last::Illegible => checker.against(None),
            Last::Checkpoint(known) => checker.against(Some(known.clone())),
        };
        if let Some(from) = from {
            checker.resume(from, self.find_slot(from).await?.as_ref());
        }
        let mut after = from;
        let mut seen = 0;
        loop {
            let (slots, more) = self.audit_slots(after, Order::Ascending).await?;
            for slot in &slots {
                if end.is_some_and(|end| checker.last() >= end) && self.is_newer(slot, end).await? {
                    return Ok((checker.finish(), None));
                }
                checker.take(slot);
            }
            seen += slots.len() as u64;
            if !more {
                return Ok((checker.finish(), None));
            }
            after = Some(checker.last());
            if seen >= limit {
                return Ok((checker.pause(), after));
            }
        }
    }

    async fn find_slot(&self, seq: u64) -> Result<Option<Slot>, StoreError> {
        Ok(self.item::<AuditRecord>(&AuditRecord::key_of(seq)).await?.map(slot))
    }

    /// Whether a place beyond the head that was read is covered by the head that is there now.
    async fn is_newer(&self, slot: &Slot, end: Option<u64>) -> Result<bool, StoreError> {
        let now: Option<Stored<AuditHead>> = self.find(AuditHead::KEY).await?;
        let now = now.map(|head| head.entity.link.seq);
        let place: Option<u64> = slot.key.parse().ok();
        Ok(now > end && place <= now)
    }
}

/// What lies in an item: a record, if it can be read as one.
fn slot(mut item: Attributes) -> Slot {
    let key = match item.remove("sk") {
        Some(AttributeValue::S(key)) => key,
        _ => String::new(),
    };
    let record = item.remove("data").and_then(|data| serde_dynamo::from_attribute_value(data).ok());
    Slot { key, record }
}
