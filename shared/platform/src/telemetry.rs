//! Logs: one JSON object a line on standard output, where CloudWatch picks them up.

use tracing_subscriber::EnvFilter;

/// Starts logging at the level of `RUST_LOG` (`info` without it).
pub fn init() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let subscriber =
        tracing_subscriber::fmt().json().flatten_event(true).with_env_filter(filter).with_target(false);
    // A second start (tests run many stacks in one process) keeps the first one's subscriber.
    let _ = subscriber.try_init();
}

/// An error and all its causes in one line. For the log only: a client must not see the inside of an error.
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
