//! From a request to a task on its way.

use domain::{
    TaskId, UserId,
    task::{Task, TaskKind},
};
use jiff::Timestamp;
use platform::{IdSource, telemetry::chain};
use store::{Audited, Bucket, Scope, StoreError, Stored, VerifiedTenant};

use crate::{Message, Part, Queues};

/// Keeps the input, writes the task with its record, and sends its message.
///
/// The task is its own outbox: it is written as never sent, and only then sent. Should the process die in between, it stays
/// due, and maintenance sends it.
pub async fn submit(
    audited: &Audited,
    queues: &Queues,
    ids: &IdSource,
    asked: Asked<'_, impl VerifiedTenant>,
) -> Result<Stored<Task>, StoreError> {
    let store = audited.scope();
    let input = store.put_payload(asked.bucket, asked.input).await?;
    let task = Task::new(ids.id::<TaskId>(), asked.kind, asked.user, input, asked.now);
    let stored = audited.create(task).await?;
    let message = Message::new(asked.tenant.tenant_id(), stored.entity.id, Part::Plan);
    match queues.of(asked.kind).send(message).await {
        Ok(()) => {
            // Unmarked it is sent a second time, which does nothing twice.
            if let Err(error) = mark_sent(store, &stored, asked.now).await {
                tracing::warn!(task = %stored.entity.id, error = chain(&error), "a task was not marked as sent");
            }
        }
        // The task is accepted all the same: it is written, and maintenance sends it.
        Err(error) => tracing::warn!(task = %stored.entity.id, %error, "a task was not sent yet"),
    }
    Ok(stored)
}

/// What was asked for, and by whom.
pub struct Asked<'a, T> {
    /// The tenant that the task is to belong to.
    pub tenant: &'a T,
    /// Where large inputs are kept.
    pub bucket: &'a Bucket,
    /// Who asked.
    pub user: UserId,
    /// For what.
    pub kind: TaskKind,
    /// With which input.
    pub input: Vec<u8>,
    /// When.
    pub now: Timestamp,
}

pub(crate) async fn mark_sent(
    store: &Scope,
    stored: &Stored<Task>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sent = stored.clone().map(|task| task.sent(now));
    match store.replace(sent).await {
        // A worker has taken it up already, so it was sent.
        Err(StoreError::VersionMismatch(_) | StoreError::NotFound) => Ok(()),
        marked => marked.map(|_| ()),
    }
}
