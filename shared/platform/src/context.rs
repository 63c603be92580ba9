//! All that a function gets from outside.

use aws_config::{BehaviorVersion, SdkConfig};

use crate::{Clock, IdSource, env::Env, telemetry};

/// What a function is built from, in a Lambda as on one machine: its variables, the way to AWS, the time.
#[derive(Debug, Clone)]
pub struct Context {
    /// The variables that it was deployed with.
    pub env: Env,
    /// Region, credentials and endpoints of every AWS client.
    pub aws: SdkConfig,
    /// Tells the time.
    pub clock: Clock,
    /// Makes new ids.
    pub ids: IdSource,
}

impl Context {
    /// A context of given parts.
    pub fn new(env: Env, aws: SdkConfig, clock: Clock) -> Self {
        Self { env, aws, ids: IdSource::new(clock.clone()), clock }
    }

    /// The context of this process, by the standard settings (`AWS_REGION`, `AWS_ENDPOINT_URL*`, …); starts logging.
    pub async fn of_process() -> Self {
        telemetry::init();
        Self::new(Env::process(), aws_config::load_defaults(BehaviorVersion::latest()).await, Clock::system())
    }
}
