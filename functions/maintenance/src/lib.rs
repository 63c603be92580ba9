//! What keeps the stack in order: dead letters end their tasks, tasks that nobody is at are sent again, prices are kept up to
//! date, and what has expired is deleted.

mod cleanup;
mod job;
mod market_data;
mod tenant;

use std::sync::Arc;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use jobs::{Queues, WorkerConfig, bury, each_record, revive_due};
use lambda_runtime::Error;
use platform::{Clock, Context, IdSource};
use serde_json::Value;
use store::{Bucket, Store, StoreConfig};

pub use job::Job;
use market_data::{MarketData, Updates};

/// The function: its queues and its schedules.
#[derive(Clone)]
pub struct Maintenance {
    store: Store,
    bucket: Bucket,
    queues: Queues,
    clock: Clock,
    ids: IdSource,
    config: WorkerConfig,
    market_data: Option<Arc<dyn MarketData>>,
}

impl Maintenance {
    /// The function, as the context says.
    ///
    /// # Errors
    /// Names the variable that is missing or can't be taken.
    pub fn new(context: &Context) -> Result<Self, Error> {
        Ok(Self {
            store: Store::new(&context.aws, StoreConfig::from_env(&context.env)?, context.clock.clone()),
            bucket: Bucket::from_env(context)?,
            queues: Queues::from_env(context)?,
            clock: context.clock.clone(),
            ids: context.ids.clone(),
            config: WorkerConfig::from_env(&context.env)?,
            market_data: market_data::from_env(context)?,
        })
    }

    /// Tells the two kinds of event apart: an event with records is a batch of dead letters, any other one a schedule's.
    ///
    /// # Errors
    /// When the event can't be read, or the scheduled round failed.
    pub async fn handle(&self, event: Value) -> Result<Value, Error> {
        if event.get("Records").is_some() {
            Ok(serde_json::to_value(self.dead_letters(serde_json::from_value(event)?).await?)?)
        } else {
            self.scheduled(Job::of(&event)?).await.map(|()| Value::Null)
        }
    }

    /// Ends the tasks of dead letters.
    ///
    /// # Errors
    /// Never as a whole: the response tells which letters are to come again.
    pub async fn dead_letters(&self, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
        Ok(each_record(event, |received| bury(&self.store, &self.clock, received)).await)
    }

    /// Does a scheduled job.
    ///
    /// # Errors
    /// When the store, the bucket or the queue fails; the next round starts over.
    pub async fn scheduled(&self, job: Job) -> Result<(), Error> {
        match job {
            Job::ReviveTasks => self.revive_tasks().await,
            Job::UpdateMarketData => self.update_market_data().await,
            Job::CleanupExpiredTasks => self.clean_up().await,
        }
    }

    async fn revive_tasks(&self) -> Result<(), Error> {
        let revived =
            revive_due(&self.store, &self.queues, self.clock.now(), self.config.stalled_after).await?;
        if revived != jobs::Revived::default() {
            tracing::info!(sent = revived.sent, given_up = revived.given_up, "tasks were revived");
        }
        Ok(())
    }

    async fn update_market_data(&self) -> Result<(), Error> {
        let Some(source) = &self.market_data else { return Ok(()) };
        let (store, clock, ids) = (&self.store, &self.clock, &self.ids);
        Ok(Updates { store, source: &**source, clock, ids }.run().await?)
    }

    async fn clean_up(&self) -> Result<(), Error> {
        let cleaned = cleanup::run(&self.store, &self.bucket, self.clock.now()).await?;
        if cleaned != cleanup::Cleaned::default() {
            tracing::info!(
                ledgers = cleaned.ledgers,
                objects = cleaned.objects,
                "what has expired was deleted"
            );
        }
        Ok(())
    }
}
