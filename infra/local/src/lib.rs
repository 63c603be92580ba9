//! The one-machine stack: every function in one process, over embedded services that speak the protocols of AWS.
//!
//! [`Stack::start`] starts the services, creates the tables, queues and buckets of `template.yaml`, and gives each
//! function the events that the template gives it: routes, messages and schedules.

pub mod ballast;
pub mod delivery;
mod environment;
mod error;
mod functions;
mod gateway;
mod http;
pub mod provision;
mod schedule;
pub mod services;
mod stack;
pub mod template;

pub use environment::Environment;
pub use error::{BoxError, Error};
pub use functions::{BoxFuture, Functions, Scheduled, Worker};
pub use stack::{Stack, StackOptions, TEMPLATE};
