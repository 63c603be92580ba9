//! Black-box tests over HTTP, in one program, so that everything is linked once.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "these are tests")]

mod accounts;
mod api_keys;
mod attacks;
mod auth;
mod bad_input;
mod bad_portfolios;
mod bad_transport;
mod cancel;
mod client;
mod code_login;
mod cursors;
mod determinism;
mod factors;
mod faults;
mod idempotency;
mod isolation;
mod lockout;
mod lost_work;
mod monte_carlo;
mod monte_carlo_oracle;
mod pages;
mod portfolios;
mod prices;
mod sessions;
mod system;
mod tasks;
mod tenant_settings;
mod users;
mod var_cvar;
mod walk;
