//! Black-box tests over HTTP, in one program, so that everything is linked once.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "these are tests")]

mod auth;
mod bad_input;
mod bad_portfolio_tasks;
mod bad_portfolios;
mod bad_risk_tasks;
mod bad_transport;
mod cancel;
mod client;
mod cursors;
mod determinism;
mod efficient_frontier;
mod faults;
mod idempotency;
mod isolation;
mod lost_work;
mod monte_carlo;
mod monte_carlo_oracle;
mod optimize;
mod pages;
mod performance;
mod portfolios;
mod prices;
mod rebalance;
mod sessions;
mod simulation_models;
mod stress_test;
mod system;
mod tasks;
mod tokens;
mod var_cvar;
mod var_cvar_report;
mod walk;
