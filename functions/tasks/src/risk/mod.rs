//! Risk tasks.

pub mod efficient_frontier;
pub(crate) mod levels;
pub mod monte_carlo;
pub(crate) mod portfolio;
mod request;
pub mod stress_test;
pub mod var_cvar;
