//! Tasks that nobody is at any more: never sent, or stalled.

use domain::{
    TenantId,
    task::{Failure, MAXIMUM_REVIVALS, Task, TaskState},
};
use jiff::{SignedDuration, Timestamp};
use platform::telemetry::chain;
use store::{Scope, Store, StoreError, Stored, VerifiedTenant};

use crate::{JobError, Message, Part, Queues, shards, submit::mark_sent};

/// The most tasks of one round; the rest is due in the next.
const ROUND: i32 = 100;
/// When a task is looked at again that only waits for its turn, or could not be revived.
const AGAIN: SignedDuration = SignedDuration::from_mins(5);

/// What a round of maintenance has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Revived {
    /// Tasks that were sent, or sent once more.
    pub sent: u32,
    /// Tasks that were given up.
    pub given_up: u32,
    /// Tasks that could not be read or dealt with, and are due again.
    pub failed: u32,
}

/// What became of one task.
enum Revival {
    Sent,
    GivenUp,
    /// Its queue has not come to it yet.
    Waits,
}

/// A tenant whose task the store's own index has named.
struct Indexed(TenantId);

impl VerifiedTenant for Indexed {
    fn tenant_id(&self) -> TenantId {
        self.0
    }
}

/// Sends pending tasks that were never sent, and started ones that have stalled; gives up those that make no progress. One
/// that can't be dealt with makes way for the others.
///
/// # Errors
/// When nobody can tell which tasks are due.
pub async fn revive_due(
    store: &Store,
    queues: &Queues,
    now: Timestamp,
    stalled_after: SignedDuration,
) -> Result<Revived, JobError> {
    let due = store.due::<Task>(now, ROUND).await?;
    let mut revived = Revived { failed: due.unreadable, ..Revived::default() };
    for (tenant, task) in due {
        let scope = store.tenant(&Indexed(tenant));
        let id = task.entity.id;
        let again = match revive(&scope, queues, tenant, task, (now, stalled_after)).await {
            Ok(Revival::Sent) => {
                revived.sent += 1;
                false
            }
            Ok(Revival::GivenUp) => {
                revived.given_up += 1;
                false
            }
            Ok(Revival::Waits) => true,
            // Somebody else is at it after all.
            Err(
                JobError::Overtaken(_)
                | JobError::Store(StoreError::VersionMismatch(_) | StoreError::NotFound),
            ) => false,
            Err(error) => {
                tracing::error!(task = %id, error = chain(&error), "a task was not revived");
                revived.failed += 1;
                true
            }
        };
        if again && let Err(error) = scope.postpone::<Task>(&id, now + AGAIN).await {
            tracing::warn!(task = %id, error = chain(&error), "a task stays due");
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
) -> Result<Revival, JobError> {
    let task = &stored.entity;
    let plan = Message::new(tenant, task.id, Part::Plan);
    let queue = queues.of(task.kind);
    if task.state == TaskState::Pending {
        queue.send(plan).await?;
        mark_sent(scope, &stored, now).await?;
        return Ok(Revival::Sent);
    }
    // As long as others are ahead in the queue, its shards may be behind them: to send more would make that worse.
    if queue.has_waiting().await? {
        return Ok(Revival::Waits);
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
        return Ok(Revival::GivenUp);
    }
    let next = task.clone().revive(done, now + stalled_after)?;
    scope.replace(stored.map(|_| next)).await?;
    queue.send(plan).await?;
    Ok(Revival::Sent)
}
