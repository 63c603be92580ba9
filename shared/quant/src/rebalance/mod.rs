//! Rebalancing: the trades that bring holdings to target weights, with money as exact decimals.

mod allocation;
mod check;
mod exact;
mod lots;
mod plan;
mod policy;
mod request;
mod trades;

use rust_decimal::{Decimal, RoundingStrategy};

pub use allocation::{Allocation, AllocationOutcome};
pub use lots::{ClosedLot, LotOrder, TaxLot};
pub use plan::{Plan, rebalance};
pub use policy::{Policy, Simulation, simulate};
pub use request::{Position, Request, Settings};
pub use trades::{Side, Trade};

/// An amount of money rounded to the currency's digits, halves away from zero.
fn money(amount: Decimal, digits: u32) -> Decimal {
    amount.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero)
}
