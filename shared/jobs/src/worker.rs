//! The worker: takes a message and does the part that it names.

use std::{collections::BTreeSet, sync::Arc};

use domain::{
    TaskId,
    digest::sha256_hex,
    task::{PayloadRef, Task, TaskKind, TaskState},
};
use jiff::SignedDuration;
use platform::{Context, Env, EnvError, telemetry::chain};
use store::{Bucket, Scope, Store, StoreConfig, StoreError, Stored};

use crate::{
    Gather, Gathering, JobError, Message, Part, Queues, Received, Shard, Verdict, Work,
    lease::Lease,
    made,
    shards::{self, Shards},
};

/// For how long a worker may be at something.
#[derive(Debug, Clone, Copy)]
pub struct WorkerConfig {
    /// How long a worker has a part for itself: a little longer than its function may run.
    pub lease: SignedDuration,
    /// After how long without an end maintenance looks after a started task.
    pub stalled_after: SignedDuration,
}

impl WorkerConfig {
    /// Reads `LEASE` and `STALLED_AFTER`, for example `310s` and `1h`.
    ///
    /// # Errors
    /// Names the variable that is missing.
    pub fn from_env(env: &Env) -> Result<Self, EnvError> {
        Ok(Self { lease: env.required("LEASE")?, stalled_after: env.required("STALLED_AFTER")? })
    }
}

/// A worker that does one kind of work.
pub struct Worker<W> {
    work: Arc<W>,
    gathers: Option<(TaskKind, Box<dyn Gather>)>,
    store: Store,
    bucket: Bucket,
    queues: Queues,
    context: Context,
    config: WorkerConfig,
}

impl<W: Work> Worker<W> {
    /// A worker as the context says.
    ///
    /// # Errors
    /// Names the variable that is missing.
    pub fn new(work: W, context: &Context) -> Result<Self, EnvError> {
        Ok(Self {
            work: Arc::new(work),
            gathers: None,
            bucket: Bucket::from_env(context)?,
            store: Store::new(&context.aws, StoreConfig::from_env(&context.env)?, context.clock.clone()),
            queues: Queues::from_env(context)?,
            config: WorkerConfig::from_env(&context.env)?,
            context: context.clone(),
        })
    }

    /// The same worker, which does one kind of task by gathering.
    #[must_use]
    pub fn gathering(self, kind: TaskKind, by: impl Gather) -> Self {
        Self { gathers: Some((kind, Box::new(by))), ..self }
    }

    /// Does what a message asks for. Whatever happens, it is safe to do it again.
    pub async fn handle(&self, received: Received) -> Verdict {
        let store = self.store.tenant(&received);
        let message = received.message();
        let failure = match self.advance(&store, message).await {
            Ok(()) | Err(JobError::Overtaken(_)) => return Verdict::Done,
            Err(JobError::Leased) => return Verdict::Again,
            Err(error) => {
                let failure = error.lasting();
                if !matches!(error, JobError::Failed(_)) {
                    tracing::error!(task = %message.task, part = ?message.part, error = %chain(&error), "a part was not done");
                }
                let Some(failure) = failure else { return Verdict::Again };
                failure
            }
        };
        tracing::info!(task = %message.task, code = failure.code, "a task can't be done");
        let now = self.context.clock.now();
        match store
            .update(&message.task, |task: Task| Ok::<_, JobError>(task.fail(failure.clone(), now)?))
            .await
        {
            Ok(_) | Err(JobError::Overtaken(_)) => Verdict::Done,
            Err(error) => {
                tracing::error!(task = %message.task, error = %chain(&error), "a failure was not written");
                Verdict::Again
            }
        }
    }

    async fn advance(&self, store: &Scope, message: Message) -> Result<(), JobError> {
        let Some(task) = store.find::<Task>(&message.task).await? else { return Ok(()) };
        if task.entity.state.is_final() {
            return Ok(());
        }
        let holder = (&self.context.clock, &self.context.ids);
        let lease = Lease::take(store, (message.task, message.part), self.config.lease, holder).await?;
        let advanced = match message.part {
            Part::Plan => self.plan(store, message, task).await,
            Part::Shard(index) => self.shard(store, message, &task.entity, index).await,
            Part::Reduce => self.reduce(store, &task.entity).await,
        };
        lease.release(store).await;
        advanced
    }

    /// Cuts the task into shards and sends for those that are not done; a single shard is done on the spot.
    async fn plan(&self, store: &Scope, message: Message, task: Stored<Task>) -> Result<(), JobError> {
        if let Some((kind, gather)) = &self.gathers
            && *kind == task.entity.kind
        {
            return self.gather(store, gather.as_ref(), task).await;
        }
        let job = self.prepare(store, &task.entity).await?;
        let task = self.start(store, task, self.work.shards(&job)).await?;
        if self.work.content_type(&job).is_some()
            && let Some(file) = made::find(store, &task.input).await?
        {
            return self.succeed(store, task.id, file).await;
        }
        let total = task.shards.unwrap_or(1);
        if total == 1 {
            let partial = self.compute(&job, Shard { index: 0, total }).await?;
            return self.finish(store, &task, &job, vec![partial]).await;
        }
        let done = match store.create(Shards::new(task.id, total, self.context.clock.now())).await {
            Ok(_) => BTreeSet::new(),
            Err(StoreError::AlreadyExists) => {
                shards::progress(store, task.id).await?.map(|(_, done)| done).unwrap_or_default()
            }
            Err(error) => return Err(error.into()),
        };
        let about = |part| Message::new(message.tenant, message.task, part);
        let mut missing: Vec<Message> =
            (0..total).filter(|shard| !done.contains(shard)).map(|shard| about(Part::Shard(shard))).collect();
        if missing.is_empty() {
            missing.push(about(Part::Reduce));
        }
        self.queues.of(task.kind).send_all(&missing).await
    }

