//! What keeps the stack in order: dead letters end their tasks, tasks that nobody is at are sent again, prices are kept up to
//! date, and what has expired is deleted.

mod cleanup;
mod job;
mod market_data;
mod outcomes;
mod tenant;

use std::sync::Arc;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use domain::audit::{AuditAnchor, AuditKeys};
use jobs::{Queues, WorkerConfig, bury, each_record, revive_due};
use lambda_runtime::Error;
use mail::{Outbox, announce_due};
use platform::{Clock, Context, IdSource};
use serde_json::Value;
use store::{Bucket, Checkpoints, Store, StoreConfig};

pub use job::Job;
use market_data::{MarketData, Updates};
use tenant::Indexed;

/// How many tenants' audit chains are looked after in one round.
const CHAINS_A_ROUND: i32 = 100;

/// The function: its queues and its schedules.
#[derive(Clone)]
pub struct Maintenance {
    store: Store,
    bucket: Bucket,
    queues: Queues,
    outbox: Outbox,
    clock: Clock,
    ids: IdSource,
    config: WorkerConfig,
    audit_keys: AuditKeys,
    checkpoints: Checkpoints,
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
            outbox: Outbox::from_env(context)?,
            clock: context.clock.clone(),
            ids: context.ids.clone(),
            config: WorkerConfig::from_env(&context.env)?,
            audit_keys: context.env.required("AUDIT_KEYS")?,
            checkpoints: Checkpoints::from_env(context)?,
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

    /// Sends tasks that were never sent or have stalled, announces mails that nobody has sent, keeps the outcomes of runs, and
    /// looks after the chains of audit records.
    async fn revive_tasks(&self) -> Result<(), Error> {
        let revived =
            revive_due(&self.store, &self.queues, self.clock.now(), self.config.stalled_after).await?;
        if revived != jobs::Revived::default() {
            tracing::info!(sent = revived.sent, given_up = revived.given_up, "tasks were revived");
        }
        let announced = announce_due(&self.store, &self.outbox, &self.clock).await?;
        if announced > 0 {
            tracing::info!(announced, "mails were announced again");
        }
        let outcomes = outcomes::keep(&self.store, &self.bucket, self.clock.now()).await?;
        if outcomes > 0 {
            tracing::info!(outcomes, "outcomes were kept with their runs");
        }
        self.keep_chains().await
    }

    /// Keeps checkpoints of the audit chains, and lets go of records that were kept for their time. Last of all, as a chain
    /// that is not what was written is a failure, which raises an alarm.
    async fn keep_chains(&self) -> Result<(), Error> {
        let (now, mut in_doubt) = (self.clock.now(), 0);
        for (tenant, _) in self.store.due::<AuditAnchor>(now, CHAINS_A_ROUND).await? {
            let scope = self.store.tenant(&Indexed::by_the_store(tenant));
            let kept = scope.audit_upkeep(&self.audit_keys, &self.checkpoints, now).await?;
            if kept.pruned > 0 {
                tracing::info!(%tenant, records = kept.pruned, "old audit records were let go");
            }
            if kept.in_doubt {
                tracing::error!(%tenant, "the audit chain is not what was written, and nothing of it is let go");
                in_doubt += 1;
            }
        }
        if in_doubt == 0 { Ok(()) } else { Err(format!("{in_doubt} audit chains are in doubt").into()) }
    }

    async fn update_market_data(&self) -> Result<(), Error> {
        let Some(source) = &self.market_data else { return Ok(()) };
        let Self { store, audit_keys, clock, ids, .. } = self;
        Ok(Updates { store, audit_keys, source: &**source, clock, ids }.run().await?)
    }

    async fn clean_up(&self) -> Result<(), Error> {
        let cleaned = cleanup::run(&self.store, &self.bucket, self.clock.now()).await?;
        if cleaned != cleanup::Cleaned::default() {
            let cleanup::Cleaned { ledgers, failed, objects } = cleaned;
            tracing::info!(ledgers, failed, objects, "what has expired was deleted");
        }
        Ok(())
    }
}
