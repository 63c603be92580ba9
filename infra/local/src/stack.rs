use std::collections::{BTreeMap, HashMap};
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::delivery::{Counts, Deliveries, DeliveryOptions, Poller, Subscription};
use crate::environment::Environment;
use crate::error::{BoxError, Error};
use crate::functions::Functions;
use crate::gateway::Gateway;
use crate::http::listen;
use crate::schedule;
use crate::services::{Endpoints, SentMails, Services};

/// The deployed template, part of the binary so that it runs from any folder.
pub const TEMPLATE: &str = include_str!("../../../template.yaml");

/// How long calls may still run once the end was asked for.
const GRACE: Duration = Duration::from_secs(2);

/// How a stack is started.
#[derive(Clone, Debug)]
pub struct StackOptions {
    /// The HTTP port; 0 takes a free one.
    pub port: u16,
    /// The folder that keeps tables and buckets; without one they end with the stack.
    pub data: Option<PathBuf>,
    /// How messages are delivered.
    pub delivery: DeliveryOptions,
    /// What is deployed.
    pub template: &'static str,
    /// Values of the template's parameters, in place of their defaults.
    pub parameters: BTreeMap<String, String>,
}

impl Default for StackOptions {
    fn default() -> Self {
        Self {
            port: 0,
            data: None,
            delivery: DeliveryOptions::default(),
            template: TEMPLATE,
            parameters: BTreeMap::from([("Stage".to_owned(), "dev".to_owned())]),
        }
    }
}

/// The running stack. It ends with [`Stack::shutdown`], or less gracefully when it is dropped.
pub struct Stack {
    base_url: String,
    environment: Environment,
    services: Services,
    counts: HashMap<String, Arc<Counts>>,
    end: CancellationToken,
    loops: TaskTracker,
    calls: TaskTracker,
    _dropped: DropGuard,
}

impl Stack {
    /// Starts the services, creates what the template describes, builds the functions, and serves.
    pub async fn start<E: Into<BoxError>>(
        options: StackOptions,
        build: impl AsyncFnOnce(&Environment) -> Result<Functions, E>,
    ) -> Result<Self, Error> {
        // First of all, so that a port in use costs nothing.
        let (listener, address) = listen(Ipv4Addr::LOCALHOST.into(), options.port).await?;
        let services = Services::start(options.data.as_deref()).await?;
        let environment = Environment::deploy(&services, &options).await?;
        let functions = build(&environment).await.map_err(|error| Error::Functions(error.into()))?;

        let end = CancellationToken::new();
        let mut stack = Self {
            base_url: format!("http://{address}"),
            environment,
            services,
            counts: HashMap::new(),
            loops: TaskTracker::new(),
            calls: TaskTracker::new(),
            _dropped: end.clone().drop_guard(),
            end,
        };
        let gateway = Gateway::new(&stack.environment.template, &functions)?;
        stack.subscribe(&functions, &options.delivery)?;
        stack.schedule(&functions)?;
        stack.loops.spawn(gateway.serve(listener, stack.end.clone()));
        Ok(stack)
    }

    /// Where the API answers: `http://127.0.0.1:8080`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Where the services listen.
    pub fn endpoints(&self) -> &Endpoints {
        &self.environment.endpoints
    }

    /// The mails that were sent; none leaves the machine.
    pub fn mails(&self) -> &SentMails {
        self.services.mails()
    }

    /// What the functions were built from.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// What became of a function's messages so far.
    pub fn deliveries(&self, function: &str) -> Deliveries {
        self.counts.get(function).map(|counts| counts.read()).unwrap_or_default()
    }

    /// Ends the stack: no new requests and messages, a short while for the calls that run, then the services.
    pub async fn shutdown(self) {
        self.end.cancel();
        self.loops.close();
        self.loops.wait().await;
        self.calls.close();
        if tokio::time::timeout(GRACE, self.calls.wait()).await.is_err() {
            tracing::info!("calls were still running at the end");
        }
        let Self { services, .. } = self;
        services.shutdown().await;
    }

    fn subscribe(&mut self, functions: &Functions, options: &DeliveryOptions) -> Result<(), Error> {
        let template = &self.environment.template;
        for function in &template.functions {
            for source in &function.queues {
                let Some(queue) = template.queue(&source.queue) else { continue };
                let worker = functions
                    .workers
                    .get(&function.id)
                    .cloned()
                    .ok_or_else(|| Error::NoHandler { function: function.id.clone(), event: "a queue" })?;
                let subscription = Subscription::new(function, source, queue, options);
                let counts = self.counts.entry(function.id.clone()).or_default();
                let client = self.environment.endpoints.sqs_client();
                let poller =
                    Poller::new(client, subscription, worker, options.faults.clone(), Arc::clone(counts));
                self.loops.spawn(poller.run(self.end.clone(), self.calls.clone()));
            }
        }
        Ok(())
    }

    fn schedule(&self, functions: &Functions) -> Result<(), Error> {
        for function in &self.environment.template.functions {
            for schedule in &function.schedules {
                let handler = functions
                    .scheduled
                    .get(&function.id)
                    .cloned()
                    .ok_or_else(|| Error::NoHandler { function: function.id.clone(), event: "a schedule" })?;
                let end = self.end.clone();
                self.loops.spawn(schedule::run(function.clone(), schedule.clone(), handler, end));
            }
        }
        Ok(())
    }
}
