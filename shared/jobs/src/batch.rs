//! A batch of records, each on its own: one bad record fails neither the others nor the batch.

use std::{future::Future, sync::Arc};

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};

use crate::{Received, Work, Worker};

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is done with; the queue may forget it.
    Done,
    /// It is to come again when its visibility timeout is over.
    Again,
}

/// Does what a batch of messages asks a worker for; the response tells which messages are to come again.
pub async fn work_off<W: Work>(worker: Arc<Worker<W>>, event: SqsEvent) -> SqsBatchResponse {
    // Boxed: a worker's future is deep enough to be at the compiler's limit inside a function's `main`.
    each_record(event, |received| Box::pin(worker.handle(received))).await
}

/// Hands each record to `handle`, and tells the queue which are to come again.
///
/// A body that is no message can't become one by coming again: it is logged and forgotten; should a task hang on it,
/// maintenance finds the task stalled.
pub async fn each_record<F: Future<Output = Verdict>>(
    event: SqsEvent,
    handle: impl Fn(Received) -> F,
) -> SqsBatchResponse {
    let mut response = SqsBatchResponse::default();
    for record in event.records {
        let id = record.message_id.unwrap_or_default();
        let verdict = match Received::parse(record.body.as_deref().unwrap_or_default()) {
            Ok(received) => handle(received).await,
            Err(error) => {
                tracing::error!(message_id = id, %error, "a record is no message");
                Verdict::Done
            }
        };
        if verdict == Verdict::Again {
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = id;
            response.batch_item_failures.push(failure);
        }
    }
    response
}
