//! Black-box tests over HTTP, in one program, so that everything is linked once.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "these are tests")]

mod auth;
mod bad_input;
mod bad_portfolios;
mod bad_transport;
mod cancel;
mod client;
mod cursors;
mod determinism;
mod faults;
mod idempotency;
mod isolation;
mod ledger;
mod lost_work;
mod market_data;
mod monte_carlo;
mod monte_carlo_oracle;
mod pages;
mod portfolios;
mod prices;
mod sessions;
mod system;
mod tasks;
mod tokens;
mod transactions;
mod valuation_bad_input;
mod valuation_notes;
mod valuation_runs;
mod valuation_scenarios;
mod var_cvar;
mod walk;
