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
