//! What keeps the stack in order: dead letters end their tasks, tasks that nobody is at are sent again, prices are kept up to
//! date, and what has expired is deleted.

mod cleanup;
mod job;
mod market_data;
mod outcomes;
mod tenant;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use domain::audit::{AuditAnchor, AuditKeys};
use jiff::SignedDuration;
use jobs::{Queues, Revived, WorkerConfig, bury, each_record, revive_due};
use lambda_runtime::Error;
use mail::{Outbox, announce_due};
use platform::{Clock, Context, IdSource, telemetry::chain};
use serde_json::Value;
use store::{Bucket, Checkpoints, Pace, Store, StoreConfig, StoreError};

pub use job::Job;
use market_data::{MarketData, Updates};
use tenant::Indexed;

/// How many tenants' audit chains are looked after in one round.
const CHAINS_A_ROUND: i32 = 100;
/// How long a round begins with further chains; the rest is due in the next.
const CHAINS_BUDGET: Duration = Duration::from_secs(25);
/// When a chain is looked at again that is in doubt.
const IN_DOUBT: SignedDuration = SignedDuration::from_hours(1);
/// When something is looked at again that could not be dealt with, so that the others' turn comes.
const AGAIN: SignedDuration = SignedDuration::from_mins(5);

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
    /// looks after the chains of audit records. Each is done whatever becomes of the others; what has failed raises an alarm.
    async fn revive_tasks(&self) -> Result<(), Error> {
        let done = [
            ("tasks", self.revive().await),
            ("mails", self.announce().await),
            ("outcomes", self.keep_outcomes().await),
            ("audit chains", self.keep_chains().await),
        ];
        let mut failed = Vec::new();
        for (what, done) in done {
            if let Err(error) = done {
                tracing::error!(error = chain(error.as_ref()), "{what} are not in order");
                failed.push(what);
            }
        }
        if failed.is_empty() { Ok(()) } else { Err(format!("not in order: {}", failed.join(", ")).into()) }
    }

    async fn revive(&self) -> Result<(), Error> {
        let Revived { sent, given_up, failed } =
            revive_due(&self.store, &self.queues, self.clock.now(), self.config.stalled_after).await?;
        if sent + given_up > 0 {
            tracing::info!(sent, given_up, "tasks were revived");
        }
        if failed == 0 { Ok(()) } else { Err(format!("{failed} tasks could not be revived").into()) }
    }

    async fn announce(&self) -> Result<(), Error> {
        let announced = announce_due(&self.store, &self.outbox, &self.clock).await?;
        if announced > 0 {
            tracing::info!(announced, "mails were announced again");
        }
        Ok(())
    }

    async fn keep_outcomes(&self) -> Result<(), Error> {
        let outcomes = outcomes::keep(&self.store, &self.bucket, self.clock.now()).await?;
        if outcomes > 0 {
            tracing::info!(outcomes, "outcomes were kept with their runs");
        }
        Ok(())
    }

    /// Keeps checkpoints of the audit chains, and lets go of records that were kept for their time. A chain that is not what
    /// was written is a failure, each time that it is looked at.
    async fn keep_chains(&self) -> Result<(), Error> {
        let (now, end) = (self.clock.now(), Instant::now() + CHAINS_BUDGET);
        let due = self.store.due::<AuditAnchor>(now, CHAINS_A_ROUND).await?;
        let (mut in_doubt, mut failed) = (0, due.unreadable);
        for (tenant, _) in due {
            if Instant::now() >= end {
                break;
            }
            let scope = self.store.tenant(&Indexed::by_the_store(tenant));
            match scope.audit_upkeep(&self.audit_keys, &self.checkpoints, now, Pace::default()).await {
                Ok(kept) if kept.in_doubt => {
                    tracing::error!(%tenant, "the audit chain is not what was written, and nothing of it is let go");
                    in_doubt += 1;
                    // What is sealed is left alone, also when it is due.
                    give_way(scope.postpone::<AuditAnchor>(AuditAnchor::KEY, now + IN_DOUBT).await);
                }
                Ok(kept) if kept.pruned > 0 => {
                    tracing::info!(%tenant, records = kept.pruned, "old audit records were let go");
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%tenant, error = chain(&error), "an audit chain could not be looked after");
                    failed += 1;
                    give_way(scope.postpone::<AuditAnchor>(AuditAnchor::KEY, now + AGAIN).await);
                }
            }
        }
        if in_doubt + failed == 0 {
            Ok(())
        } else {
            Err(format!("{in_doubt} audit chains are in doubt, {failed} could not be looked after").into())
        }
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

/// What could not be postponed stays due.
fn give_way(postponed: Result<(), StoreError>) {
    if let Err(error) = postponed {
        tracing::warn!(error = chain(&error), "something that could not be dealt with stays due");
    }
}