    /// Gathers a file. One that was begun before is begun anew.
    async fn gather(&self, store: &Scope, by: &dyn Gather, task: Stored<Task>) -> Result<(), JobError> {
        let task = self.start(store, task, by.steps()).await?;
        // Nobody else's, not even that of a twin whose lease has lapsed; short, as some stores make file names of it.
        let mut name = sha256_hex(self.context.ids.secret());
        name.truncate(32);
        let upload = store.upload(&self.bucket, &name, by.content_type());
        let now = self.context.clock.now();
        let mut gathering = Gathering::begin((store, &self.bucket), &task, upload, now).await?;
        match by.gather(&mut gathering).await {
            Ok(()) => self.succeed(store, task.id, gathering.finish().await?).await,
            Err(error) => {
                gathering.abandon().await;
                Err(error)
            }
        }
    }

    /// Computes one shard; the one that completes the set reduces.
    async fn shard(&self, store: &Scope, message: Message, task: &Task, index: u32) -> Result<(), JobError> {
        let total = task.shards.unwrap_or(1);
        if !shards::is_kept(store, task.id, index).await? {
            let job = self.prepare(store, task).await?;
            let partial = self.compute(&job, Shard { index, total }).await?;
            shards::keep((store, &self.bucket), (task.id, index), partial, self.context.clock.now()).await?;
        }
        let (shards, done) = store.add_member::<Shards>(&task.id, index).await?;
        if done.len() < shards.entity.total as usize {
            return Ok(());
        }
        let first = !shards.entity.reducing
            && match store.replace(shards.map(|shards| Shards { reducing: true, ..shards })).await {
                Ok(_) => true,
                Err(StoreError::VersionMismatch(_)) => false,
                Err(error) => return Err(error.into()),
            };
        if first {
            return self.reduce(store, task).await;
        }
        // Whoever was to reduce may have died: ask for it once more.
        self.queues.of(task.kind).send(Message::new(message.tenant, task.id, Part::Reduce)).await
    }

    async fn reduce(&self, store: &Scope, task: &Task) -> Result<(), JobError> {
        let partials = shards::all((store, &self.bucket), task.id, task.shards.unwrap_or(1)).await?;
        let job = self.prepare(store, task).await?;
        self.finish(store, task, &job, partials).await
    }

    async fn finish(
        &self,
        store: &Scope,
        task: &Task,
        job: &Arc<W::Job>,
        partials: Vec<Vec<u8>>,
    ) -> Result<(), JobError> {
        let content_type = self.work.content_type(job);
        let (work, job) = (Arc::clone(&self.work), Arc::clone(job));
        let result = tokio::task::spawn_blocking(move || work.reduce(&job, partials)).await;
        let result = result.map_err(|_| JobError::Crashed)?.map_err(JobError::Failed)?;
        let result = match content_type {
            None => store.put_payload(&self.bucket, result).await?,
            Some(content_type) => {
                let file = store.put_file(&self.bucket, result, content_type).await?;
                made::keep(store, &task.input, &file, self.context.clock.now()).await?;
                file
            }
        };
        self.succeed(store, task.id, result).await
    }

    async fn succeed(&self, store: &Scope, id: TaskId, result: PayloadRef) -> Result<(), JobError> {
        let now = self.context.clock.now();
        store.update(&id, |task: Task| Ok::<_, JobError>(task.succeed(result.clone(), now)?)).await?;
        Ok(())
    }

    /// The task, started: by this worker or, when the message came again, by an earlier one.
    async fn start(&self, store: &Scope, mut task: Stored<Task>, shards: u32) -> Result<Task, JobError> {
        let id = task.entity.id;
        while task.entity.state == TaskState::Pending {
            let now = self.context.clock.now();
            let started = task.entity.clone().start(shards, now, now + self.config.stalled_after)?;
            task = match store.replace(task.map(|_| started)).await {
                Err(StoreError::VersionMismatch(_)) => store.get(&id).await?,
                started => started?,
            };
        }
        Ok(task.entity)
    }

    async fn prepare(&self, store: &Scope, task: &Task) -> Result<Arc<W::Job>, JobError> {
        let input = store.payload(&self.bucket, &task.input).await?;
        let (work, kind, reference) = (Arc::clone(&self.work), task.kind, task.input.clone());
        let job = tokio::task::spawn_blocking(move || work.prepare(kind, &input, &reference)).await;
        Ok(Arc::new(job.map_err(|_| JobError::Crashed)?.map_err(JobError::Failed)?))
    }

    async fn compute(&self, job: &Arc<W::Job>, shard: Shard) -> Result<Vec<u8>, JobError> {
        let (work, job) = (Arc::clone(&self.work), Arc::clone(job));
        let partial = tokio::task::spawn_blocking(move || work.compute(&job, shard)).await;
        partial.map_err(|_| JobError::Crashed)?.map_err(JobError::Failed)
    }
}
