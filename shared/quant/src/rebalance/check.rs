use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::Request;
use crate::QuantError;

/// No worth above this, so that sums and products of decimals stay exact.
const LARGEST: i64 = 1_000_000_000_000_000;
const MILLIARD: i64 = 1_000_000_000;

/// The request is one that can be answered without overflow.
pub(super) fn check(request: &Request) -> Result<(), QuantError> {
    let assets = request.positions.len();
    if assets == 0 {
        return Err(QuantError::Empty { what: "positions" });
    }
    request.targets.must_cover(assets)?;
    if let Some(&value) = request.targets.as_slice().iter().find(|&&weight| weight < 0.0) {
        return Err(QuantError::OutOfRange { name: "target_weight", range: "at least 0", value });
    }
    let zero = Decimal::ZERO;
    for position in &request.positions {
        within("quantity", position.quantity, zero, Decimal::from(LARGEST))?;
        positive("price", position.price)?;
        positive("lot_size", position.lot_size)?;
        within("value of a position", position.quantity * position.price, zero, Decimal::from(LARGEST))?;
        let mut sum = zero;
        for lot in &position.tax_lots {
            within("tax lot's quantity", lot.quantity, zero, position.quantity)?;
            within("tax lot's unit cost", lot.unit_cost, zero, Decimal::from(MILLIARD))?;
            sum += lot.quantity;
        }
        if !position.tax_lots.is_empty() && sum != position.quantity {
            return Err(out_of_range("sum of tax lots", "the quantity held", sum));
        }
    }
    within("cash", request.cash, -Decimal::from(LARGEST), Decimal::from(LARGEST))?;
    let settings = &request.settings;
    within("proportional_cost", settings.proportional_cost, zero, Decimal::ONE)?;
    within("fixed_cost", settings.fixed_cost, zero, Decimal::from(MILLIARD))?;
    within("minimum_trade", settings.minimum_trade, zero, Decimal::from(LARGEST))?;
    within("cash_buffer", settings.cash_buffer, zero, Decimal::ONE)?;
    within("tolerance_band", settings.tolerance_band.unwrap_or(zero), zero, Decimal::ONE)?;
    within("currency_digits", Decimal::from(settings.currency_digits), zero, Decimal::from(8))
}

fn positive(name: &'static str, value: Decimal) -> Result<(), QuantError> {
    if value > Decimal::ZERO && value <= Decimal::from(MILLIARD) {
        return Ok(());
    }
    Err(out_of_range(name, "above 0 and at most 1000000000", value))
}

fn within(name: &'static str, value: Decimal, least: Decimal, most: Decimal) -> Result<(), QuantError> {
    if value >= least && value <= most {
        return Ok(());
    }
    Err(out_of_range(name, "within its bounds", value))
}

fn out_of_range(name: &'static str, range: &'static str, value: Decimal) -> QuantError {
    QuantError::OutOfRange { name, range, value: value.to_f64().unwrap_or(f64::MAX) }
}
