//! What keeps the stack in order: dead letters end their tasks, and tasks that nobody is at are sent again.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use domain::{
    TenantId,
    audit::{AuditAnchor, AuditKeys},
};
use jobs::{Queues, WorkerConfig, bury, each_record, revive_due};
use lambda_runtime::Error;
use mail::{Outbox, announce_due};
use platform::{Clock, Context, EnvError};
use serde_json::Value;
use store::{Store, StoreConfig, VerifiedTenant};

/// How many tenants' audit chains are looked at in one round.
const CHAINS_A_ROUND: i32 = 20;

/// A tenant that our own index names.
struct Due(TenantId);

impl VerifiedTenant for Due {
    fn tenant_id(&self) -> TenantId {
        self.0
    }
}

/// The function: its queues and its schedule.
#[derive(Debug, Clone)]
pub struct Maintenance {
    store: Store,
    queues: Queues,
    outbox: Outbox,
    clock: Clock,
    config: WorkerConfig,
    audit_keys: AuditKeys,
}

impl Maintenance {
    /// The function, as the context says.
    ///
    /// # Errors
    /// Names the variable that is missing.
    pub fn new(context: &Context) -> Result<Self, EnvError> {
        Ok(Self {
            store: Store::new(&context.aws, StoreConfig::from_env(&context.env)?, context.clock.clone()),
            queues: Queues::from_env(context)?,
            outbox: Outbox::from_env(context)?,
            clock: context.clock.clone(),
            config: WorkerConfig::from_env(&context.env)?,
            audit_keys: context.env.required("AUDIT_KEYS")?,
        })
    }

    /// Tells the two kinds of event apart: an event with records is a batch of dead letters, any other one the schedule's.
    ///
    /// # Errors
    /// When the event can't be read, or the scheduled round failed.
    pub async fn handle(&self, event: Value) -> Result<Value, Error> {
        if event.get("Records").is_some() {
            Ok(serde_json::to_value(self.dead_letters(serde_json::from_value(event)?).await?)?)
        } else {
            self.scheduled().await.map(|()| Value::Null)
        }
    }

    /// Ends the tasks of dead letters.
    ///
    /// # Errors
    /// Never as a whole: the response tells which letters are to come again.
    pub async fn dead_letters(&self, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
        Ok(each_record(event, |received| bury(&self.store, &self.clock, received)).await)
    }

    /// Sends tasks that were never sent or have stalled, announces mails that nobody has sent, and lets go of audit records that are too old.
    ///
    /// # Errors
    /// When the store or the queue fails; the next round starts over.
    pub async fn scheduled(&self) -> Result<(), Error> {
        let revived =
            revive_due(&self.store, &self.queues, self.clock.now(), self.config.stalled_after).await?;
        if revived != jobs::Revived::default() {
            tracing::info!(sent = revived.sent, given_up = revived.given_up, "tasks were revived");
        }
        let announced = announce_due(&self.store, &self.outbox, &self.clock).await?;
        if announced > 0 {
            tracing::info!(announced, "mails were announced again");
        }
        self.prune().await
    }

    /// Lets go of audit records that were kept for their time.
    async fn prune(&self) -> Result<(), Error> {
        let now = self.clock.now();
        for (tenant, anchor) in self.store.due::<AuditAnchor>(now, CHAINS_A_ROUND).await? {
            let scope = self.store.tenant(&Due(tenant));
            let pruned = scope.audit_prune(&self.audit_keys, anchor, now).await?;
            if pruned.records > 0 {
                tracing::info!(%tenant, records = pruned.records, "old audit records were let go");
            }
        }
        Ok(())
    }
}
