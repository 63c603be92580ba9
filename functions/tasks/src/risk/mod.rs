//! Risk tasks.

mod levels;
pub mod monte_carlo;
mod portfolio;
pub mod var_cvar;
