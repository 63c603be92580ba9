use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    AllocationOutcome, Position, Request, Trade,
    allocation::{Item, allocate},
    check::check,
    money,
};
use crate::QuantError;

/// The trades that bring a portfolio to its targets, and what it is afterwards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = RebalancePlan)]
pub struct Plan {
    /// Whether a weight is off its target by more than the tolerance band; always true without one.
    pub triggered: bool,
    /// The trades, sales first.
    pub trades: Vec<Trade>,
    /// How good the rounding to lots is.
    pub allocation: AllocationOutcome,
    /// The portfolio's value before, positions and cash.
    pub value_before: Decimal,
    /// The portfolio's value afterwards. Less than before by the costs, and by what rounding trades to the currency's
    /// digits takes or gives.
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
    /// The quantities afterwards, in the positions' order.
    pub quantities: Vec<Decimal>,
    /// The weights afterwards, rounded to 8 digits.
    pub weights: Vec<Decimal>,
}

/// Finds the trades from holdings to target weights.
///
/// The money to invest is the value less the cash buffer and the costs. It is split by the targets and rounded to lots; what
/// would be traded below the minimum stays as it is. As the costs depend on the trades, the money is lowered by what is
/// missing until the cash covers the buffer. A position with a target of 0 is sold whole.
///
/// # Errors
/// `Empty`, `AssetsMismatch`, `OutOfRange` for an amount, price, lot size or weight outside its range, `ValueNotPositive` for
/// a portfolio without value.
pub fn rebalance(request: &Request) -> Result<Plan, QuantError> {
    const ROUNDS: usize = 100;
    check(request)?;
    let settings = &request.settings;
    let worth: Decimal = request.positions.iter().map(|position| position.quantity * position.price).sum();
    let value = worth + request.cash;
    if value <= Decimal::ZERO {
        return Err(QuantError::ValueNotPositive { row: 0, value: value.to_f64().unwrap_or(0.0) });
    }
    let held: Vec<Decimal> = request.positions.iter().map(|position| position.quantity).collect();
    let buffer = (value * settings.cash_buffer)
        .round_dp_with_strategy(settings.currency_digits, RoundingStrategy::AwayFromZero);
    if !triggered(request, value) {
        return Ok(plan(request, held, AllocationOutcome::None, buffer, false));
    }
    let mut budget = (value - buffer).max(Decimal::ZERO);
    let mut last = None;
    for _ in 0..ROUNDS {
        let (quantities, outcome) = quantities(request, budget);
        let plan = plan(request, quantities, outcome, buffer, true);
        let missing = buffer - plan.cash_after;
        let done = missing <= Decimal::ZERO || budget.is_zero();
        last = Some(plan);
        if done {
            break;
        }
        budget = (budget - missing).max(Decimal::ZERO);
    }
    last.ok_or(QuantError::Overflow { what: "the plan" })
}

fn triggered(request: &Request, value: Decimal) -> bool {
    let Some(band) = request.settings.tolerance_band else { return true };
    let band = band.to_f64().unwrap_or(0.0);
    request.positions.iter().zip(request.targets.as_slice()).any(|(position, target)| {
        let weight = (position.quantity * position.price / value).to_f64().unwrap_or(f64::MAX);
        (weight - target).abs() > band
    })
}

/// The quantities that split a budget by the targets, in whole lots, without trades below the minimum.
fn quantities(request: &Request, budget: Decimal) -> (Vec<Decimal>, AllocationOutcome) {
    let positions = &request.positions;
    let money = budget.to_f64().unwrap_or(0.0);
    let mut kept = vec![false; positions.len()];
    loop {
        let mut quantities: Vec<Decimal> = positions
            .iter()
            .zip(request.targets.as_slice())
            .zip(&kept)
            .map(|((position, &target), &kept)| match (kept, target > 0.0) {
                (true, _) => position.quantity,
                (false, true) => position.quantity % position.lot_size,
                (false, false) => Decimal::ZERO,
            })
            .collect();
        let open: Vec<usize> =
            (0..positions.len()).filter(|&at| !kept[at] && request.targets.as_slice()[at] > 0.0).collect();
        let fixed: f64 =
            quantities.iter().zip(positions).map(|(quantity, position)| worth(*quantity, position)).sum();
        let items: Vec<Item> = open
            .iter()
            .map(|&at| Item {
                wanted: request.targets.as_slice()[at] * money - worth(quantities[at], &positions[at]),
                lot: worth(positions[at].lot_size, &positions[at]),
            })
            .collect();
        let (lots, outcome) = allocate(&items, money - fixed, request.settings.allocation);
        for (&at, count) in open.iter().zip(lots) {
            quantities[at] += Decimal::from(count) * positions[at].lot_size;
        }
        let small: Vec<usize> = (0..positions.len())
            .filter(|&at| {
                let change = (quantities[at] - positions[at].quantity).abs() * positions[at].price;
                !kept[at] && !change.is_zero() && change < request.settings.minimum_trade
            })
            .collect();
        if small.is_empty() {
            return (quantities, outcome);
        }
        for at in small {
            kept[at] = true;
        }
    }
}

fn worth(quantity: Decimal, position: &Position) -> f64 {
    (quantity * position.price).to_f64().unwrap_or(f64::MAX)
}

fn plan(
    request: &Request,
    quantities: Vec<Decimal>,
    allocation: AllocationOutcome,
    buffer: Decimal,
    triggered: bool,
) -> Plan {
    let positions = &request.positions;
    let changes = quantities.iter().zip(positions).enumerate();
    let mut trades: Vec<Trade> = changes
        .filter_map(|(at, (&quantity, position))| Trade::to(at, position, quantity, &request.settings))
        .collect();
    trades.sort_by_key(|trade| trade.cash_flow() < Decimal::ZERO);
    let worth = |quantities: &[Decimal]| -> Decimal {
        quantities.iter().zip(positions).map(|(quantity, position)| quantity * position.price).sum()
    };
    let before =
        positions.iter().map(|position| position.quantity * position.price).sum::<Decimal>() + request.cash;
    let cash_after = request.cash + trades.iter().map(Trade::cash_flow).sum::<Decimal>();
    let after = worth(&quantities) + cash_after;
    let share = |amount: Decimal, whole: Decimal| amount.checked_div(whole).unwrap_or_default().round_dp(8);
    Plan {
        triggered,
        allocation,
        value_before: before,
        value_after: after,
        cash_before: request.cash,
        cash_after,
        cash_buffer_met: cash_after >= buffer,
        costs: trades.iter().map(|trade| trade.cost).sum(),
        turnover: share(trades.iter().map(|trade| trade.value).sum(), before),
        realised_gain: money(
            trades.iter().filter_map(|trade| trade.realised_gain).sum(),
            request.settings.currency_digits,
        ),
        weights: quantities
            .iter()
            .zip(positions)
            .map(|(quantity, position)| share(quantity * position.price, after))
            .collect(),
        quantities,
        trades,
    }
}
