//! Helpers of the end-to-end tests.
//!
//! A test starts with [`Ballast::start`]: the stack at `BALLAST_BASE_URL`, which it shares with others and therefore uses as
//! a tenant of its own, or else a one-machine stack for itself. A test that looks into the table starts with [`Tables::start`],
//! which needs `BALLAST_STATE_TABLE` beside it; one that signs tokens with [`Signer::start`], which needs
//! `BALLAST_SIGNING_SECRET`. A test that needs a clock, settings, mails or messages of its own starts with
//! [`InProcess::start`], and has nothing to do where `BALLAST_BASE_URL` is set.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a helper of tests fails by panicking"
)]

mod answer;
pub mod authenticator;
mod ballast;
mod client;
pub mod data;
mod file;
mod in_process;
mod problem;
pub mod requests;
mod signer;
mod tables;
mod task;
mod tenant;
pub mod token;
pub mod valuation;

pub use answer::Answer;
pub use authenticator::Authenticator;
pub use ballast::Ballast;
pub use client::{Client, Request};
pub use file::fetched;
pub use in_process::{InProcess, Options, Queue};
pub use problem::Problem;
pub use signer::Signer;
pub use tables::Tables;
pub use task::{
    EFFICIENT_FRONTIER, MONTE_CARLO, OPTIMIZE, PERFORMANCE_ANALYSIS, REBALANCE, STRESS_TEST, VAR_CVAR,
    eventually,
};
pub use tenant::{PASSWORD, Tenant, registration, unique_email};
