use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ClosedLot, Position, Settings, lots, money};

/// Which way a trade goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TradeSide)]
pub enum Side {
    /// Bought.
    Buy,
    /// Sold.
    Sell,
}

/// A trade.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Trade {
    /// The position's place in the request.
    pub position: usize,
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

impl Trade {
    /// The trade from the quantity held to another; `None` where they are equal.
    pub(super) fn to(
        index: usize,
        position: &Position,
        quantity: Decimal,
        settings: &Settings,
    ) -> Option<Self> {
        let change = quantity - position.quantity;
        if change.is_zero() {
            return None;
        }
        let side = if change > Decimal::ZERO { Side::Buy } else { Side::Sell };
        let digits = settings.currency_digits;
        let value = money(change.abs() * position.price, digits);
        let cost = money(value * settings.proportional_cost, digits) + money(settings.fixed_cost, digits);
        let closed_lots = match side {
            Side::Buy => Vec::new(),
            Side::Sell => lots::close(&position.tax_lots, settings.lot_order, change.abs(), value, digits),
        };
        let realised_gain = (!closed_lots.is_empty()).then(|| closed_lots.iter().map(|lot| lot.gain).sum());
        Some(Self {
            position: index,
            side,
            quantity: change.abs(),
            price: position.price,
            value,
            cost,
            closed_lots,
            realised_gain,
        })
    }

    /// What the trade does to the cash.
    pub fn cash_flow(&self) -> Decimal {
        match self.side {
            Side::Buy => -self.value - self.cost,
            Side::Sell => self.value - self.cost,
        }
    }
}
