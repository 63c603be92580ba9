//! What the handlers work with.

use axum::extract::FromRef;
use domain::{
    audit::Action,
    task::{Task, TaskKind},
};
use jiff::Timestamp;
use jobs::{Asked, Queues};
use platform::{Context, EnvError};
use store::{Attempts, Bucket, Stored};
use web::{ApiError, App, auth::Tenant};

/// The function's state.
#[derive(Clone)]
pub struct Valuation {
    app: App,
    queues: Queues,
    bucket: Bucket,
}

impl Valuation {
    /// The function, as the context says.
    ///
    /// # Errors
    /// Names the variable that is missing.
    pub fn new(context: &Context) -> Result<Self, EnvError> {
        Ok(Self {
            app: App::new(context)?,
            queues: Queues::from_env(context)?,
            bucket: Bucket::from_env(context)?,
        })
    }

    /// Connects to the store ahead of the first request.
    pub async fn warm(&self) {
        self.app.warm().await;
    }

    pub(crate) fn bucket(&self) -> &Bucket {
        &self.bucket
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.app.clock.now()
    }

    /// A new id.
    pub(crate) fn id<I: domain::id::Id>(&self) -> I {
        self.app.ids.id()
    }

    /// The attempts at a write that others may be first at.
    pub(crate) fn attempts(&self) -> Attempts<'_> {
        Attempts::new(&self.app.ids)
    }

    /// A seed for who gave none.
    pub(crate) fn seed(&self) -> u64 {
        self.app.ids.seed()
    }

    /// Sends a simulation on its way.
    pub(crate) async fn submit<P>(
        &self,
        tenant: &Tenant<P>,
        input: Vec<u8>,
    ) -> Result<Stored<Task>, ApiError> {
        let asked = Asked {
            tenant: &tenant.principal,
            bucket: &self.bucket,
            user: tenant.user_id(),
            kind: TaskKind::ValuationMonteCarlo,
            input,
            now: self.now(),
        };
        let audited = tenant.audited(Action::TaskSubmitted)?;
        Ok(jobs::submit(&audited, &self.queues, &self.app.ids, asked).await?)
    }
}

impl FromRef<Valuation> for App {
    fn from_ref(valuation: &Valuation) -> Self {
        valuation.app.clone()
    }
}
