//! Adding a record to the end of a tenant's chain.

use std::{sync::Arc, time::Duration};

use domain::{
    TenantId,
    audit::{AuditAnchor, AuditEvent, AuditHead, AuditKeys, AuditRecord, Link},
};
use jiff::{SignedDuration, Timestamp};
use rand::RngExt;
use tokio::sync::Mutex;

use super::Audited;
use crate::{HeldClaim, Scope, StoreError, Stored, Write, keys, transaction::Refusal};

/// How often the end of the chain is looked for while others move it. With the pauses below, 64 writers at once all come to
/// their turn.
const ATTEMPTS: u32 = 24;
const FIRST_PAUSE_MILLISECONDS: u64 = 8;
const LONGEST_PAUSE_MILLISECONDS: u64 = 512;
/// Writers of one process wait here for each other, which is cheaper than to meet in the table.
const QUEUES: usize = 64;
/// How soon after its first record a chain is looked after: by then it has a checkpoint.
const FIRST_LOOK: SignedDuration = SignedDuration::from_hours(1);

/// Where the writers of one process stand in line, by tenant.
#[derive(Debug, Clone)]
pub(crate) struct Lines(Arc<[Mutex<()>; QUEUES]>);

impl Default for Lines {
    fn default() -> Self {
        Self(Arc::new(std::array::from_fn(|_| Mutex::new(()))))
    }
}

impl Lines {
    fn of(&self, tenant: TenantId) -> &Mutex<()> {
        let sum = tenant.to_string().bytes().fold(0_usize, |sum, byte| sum * 31 % 65_521 + usize::from(byte));
        &self.0[sum % QUEUES]
    }
}

impl Scope {
    /// The tenant that the scope is of.
    pub(super) fn owner(&self) -> Result<TenantId, StoreError> {
        keys::tenant_of(&self.prefix)
            .ok_or_else(|| StoreError::Corrupt("this scope has no tenant".to_owned()))
    }
}

impl Audited {
    /// Behind a pointer, as every handler that changes something holds one of these futures.
    pub(super) async fn append(&self, writes: Vec<Write>, event: &AuditEvent) -> Result<(), StoreError> {
        Box::pin(self.append_in_turn(writes, event)).await
    }

    async fn append_in_turn(&self, writes: Vec<Write>, event: &AuditEvent) -> Result<(), StoreError> {
        let Self { scope, keys, claim, .. } = self;
        let tenant = scope.owner()?;
        let store = scope.store();
        let claim: Vec<Write> = claim.iter().map(|HeldClaim(write)| write.clone()).collect();
        let _turn = store.lines.of(tenant).lock().await;
        for attempt in 0..ATTEMPTS {
            let head = scope.find::<AuditHead>(AuditHead::KEY).await?;
            let next = next(scope, keys, tenant, head, event, store.clock.now())?;
            let own = writes.len();
            let claimed = own..own + claim.len();
            match store.try_transact([writes.clone(), claim.clone(), next].concat()).await {
                Ok(()) => return Ok(()),
                Err(Refusal::Condition { index, .. }) if claimed.contains(&index) => {
                    return Err(StoreError::ClaimLost);
                }
                // Somebody else's record is there by now, or about to be.
                Err(Refusal::Condition { index, .. }) if index >= own => {}
                Err(Refusal::Contended) => {}
                Err(Refusal::Condition { error, .. } | Refusal::Failed(error)) => return Err(error),
            }
            let longest = (FIRST_PAUSE_MILLISECONDS << attempt.min(6)).min(LONGEST_PAUSE_MILLISECONDS);
            let pause = rand::rng().random_range(0..longest);
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
        Err(StoreError::Contended)
    }
}

/// The writes that put `event` at the end.
fn next(
    scope: &Scope,
    keys: &AuditKeys,
    tenant: TenantId,
    head: Option<Stored<AuditHead>>,
    event: &AuditEvent,
    now: Timestamp,
) -> Result<Vec<Write>, StoreError> {
    let last = head.as_ref().map_or_else(Link::genesis, |head| head.entity.link.clone());
    let record = AuditRecord::seal(keys, tenant, &last, event, now)
        .map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let moved = AuditHead::seal(keys, tenant, record.link());
    let record = scope.write_new(&record)?;
    if let Some(head) = head {
        return Ok(vec![record, scope.write_changed(&head.map(|_| moved))?]);
    }
    let anchor = AuditAnchor::first(keys, tenant, now + FIRST_LOOK);
    Ok(vec![record, scope.write_new(&moved)?, scope.write_new(&anchor)?])
}
