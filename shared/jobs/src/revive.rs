//! Tasks that nobody is at any more: never sent, or stalled.

use domain::{
    TenantId,
    task::{Failure, MAXIMUM_REVIVALS, Task, TaskState},
};
use jiff::{SignedDuration, Timestamp};
use store::{Scope, Store, StoreError, Stored, VerifiedTenant};

use crate::{JobError, Message, Part, Queues, shards, submit::mark_sent};

/// The most tasks of one round; the rest is due in the next.
const ROUND: i32 = 100;

/// What a round of maintenance has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Revived {
    /// Tasks that were sent, or sent once more.
    pub sent: u32,
    /// Tasks that were given up.
    pub given_up: u32,
}

/// A tenant whose task the store's own index has named.
struct Indexed(TenantId);

impl VerifiedTenant for Indexed {
    fn tenant_id(&self) -> TenantId {
        self.0
    }
}

/// Sends pending tasks that were never sent, and started ones that have stalled; gives up those that make no progress.
pub async fn revive_due(
    store: &Store,
    queues: &Queues,
    now: Timestamp,
    stalled_after: SignedDuration,
) -> Result<Revived, JobError> {
    let mut revived = Revived::default();
    for (tenant, task) in store.due::<Task>(now, ROUND).await? {
        let scope = store.tenant(&Indexed(tenant));
        match revive(&scope, queues, tenant, task, (now, stalled_after)).await {
            Ok(true) => revived.sent += 1,
            Ok(false) => revived.given_up += 1,
            // Somebody else is at it after all.
            Err(
                JobError::Overtaken(_)
                | JobError::Store(StoreError::VersionMismatch(_) | StoreError::NotFound),
            ) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(revived)
}

async fn revive(
    scope: &Scope,
    queues: &Queues,
    tenant: TenantId,
    stored: Stored<Task>,
    (now, stalled_after): (Timestamp, SignedDuration),
) -> Result<bool, JobError> {
    let task = &stored.entity;
    let plan = Message::new(tenant, task.id, Part::Plan);
    let queue = queues.of(task.kind);
    if task.state == TaskState::Pending {
        queue.send(plan).await?;
        mark_sent(scope, &stored, now).await?;
        return Ok(true);
    }
    let done = shards::shards_done(scope, task.id).await?;
    if task.revivals >= MAXIMUM_REVIVALS && done <= task.done_at_revival {
        let failure = Failure {
            code: "stalled".to_owned(),
            detail: "The work made no progress, however often it was taken up.".to_owned(),
            errors: Vec::new(),
        };
        let failed = task.clone().fail(failure, now)?;
        scope.replace(stored.map(|_| failed)).await?;
        return Ok(false);
    }
    let next = task.clone().revive(done, now + stalled_after)?;
    scope.replace(stored.map(|_| next)).await?;
    queue.send(plan).await?;
    Ok(true)
}
