//! Portfolio tasks.

pub(crate) mod assets;
pub(crate) mod choice;
pub(crate) mod constraints;
pub(crate) mod estimates;
pub(crate) mod names;
pub mod optimize;
pub mod performance;
pub mod rebalance;
