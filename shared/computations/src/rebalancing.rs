//! Rebalancing.

use jiff::civil::Date;
use quant::rebalance::{AllocationOutcome, Request, Side, TaxLot};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The input of a rebalancing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// The assets' names, in the order of the request's positions.
    pub assets: Vec<String>,
    /// The request.
    pub request: Request,
}

/// The trades that bring a portfolio to its targets, and what it is afterwards.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Rebalancing {
    /// Whether a weight is off its target by more than the tolerance band; always true without one.
    pub triggered: bool,
    /// The trades, sales first.
    pub trades: Vec<Trade>,
    /// How good the rounding to lots is.
    pub allocation: AllocationOutcome,
    /// The portfolio's value before, positions and cash.
    pub value_before: Decimal,
    /// The portfolio's value afterwards: less by the costs, and by what rounding trades to the currency's digits takes.
    pub value_after: Decimal,
    /// The cash before.
    pub cash_before: Decimal,
    /// The cash afterwards: before, plus sales, less purchases and costs, exactly.
    pub cash_after: Decimal,
    /// Whether the cash covers the buffer: costs or a debt may eat it where nothing is left to sell.
    pub cash_buffer_met: bool,
    /// All costs.
    pub costs: Decimal,
    /// The traded value, as a fraction of the value before.
    pub turnover: Decimal,
    /// The gains of all sales with known tax lots.
    pub realised_gain: Decimal,
    /// The positions afterwards, by name.
    pub positions: Vec<PositionAfter>,
    /// How the figures are meant.
    pub conventions: Conventions,
}

/// A trade.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = RebalancingTrade)]
pub struct Trade {
    /// What is traded.
    #[schema(example = "AAPL")]
    pub asset: String,
    /// Bought or sold.
    pub side: Side,
    /// How much.
    pub quantity: Decimal,
    /// The price of one.
    pub price: Decimal,
    /// Quantity times price, rounded to the currency's digits.
    pub value: Decimal,
    /// What the trade costs beside.
    pub cost: Decimal,
    /// What a sale takes from the tax lots; empty where they aren't known.
    pub closed_lots: Vec<ClosedLot>,
    /// The gain of a sale; null for a purchase, and where the tax lots aren't known.
    pub realised_gain: Option<Decimal>,
}

/// What a sale takes from a tax lot.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = RebalancingClosedLot)]
pub struct ClosedLot {
    /// When the lot was bought.
    pub acquired: Date,
    /// The quantity taken from it.
    pub quantity: Decimal,
    /// Its part of the sale's value; the parts add up to it exactly.
    pub proceeds: Decimal,
    /// What it had cost.
    pub cost_basis: Decimal,
    /// The difference; costs of the trade not deducted.
    pub gain: Decimal,
}

/// A position after the trades.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PositionAfter {
    /// Which.
    #[schema(example = "AAPL")]
    pub asset: String,
    /// The quantity afterwards.
    pub quantity: Decimal,
    /// The price of one.
    pub price: Decimal,
    /// Its target, as a fraction of the portfolio.
    pub target_weight: f64,
    /// Its weight afterwards, rounded to 8 digits.
    pub weight: Decimal,
    /// What is left of the tax lots that were given, in their order; what is bought now is a lot of its own, and not among
    /// them.
    pub remaining_tax_lots: Vec<TaxLot>,
}

/// How the figures of a rebalancing are meant.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = RebalancingConventions)]
pub struct Conventions {
    /// Money and its rounding.
    pub money: String,
    /// What the targets are fractions of.
    pub targets: String,
    /// How lots are bought and sold.
    pub lots: String,
    /// Costs and gains.
    pub costs: String,
}

impl Default for Conventions {
    fn default() -> Self {
        let text = |text: &str| text.to_owned();
        Self {
            money: text(
                "exact decimals; each trade's value and cost are rounded to the currency's digits, halves away from 0; \
                 cash after = cash before + sales - purchases - costs, to the last digit",
            ),
            targets: text(
                "fractions of the value that is left after the cash buffer and the costs; an asset without a target is \
                 sold whole",
            ),
            lots: text(
                "trades are whole multiples of the lot size, but for a sale of all; FIFO sells the oldest tax lot first, \
                 HIFO the dearest, of equal cost the oldest",
            ),
            costs: text(
                "cost = value x proportional cost + fixed cost, a trade; a gain = proceeds - cost basis of the lots sold, \
                 the trade's costs not deducted",
            ),
        }
    }
}
