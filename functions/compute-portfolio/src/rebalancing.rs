//! Rebalancing.

use computations::rebalancing::{ClosedLot, Conventions, Input, PositionAfter, Rebalancing, Trade};
use quant::{
    QuantError,
    rebalance::{self, Plan, TaxLot, rebalance},
};
use rust_decimal::Decimal;

pub(crate) fn compute(input: &Input) -> Result<Rebalancing, QuantError> {
    let plan = rebalance(&input.request)?;
    let positions = positions(input, &plan);
    Ok(Rebalancing {
        triggered: plan.triggered,
        trades: plan.trades.into_iter().map(|trade| named(input, trade)).collect(),
        allocation: plan.allocation,
        value_before: plan.value_before,
        value_after: plan.value_after,
        cash_before: plan.cash_before,
        cash_after: plan.cash_after,
        cash_buffer_met: plan.cash_buffer_met,
        costs: plan.costs,
        turnover: plan.turnover,
        realised_gain: plan.realised_gain,
        positions,
        conventions: Conventions::default(),
    })
}

fn named(input: &Input, trade: rebalance::Trade) -> Trade {
    let lots = &input.request.positions[trade.position].tax_lots;
    let closed = trade.closed_lots.into_iter().map(|closed| ClosedLot {
        acquired: lots[closed.lot].acquired,
        quantity: closed.quantity,
        proceeds: closed.proceeds,
        cost_basis: closed.cost_basis,
        gain: closed.gain,
    });
    Trade {
        asset: input.assets[trade.position].clone(),
        side: trade.side,
        quantity: trade.quantity,
        price: trade.price,
        value: trade.value,
        cost: trade.cost,
        closed_lots: closed.collect(),
        realised_gain: trade.realised_gain,
    }
}

fn positions(input: &Input, plan: &Plan) -> Vec<PositionAfter> {
    let targets = input.request.targets.as_slice();
    let each = input.assets.iter().zip(&input.request.positions).zip(targets).enumerate();
    each.map(|(index, ((asset, position), &target_weight))| PositionAfter {
        asset: asset.clone(),
        quantity: plan.quantities[index],
        price: position.price,
        target_weight,
        weight: plan.weights[index],
        remaining_tax_lots: remaining(&position.tax_lots, index, plan),
    })
    .collect()
}

/// What the sales leave of a position's tax lots.
fn remaining(lots: &[TaxLot], position: usize, plan: &Plan) -> Vec<TaxLot> {
    let mut lots = lots.to_vec();
    let sales = plan.trades.iter().filter(|trade| trade.position == position);
    for closed in sales.flat_map(|trade| &trade.closed_lots) {
        lots[closed.lot].quantity -= closed.quantity;
    }
    lots.retain(|lot| lot.quantity > Decimal::ZERO);
    lots
}
