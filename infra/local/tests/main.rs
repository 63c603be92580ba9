//! The one-machine stack, and what runs on it: one program, so that everything is linked once.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "these are tests, with their helpers"
)]

mod claims;
mod contract;
mod delivery;
mod fixtures;
mod gateway;
mod limiter;
mod readme;
mod services;
mod stack;
mod template;
mod upkeep;
