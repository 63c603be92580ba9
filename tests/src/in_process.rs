use std::{ops::Deref, path::PathBuf, sync::Arc};

use aws_sdk_sqs::types::QueueAttributeName;
use identity::Rotation;
use jiff::{SignedDuration, Timestamp};
use local::{
    BoxError, Environment, Stack, StackOptions,
    ballast::{Overrides, functions, variables},
    delivery::DeliveryOptions,
    services::SentMail,
};
use maintenance::{Job, Maintenance};
use platform::{Clock, Context, Env};
use serde_json::json;
use tracing_subscriber::EnvFilter;

use crate::{Ballast, Tables, Tenant, ballast::external, eventually};

/// A stack of this test alone, which it may look into and disturb.
pub struct InProcess {
    tables: Tables,
    clock: Clock,
}

/// How such a stack differs from the deployed one.
#[derive(Default)]
pub struct Options {
    overrides: Overrides,
    delivery: DeliveryOptions,
    data: Option<PathBuf>,
    clock: Clock,
}

/// A queue, by its logical id in the template.
#[derive(Clone, Copy, Debug)]
pub struct Queue(pub &'static str);

const COUNTS: [QueueAttributeName; 2] = [
    QueueAttributeName::ApproximateNumberOfMessages,
    QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
];

impl Queue {
    /// Where risk calculations wait.
    pub const RISK: Self = Self("RiskCalculationsQueue");
    /// Where mails go that nobody takes.
    pub const DEAD_MAILS: Self = Self("MailDeadLetterQueue");
    /// Where mails wait.
    pub const MAILS: Self = Self("MailQueue");
    /// Where those go that no worker survived.
    pub const DEAD: Self = Self("RiskCalculationsDeadLetterQueue");
}

impl Options {
    /// With a variable of every function set to this.
    #[must_use]
    pub fn variable(mut self, name: &str, value: impl ToString) -> Self {
        self.overrides.insert(name.to_owned(), value.to_string());
        self
    }

    /// With shards of so much work: paths × days × assets.
    #[must_use]
    pub fn work_per_shard(self, work: u64) -> Self {
        self.variable("WORK_PER_SHARD", work)
    }

    /// With messages that the functions can't send: their queue does not exist.
    #[must_use]
    pub fn without_queue(self) -> Self {
        self.variable("RISK_CALCULATIONS_QUEUE_URL", "http://127.0.0.1:1/000000000000/nowhere")
    }

    /// With this delivery of messages.
    #[must_use]
    pub fn delivery(mut self, delivery: DeliveryOptions) -> Self {
        self.delivery = delivery;
        self
    }

    /// With a clock that stands still until [`InProcess::advance`] moves it.
    #[must_use]
    pub fn manual_clock(mut self) -> Self {
        self.clock = Clock::manual(Timestamp::now());
        self
    }

    /// With data that outlives the stack.
    #[must_use]
    pub fn data(mut self, folder: impl Into<PathBuf>) -> Self {
        self.data = Some(folder.into());
        self
    }

    pub(crate) async fn start(self) -> Stack {
        if std::env::var_os("RUST_LOG").is_some() {
            // Another test of this process may have been first.
            let _ = tracing_subscriber::fmt().with_env_filter(EnvFilter::from_default_env()).try_init();
        }
        let options = StackOptions { delivery: self.delivery, data: self.data, ..StackOptions::default() };
        let build = async |environment: &Environment| {
            for name in self.overrides.keys().filter(|name| *name != "WORK_PER_SHARD") {
                let functions = &mut environment.template.functions.iter();
                let known = functions.any(|function| function.variables.contains_key(name));
                assert!(known, "no function reads {name}");
            }
            functions(environment, &self.overrides, &self.clock).await
        };
        Stack::start(options, build).await.expect("the stack starts")
    }
}

impl InProcess {
    /// Starts a stack; nothing where another one is to be tested.
    pub async fn start(options: Options) -> Option<Self> {
        if let Some(base) = external() {
            eprintln!("skipped: this needs a stack in this process, not the one at {base}");
            return None;
        }
        let clock = options.clock.clone();
        Some(Self { tables: Tables::of(Ballast::in_process(options).await), clock })
    }

    /// The stack.
    pub fn stack(&self) -> &Stack {
        self.tables.ballast.stack.as_ref().expect("a stack in this process")
    }

    /// Ends the stack, which has no clients any more.
    pub async fn shutdown(mut self) {
        let stack =
            self.tables.ballast.stack.take().and_then(Arc::into_inner).expect("a stack without clients");
        stack.shutdown().await;
    }

    /// Moves a manual clock.
    pub fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
    }

    /// The present time, as the functions know it.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Proves the mailbox of a tenant's first user, with the code that its registration has mailed.
    pub async fn verify(&self, tenant: &Tenant) {
        let code = self.mailed_code(&tenant.email, "Confirm").await;
        let body = json!({"challenge_id": tenant.verification, "code": code});
        tenant.post("/api/v1/auth/verify-email", &body).await.expect(204);
    }

    /// A new tenant whose first user has proven its mailbox, and so may invite others.
    pub async fn proven_tenant(&self) -> Tenant {
        let tenant = self.tenant().await;
        self.verify(&tenant).await;
        tenant
    }

    /// How many mails went to this address whose subject holds `about`.
    pub fn mails(&self, to: &str, about: &str) -> usize {
        let mails = self.stack().mails().all();
        mails.iter().filter(|mail| mail.to == to && mail.subject.contains(about)).count()
    }

    /// The last mail to this address whose subject holds `about`, once it was sent.
    pub async fn mail(&self, to: &str, about: &str) -> SentMail {
        let sent = || async {
            let mails = self.stack().mails().all();
            mails.into_iter().rev().find(|mail| mail.to == to && mail.subject.contains(about))
        };
        eventually(&format!("a mail to {to} about {about}"), sent).await
    }

    /// The code in the last mail to this address whose subject holds `about`.
    pub async fn mailed_code(&self, to: &str, about: &str) -> String {
        let text = self.mail(to, about).await.text;
        let (_, code) = text.lines().next().unwrap().split_once(": ").expect("a line with a code");
        code.to_owned()
    }

    /// Does what the schedule does each minute, as if so much time had passed.
    pub async fn maintain_after(&self, time: SignedDuration) {
        self.scheduled(Job::ReviveTasks, time, &[]).await;
    }

    /// Does a scheduled job as if so much time had passed, with these variables besides the template's.
    pub async fn scheduled(&self, job: Job, time: SignedDuration, own: &[(&str, &str)]) {
        self.try_scheduled(job, time, own).await.unwrap();
    }

    /// Does what the schedule does each minute, which fails as it finds something that is not in order.
    pub async fn maintain_in_vain_after(&self, time: SignedDuration) {
        self.try_scheduled(Job::ReviveTasks, time, &[]).await.expect_err("something is not in order");
    }

    /// Looks whether a new signing key is due, as if so much time had passed.
    pub async fn rotate_keys_after(&self, time: SignedDuration) {
        let environment = self.stack().environment();
        let variables = Env::from(variables(environment, "SigningKeysFunction"));
        let aws = environment.endpoints.sdk_config().clone();
        let context = Context::new(variables, aws, Clock::manual(Timestamp::now() + time));
        Rotation::new(&context).await.unwrap().rotate_when_due().await.unwrap();
    }

    async fn try_scheduled(
        &self,
        job: Job,
        time: SignedDuration,
        own: &[(&str, &str)],
    ) -> Result<(), BoxError> {
        let environment = self.stack().environment();
        let mut variables = environment.variables("MaintenanceFunction");
        variables.extend(own.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let clock = Clock::manual(Timestamp::now() + time);
        let aws = environment.endpoints.sdk_config().clone();
        let context = Context::new(Env::from(variables), aws, clock);
        Maintenance::new(&context)?.scheduled(job).await
    }

    /// How many messages lie in a queue, hidden ones too.
    pub async fn waiting(&self, queue: Queue) -> u64 {
        let (client, url) = (self.stack().endpoints().sqs_client(), self.queue_url(queue));
        let asked = client.get_queue_attributes().queue_url(&url);
        let answer = asked.set_attribute_names(Some(COUNTS.to_vec())).send().await.unwrap();
        answer.attributes().unwrap().values().map(|count| count.parse::<u64>().unwrap()).sum()
    }

    /// A queue's URL.
    pub fn queue_url(&self, queue: Queue) -> String {
        let name = format!("ballast-{}", queue.0);
        let queues = &self.stack().environment().template.queues;
        queues.iter().find(|queue| queue.name == name).expect("a queue of the template").url.clone()
    }

    /// Waits until the queue has neither waiting nor hidden messages.
    pub async fn drained(&self, queue: Queue) {
        let empty = || async { (self.waiting(queue).await == 0).then_some(()) };
        eventually(&format!("an empty {}", queue.0), empty).await;
    }

    /// How many objects a tenant has in the bucket.
    pub async fn objects(&self, tenant: &Tenant) -> usize {
        let environment = self.stack().environment();
        let bucket = &environment.variables("TasksFunction")["DATA_BUCKET"];
        let prefix = format!("tenant/{}/", tenant.id.to_lowercase());
        let listed =
            environment.endpoints.s3_client().list_objects_v2().bucket(bucket).prefix(prefix).send().await;
        listed.unwrap().contents().len()
    }

    /// The keys of the checkpoints of a tenant's audit records.
    pub async fn checkpoints(&self, tenant: &Tenant) -> Vec<String> {
        let prefix = format!("checkpoints/{}/", tenant.id);
        let client = self.stack().endpoints().s3_client();
        let listed =
            client.list_objects_v2().bucket(self.audit_bucket()).prefix(prefix).send().await.unwrap();
        listed.contents().iter().filter_map(|object| object.key.clone()).collect()
    }

    /// Puts a checkpoint into the place `place`, of which the first is the last record's, behind everybody's back.
    pub async fn put_checkpoint(&self, tenant: &Tenant, place: u64, text: &str) {
        let key = format!("checkpoints/{}/{place:020}.json", tenant.id);
        let put = self.stack().endpoints().s3_client().put_object().bucket(self.audit_bucket()).key(key);
        put.body(text.to_owned().into_bytes().into()).send().await.unwrap();
    }

    fn audit_bucket(&self) -> String {
        self.stack().environment().variables("AuditFunction")["AUDIT_BUCKET"].clone()
    }
}

impl Deref for InProcess {
    type Target = Tables;

    fn deref(&self) -> &Tables {
        &self.tables
    }
}
