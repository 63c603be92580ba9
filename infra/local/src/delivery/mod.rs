//! A queue's way to its worker, by the rules of Lambda's event source mapping.
//!
//! A message is received, handed over, and deleted unless the worker failed or named it as failed; what is not deleted
//! comes back after its visibility timeout, and goes to the dead-letter queue after `maxReceiveCount` receives.

mod call;
mod counts;
mod event;
mod faults;
mod poller;

use std::time::Duration;

pub(crate) use counts::Counts;
pub use counts::Deliveries;
pub use faults::Faults;
pub(crate) use poller::Poller;

use crate::template::{Function, Queue, QueueSource};

/// How messages are delivered.
#[derive(Clone, Debug, Default)]
pub struct DeliveryOptions {
    /// How many calls of one function run at once at most; by default what the template says, and no more than twice
    /// the processors.
    pub concurrency: Option<usize>,
    /// A failed message comes back after this time, in place of the queue's visibility timeout.
    pub redelivery: Option<Duration>,
    /// What goes wrong on purpose.
    pub faults: Option<Faults>,
}

/// A queue with the function that it feeds.
#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    pub(crate) function: String,
    pub(crate) queue_url: String,
    pub(crate) queue_arn: String,
    pub(crate) batch_size: usize,
    pub(crate) concurrency: usize,
    pub(crate) partial: bool,
    pub(crate) timeout: Duration,
    pub(crate) redelivery: Option<Duration>,
}

impl Subscription {
    pub(crate) fn new(
        function: &Function,
        source: &QueueSource,
        queue: &Queue,
        options: &DeliveryOptions,
    ) -> Self {
        let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let template = source.concurrency.map_or(usize::MAX, |concurrency| concurrency as usize);
        Self {
            function: function.id.clone(),
            queue_url: queue.url.clone(),
            queue_arn: queue.arn.clone(),
            batch_size: (source.batch_size as usize).clamp(1, 10),
            concurrency: options.concurrency.unwrap_or(template.min(2 * processors)).max(1),
            partial: source.partial,
            timeout: function.timeout,
            redelivery: options.redelivery,
        }
    }
}
