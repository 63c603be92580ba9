//! The routes of `system`, called without a network but for AWS's place, which a small server takes.
#![allow(clippy::panic, clippy::unwrap_used, reason = "these are tests, with their helpers")]

mod description;
mod pages;
mod status;
mod support;
mod welcome;
