//! Tasks of every kind.

pub mod active;
pub mod cancel;
pub(crate) mod charts;
mod file;
pub mod list;
pub mod result;
pub mod status;
pub mod view;
