use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Allocation, LotOrder, TaxLot};
use crate::Weights;

/// What is to be rebalanced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The holdings, also those to be bought first, in one order.
    pub positions: Vec<Position>,
    /// The target weights of the positions, none negative.
    pub targets: Weights,
    /// The cash before; negative for a debt.
    pub cash: Decimal,
    /// How to trade.
    pub settings: Settings,
}

/// A holding and its price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = RebalancePosition)]
pub struct Position {
    /// The quantity held, 0 or more.
    pub quantity: Decimal,
    /// The price of one.
    pub price: Decimal,
    /// The smallest quantity that is traded, for example 1 or 0.001: trades are its multiples, but for a sale of all.
    #[serde(default = "one")]
    pub lot_size: Decimal,
    /// When and at what price the quantity was bought; empty where it isn't known. Else the lots' quantities add up to it.
    #[serde(default)]
    pub tax_lots: Vec<TaxLot>,
}

fn one() -> Decimal {
    Decimal::ONE
}

/// How to trade.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = RebalanceSettings)]
pub struct Settings {
    /// How quantities are rounded to lots.
    pub allocation: Allocation,
    /// The cost of a trade as a fraction of its value, for example 0.001.
    pub proportional_cost: Decimal,
    /// The cost of each trade beside it.
    pub fixed_cost: Decimal,
    /// The smallest value that is traded: smaller differences are left.
    pub minimum_trade: Decimal,
    /// The fraction of the portfolio's value that stays in cash.
    pub cash_buffer: Decimal,
    /// Nothing is traded while no weight is off its target by more than this; null trades always.
    pub tolerance_band: Option<Decimal>,
    /// Which tax lots are sold first.
    pub lot_order: LotOrder,
    /// The digits of the currency after the point: 2 for cents.
    pub currency_digits: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            allocation: Allocation::Greedy,
            proportional_cost: Decimal::ZERO,
            fixed_cost: Decimal::ZERO,
            minimum_trade: Decimal::ZERO,
            cash_buffer: Decimal::ZERO,
            tolerance_band: None,
            lot_order: LotOrder::Fifo,
            currency_digits: 2,
        }
    }
}
