//! Dead letters: messages that no worker survived.

use domain::task::{Failure, Task};
use platform::Clock;
use store::{Store, StoreError};

use crate::{JobError, Received, Verdict};

/// Ends the task of a dead letter, unless it has ended otherwise.
pub async fn bury(store: &Store, clock: &Clock, received: Received) -> Verdict {
    let id = received.message().task;
    let failure = Failure {
        code: "worker-crashed".to_owned(),
        detail: "The work was tried several times, and crashed or ran out of time each time.".to_owned(),
        errors: Vec::new(),
    };
    let fail = |task: Task| Ok::<_, JobError>(task.fail(failure.clone(), clock.now())?);
    match store.tenant(&received).update(&id, fail).await {
        Ok(_) => {
            tracing::error!(task = %id, part = ?received.message().part, "a task was given up");
            Verdict::Done
        }
        Err(JobError::Overtaken(_) | JobError::Store(StoreError::NotFound)) => Verdict::Done,
        // It can't be read any better by coming again.
        Err(JobError::Store(error @ StoreError::Corrupt(_))) => {
            tracing::error!(task = %id, %error, "a dead letter's task can't be read");
            Verdict::Done
        }
        Err(error) => {
            tracing::error!(task = %id, %error, "a dead letter was not dealt with");
            Verdict::Again
        }
    }
}
