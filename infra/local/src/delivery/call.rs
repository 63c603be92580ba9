use std::collections::HashSet;
use std::time::Duration;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};

use super::faults::Death;
use crate::error::BoxError;
use crate::functions::Worker;

/// How a call of a worker ended.
pub(super) enum Outcome {
    /// With an answer.
    Answered(SqsBatchResponse),
    /// With an error, a panic or its timeout.
    Failed(BoxError),
    /// It was killed on purpose.
    Killed,
}

/// Calls a worker in a task of its own, as a panic there must not end the poller.
pub(super) async fn call(
    worker: Worker,
    event: SqsEvent,
    timeout: Duration,
    death: Option<Death>,
) -> Outcome {
    let mut task = tokio::spawn(async move {
        match death {
            None => worker(event).await.map_or_else(Outcome::Failed, Outcome::Answered),
            Some(death) => {
                death.befall(worker(event)).await;
                Outcome::Killed
            }
        }
    });
    match tokio::time::timeout(timeout, &mut task).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(panic)) => Outcome::Failed(panic.into()),
        Err(_) => {
            task.abort();
            Outcome::Failed(format!("timed out after {timeout:?}").into())
        }
    }
}

/// Which messages of a batch were not worked off, by Lambda's rules; `None` is the whole batch.
pub(super) fn failures<'a>(
    response: &'a SqsBatchResponse,
    batch: &HashSet<&str>,
    partial: bool,
) -> Option<HashSet<&'a str>> {
    if !partial {
        return Some(HashSet::new());
    }
    let failed: HashSet<_> =
        response.batch_item_failures.iter().map(|failure| failure.item_identifier.as_str()).collect();
    // An empty or foreign identifier is a broken answer: nothing of the batch is taken as done.
    failed.iter().all(|id| batch.contains(id)).then_some(failed)
}
