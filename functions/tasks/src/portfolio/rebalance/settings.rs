//! How to trade.

use domain::{Invalid, Validation, decimal::DecimalInput};
use quant::rebalance::{Allocation, LotOrder, Settings};
use rust_decimal::Decimal;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::state::within;

/// How to trade.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "allocation": "exact", "proportional_cost": "0.001", "fixed_cost": "1.50", "minimum_trade": "500",
    "cash_buffer": "0.01", "tolerance_band": "0.02", "lot_order": "hifo"
}))]
pub struct RebalanceSettings {
    /// How quantities are rounded to lots; `greedy` when not given.
    #[serde(default)]
    allocation: Allocation,
    /// The cost of a trade as a fraction of its value, 0–1; 0 when not given.
    #[schema(example = "0.001")]
    proportional_cost: Option<DecimalInput>,
    /// The cost of each trade beside it; 0 when not given.
    #[schema(example = "1.50")]
    fixed_cost: Option<DecimalInput>,
    /// The smallest value that is traded, smaller differences are left; 0 when not given.
    #[schema(example = "500")]
    minimum_trade: Option<DecimalInput>,
    /// The fraction of the portfolio's value that stays in cash, 0–1; 0 when not given.
    #[schema(example = "0.01")]
    cash_buffer: Option<DecimalInput>,
    /// Nothing is traded while no weight is off its target by more than this, 0–1; always traded when not given.
    #[schema(example = "0.02")]
    tolerance_band: Option<DecimalInput>,
    /// Which tax lots are sold first; `fifo` when not given.
    #[serde(default)]
    lot_order: LotOrder,
    /// The currency's digits after the point, 0–8; 2 when not given.
    #[schema(example = 2, minimum = 0, maximum = 8)]
    currency_digits: Option<u32>,
}

impl RebalanceSettings {
    pub(super) fn parse(self) -> Result<Settings, Invalid> {
        let mut validation = Validation::new();
        let mut amount = |value: Option<DecimalInput>, most: i64, pointer: &str| {
            let value = value.map_or(Decimal::ZERO, |value| value.0);
            validation.check(pointer, within(value, Decimal::ZERO, Decimal::from(most)));
            value
        };
        let settings = Settings {
            allocation: self.allocation,
            proportional_cost: amount(self.proportional_cost, 1, "/proportional_cost"),
            fixed_cost: amount(self.fixed_cost, 1_000_000_000, "/fixed_cost"),
            minimum_trade: amount(self.minimum_trade, 1_000_000_000_000_000, "/minimum_trade"),
            cash_buffer: amount(self.cash_buffer, 1, "/cash_buffer"),
            tolerance_band: self.tolerance_band.map(|band| amount(Some(band), 1, "/tolerance_band")),
            lot_order: self.lot_order,
            currency_digits: self.currency_digits.unwrap_or(2),
        };
        validation.check("/currency_digits", within(settings.currency_digits, 0, 8));
        validation.finish(Some(settings))
    }
}
