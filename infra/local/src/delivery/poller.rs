use std::sync::Arc;
use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::DisplayErrorContext;
use aws_sdk_sqs::types::{DeleteMessageBatchRequestEntry, Message, MessageSystemAttributeName};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::call::{Outcome, call, failures};
use super::event::event;
use super::faults::{Chaos, Faults};
use super::{Counts, Subscription};
use crate::functions::Worker;

/// How long a receive waits for a message: SQS's maximum.
const WAIT: i32 = 20;
/// How many messages one receive brings: SQS's maximum.
const MOST: i32 = 10;
/// How many messages are held back at least to hand them over in random order.
const WINDOW: usize = 20;

/// Feeds one worker from one queue.
pub(crate) struct Poller {
    client: Client,
    subscription: Subscription,
    worker: Worker,
    chaos: Option<Chaos>,
    counts: Arc<Counts>,
}

/// A message on its way to a worker.
struct Delivery {
    message: Message,
    copy: bool,
}

impl Poller {
    pub(crate) fn new(
        client: Client,
        subscription: Subscription,
        worker: Worker,
        faults: Option<Faults>,
        counts: Arc<Counts>,
    ) -> Self {
        Self { client, subscription, worker, chaos: faults.map(Chaos::new), counts }
    }

    /// Receives and calls until `end` is cancelled; what runs then goes on in `running`.
    pub(crate) async fn run(self, end: CancellationToken, running: TaskTracker) {
        let slots = Arc::new(Semaphore::new(self.subscription.concurrency));
        let this = Arc::new(self);
        let mut waiting = Vec::new();
        loop {
            let next = async {
                let slot = Arc::clone(&slots).acquire_owned().await.ok()?;
                let free = 1 + slots.available_permits();
                this.fill(&mut waiting, free).await;
                Some(slot)
            };
            let Some(Some(slot)) = end.run_until_cancelled(next).await else { return };
            let batch = this.take(&mut waiting);
            running.spawn(Arc::clone(&this).deliver(batch, slot));
        }
    }

    /// Receives what `free` calls can take, and waits until there is something.
    async fn fill(&self, waiting: &mut Vec<Delivery>, free: usize) {
        let shuffle = self.chaos.as_ref().is_some_and(|chaos| chaos.faults.shuffle);
        let most = if shuffle {
            MOST
        } else {
            i32::try_from(self.subscription.batch_size * free).unwrap_or(MOST).min(MOST)
        };
        if shuffle && !waiting.is_empty() && waiting.len() < WINDOW {
            self.receive(waiting, most, 0).await;
        }
        while waiting.is_empty() {
            self.receive(waiting, most, WAIT).await;
        }
    }

    async fn receive(&self, waiting: &mut Vec<Delivery>, most: i32, wait: i32) {
        let received = self
            .client
            .receive_message()
            .queue_url(&self.subscription.queue_url)
            .max_number_of_messages(most)
            .wait_time_seconds(wait)
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .message_attribute_names("All")
            .send()
            .await;
        match received {
            Ok(received) => {
                for message in received.messages.unwrap_or_default() {
                    if self.chaos.as_ref().is_some_and(|chaos| chaos.faults.duplicate) {
                        waiting.push(Delivery { message: message.clone(), copy: true });
                    }
                    waiting.push(Delivery { message, copy: false });
                }
            }
            Err(error) => {
                tracing::warn!(error = %DisplayErrorContext(&error), "a queue could not be read");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }

    /// The next call's messages: the oldest, or any when the order is to be random.
    fn take(&self, waiting: &mut Vec<Delivery>) -> Vec<Delivery> {
        let count = self.subscription.batch_size.min(waiting.len());
        match &self.chaos {
            Some(chaos) if chaos.faults.shuffle => {
                (0..count).map(|_| waiting.swap_remove(chaos.index(waiting.len()))).collect()
            }
            _ => waiting.drain(..count).collect(),
        }
    }

    async fn deliver(self: Arc<Self>, batch: Vec<Delivery>, slot: OwnedSemaphorePermit) {
        let counts = &self.counts;
        Counts::add(&counts.calls, 1);
        Counts::add(&counts.messages, batch.len());
        Counts::add(&counts.copies, batch.iter().filter(|delivery| delivery.copy).count());
        let ids = || batch.iter().filter_map(|delivery| delivery.message.message_id());
        let event = event(&self.subscription.queue_arn, batch.iter().map(|delivery| &delivery.message));
        let death = self.chaos.as_ref().and_then(|chaos| chaos.death(ids()));
        let outcome = call(Arc::clone(&self.worker), event, self.subscription.timeout, death).await;
        // The worker is free again; deleting is the poller's part.
        drop(slot);
        let failed = match &outcome {
            Outcome::Answered(response) => failures(response, &ids().collect(), self.subscription.partial),
            Outcome::Failed(error) => {
                Counts::add(&counts.failed, 1);
                tracing::warn!(function = self.subscription.function, %error, "a worker failed");
                None
            }
            Outcome::Killed => {
                Counts::add(&counts.killed, 1);
                None
            }
        };
        let originals = batch.iter().filter(|delivery| !delivery.copy).map(|delivery| &delivery.message);
        let worked_off = |message: &&Message| {
            failed.as_ref().is_some_and(|failed| !failed.contains(message.message_id().unwrap_or_default()))
        };
        let (done, again): (Vec<_>, Vec<_>) = originals.partition(worked_off);
        self.delete(&done).await;
        self.redeliver(&again).await;
    }

    async fn delete(&self, done: &[&Message]) {
        let handles = done.iter().filter_map(|message| message.receipt_handle()).enumerate();
        let entries: Result<Vec<_>, _> = handles
            .map(|(index, handle)| {
                let entry = DeleteMessageBatchRequestEntry::builder();
                entry.id(index.to_string()).receipt_handle(handle).build()
            })
            .collect();
        let Ok(entries) = entries else { return };
        if entries.is_empty() {
            return;
        }
        let request = self.client.delete_message_batch().queue_url(&self.subscription.queue_url);
        match request.set_entries(Some(entries)).send().await {
            Ok(_) => Counts::add(&self.counts.deleted, done.len()),
            // They come back, which a worker must stand anyway.
            Err(error) => {
                tracing::warn!(error = %DisplayErrorContext(&error), "messages could not be deleted");
            }
        }
    }

    /// Makes failed messages visible early where that is asked for; else their visibility timeout does it.
    async fn redeliver(&self, again: &[&Message]) {
        let (Some(delay), false) = (self.subscription.redelivery, again.is_empty()) else { return };
        tokio::time::sleep(delay).await;
        for message in again {
            let request = self.client.change_message_visibility().queue_url(&self.subscription.queue_url);
            let request = request.set_receipt_handle(message.receipt_handle.clone()).visibility_timeout(0);
            if let Err(error) = request.send().await {
                tracing::debug!(error = %DisplayErrorContext(&error), "a message was gone already");
            }
        }
    }
}
