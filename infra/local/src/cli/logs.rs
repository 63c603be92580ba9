//! Logs: on standard error, and only what went wrong unless `RUST_LOG` asks for more.

use tracing_subscriber::EnvFilter;

/// The embedded store warns of every condition that does not hold, which is how workers find out that they came second.
const QUIET: &str = "warn,dynoxide=error";

pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(QUIET));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
