//! What the handlers work with.

use std::error::Error;

use axum::extract::FromRef;
use computations::{Kept, PortfolioInput, report};
use domain::{
    Invalid, PortfolioId,
    audit::Action,
    permission::Permission,
    risk::RiskInput,
    task::{Task, TaskKind},
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use jobs::{Asked, Queues};
use platform::{Context, EnvError};
use store::{Bucket, Stored};
use web::{Accepted, ApiError, App, auth::Tenant};

use crate::task::view::Submitted;

/// The function's state.
#[derive(Clone)]
pub struct Tasks {
    app: App,
    queues: Queues,
    bucket: Bucket,
}

impl Tasks {
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

    /// Where large inputs and results are.
    pub(crate) fn bucket(&self) -> &Bucket {
        &self.bucket
    }

    /// The time.
    pub(crate) fn now(&self) -> Timestamp {
        self.app.clock.now()
    }

    /// The day, in UTC.
    pub(crate) fn today(&self) -> Date {
        self.now().to_zoned(TimeZone::UTC).date()
    }

    /// A seed for who gave none.
    pub(crate) fn seed(&self) -> u64 {
        self.app.ids.seed()
    }

    /// Turns a checked input into a task on its way.
    pub(crate) async fn submit<P>(
        &self,
        tenant: &Tenant<P>,
        kind: TaskKind,
        input: impl Input,
    ) -> Result<Accepted<Submitted>, ApiError> {
        let input = input.to_bytes().map_err(ApiError::internal)?;
        let asked = Asked {
            tenant: &tenant.principal,
            bucket: &self.bucket,
            user: tenant.user_id(),
            kind,
            input,
            now: self.app.clock.now(),
        };
        let stored: Stored<Task> =
            jobs::submit(&tenant.audited(Action::TaskSubmitted)?, &self.queues, &self.app.ids, asked).await?;
        let location = format!("/api/v1/tasks/{}/status", stored.entity.id);
        Ok(Accepted { location, data: Submitted::from(stored) })
    }
}

impl FromRef<Tasks> for App {
    fn from_ref(tasks: &Tasks) -> Self {
        tasks.app.clone()
    }
}

/// A task's input, as it is kept for the workers.
pub(crate) trait Input {
    /// Its bytes.
    fn to_bytes(&self) -> Result<Vec<u8>, impl Error + Send + Sync + 'static>;
}

impl Input for RiskInput {
    fn to_bytes(&self) -> Result<Vec<u8>, impl Error + Send + Sync + 'static> {
        self.to_bytes()
    }
}

impl Input for PortfolioInput {
    fn to_bytes(&self) -> Result<Vec<u8>, impl Error + Send + Sync + 'static> {
        Kept::to_bytes(self)
    }
}

impl Input for report::Input {
    fn to_bytes(&self) -> Result<Vec<u8>, impl Error + Send + Sync + 'static> {
        Kept::to_bytes(self)
    }
}

/// A task on a stored portfolio shows what is held, so it is for those who may see that.
pub(crate) fn require_portfolio<P>(
    tenant: &Tenant<P>,
    portfolio: Option<PortfolioId>,
) -> Result<(), ApiError> {
    if portfolio.is_some() { tenant.require(&[Permission::PortfoliosRead]) } else { Ok(()) }
}

/// The number if it is within its bounds.
pub(crate) fn within<T: Copy + PartialOrd + std::fmt::Display>(
    value: T,
    minimum: T,
    maximum: T,
) -> Result<T, String> {
    if (minimum..=maximum).contains(&value) {
        Ok(value)
    } else {
        Err(format!("must be {minimum} to {maximum}, but is {value}"))
    }
}

/// Nothing but the one field at fault.
pub(crate) fn invalid(pointer: &str, detail: &str) -> ApiError {
    Invalid::field(pointer, detail).into()
}
