//! Reports.

pub mod portfolio;
mod request;
pub mod risk;
pub mod valuation;
