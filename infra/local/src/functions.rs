use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use axum::Router;
use serde_json::Value;

use crate::error::BoxError;

/// A future behind a pointer, as handlers of different types are kept in one map.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;
/// A handler of messages.
pub type Worker = Arc<dyn Fn(SqsEvent) -> BoxFuture<Result<SqsBatchResponse, BoxError>> + Send + Sync>;
/// A handler of a scheduler's event.
pub type Scheduled = Arc<dyn Fn(Value) -> BoxFuture<Result<(), BoxError>> + Send + Sync>;

/// The handlers of the stack's functions, by the functions' logical ids in the template.
#[derive(Clone, Default)]
pub struct Functions {
    pub(crate) routers: HashMap<String, Router>,
    pub(crate) workers: HashMap<String, Worker>,
    pub(crate) scheduled: HashMap<String, Scheduled>,
}

impl Functions {
    /// No function yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The router that answers the function's routes.
    #[must_use]
    pub fn http(mut self, function: &str, router: Router) -> Self {
        self.routers.insert(function.to_owned(), router);
        self
    }

    /// The handler of the messages of the function's queues.
    #[must_use]
    pub fn queue<F, A, E>(mut self, function: &str, handler: F) -> Self
    where
        F: Fn(SqsEvent) -> A + Send + Sync + 'static,
        A: Future<Output = Result<SqsBatchResponse, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        let worker: Worker = Arc::new(move |event| {
            let answer = handler(event);
            Box::pin(async move { answer.await.map_err(Into::into) })
        });
        self.workers.insert(function.to_owned(), worker);
        self
    }

    /// The handler that the function's schedules call.
    #[must_use]
    pub fn schedule<F, A, E>(mut self, function: &str, handler: F) -> Self
    where
        F: Fn(Value) -> A + Send + Sync + 'static,
        A: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        let scheduled: Scheduled = Arc::new(move |event| {
            let answer = handler(event);
            Box::pin(async move { answer.await.map_err(Into::into) })
        });
        self.scheduled.insert(function.to_owned(), scheduled);
        self
    }
}
