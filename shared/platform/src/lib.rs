//! What every function starts with: configuration, clients, telemetry, clock and ids.

pub mod clock;
mod context;
pub mod env;
pub mod ids;
pub mod telemetry;

pub use clock::Clock;
pub use context::Context;
pub use env::{Env, EnvError};
pub use ids::IdSource;
