//! What the portfolio workers are asked, and what they answer: inputs and results of the numerics, in the client's names.
//!
//! `quant` knows assets by their index. An input carries the names beside it; a result is told by name, and says where it
//! comes from ([`Answer`]).

mod answer;
mod by_asset;
pub mod frontier;
mod input;
mod kept;
pub mod optimisation;
pub mod performance;
pub mod rebalancing;
pub mod report;

pub use answer::{Answer, Provenance};
pub use by_asset::ByAsset;
pub use input::PortfolioInput;
pub use kept::{Kept, Unreadable};
