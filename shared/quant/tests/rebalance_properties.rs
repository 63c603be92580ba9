//! What must hold for the trades of any rebalancing.

use jiff::{ToSpan, civil::date};
use proptest::prelude::*;
use quant::{
    QuantError, Weights,
    rebalance::{
        Allocation, AllocationOutcome, LotOrder, Position, Request, Settings, Side, TaxLot, rebalance,
    },
};
use rust_decimal::Decimal;

fn position() -> impl Strategy<Value = Position> {
    (0u32..500, 1i64..100_000, 0u32..4, prop::collection::vec((1u32..100, 1i64..90_000), 0..4)).prop_map(
        |(quantity, price, lot, lots)| {
            let tax_lots: Vec<TaxLot> = lots
                .iter()
                .zip(0i64..)
                .map(|(&(quantity, cents), i)| TaxLot {
                    acquired: date(2020, 1, 1) + (i * 40).days(),
                    quantity: Decimal::from(quantity),
                    unit_cost: Decimal::new(cents, 2),
                })
                .collect();
            let sum: Decimal = tax_lots.iter().map(|lot| lot.quantity).sum();
            let quantity = if tax_lots.is_empty() { Decimal::from(quantity) } else { sum };
            let lot_size =
                [Decimal::ONE, Decimal::TEN, Decimal::new(1, 3), Decimal::new(25, 1)][lot as usize];
            Position { quantity, price: Decimal::new(price, 3), lot_size, tax_lots }
        },
    )
}

fn request() -> impl Strategy<Value = Request> {
    (
        prop::collection::vec((position(), 0u32..10), 1..8),
        0i64..10_000_000,
        (0i64..100, 0i64..500, 0i64..50_000, 0i64..200, any::<bool>(), any::<bool>()),
    )
        .prop_filter_map("no target", |(rows, cash, (rate, fixed, minimum, buffer, exact, hifo))| {
            let sum: u32 = rows.iter().map(|row| row.1).sum();
            if sum == 0 {
                return None;
            }
            let targets = rows.iter().map(|row| f64::from(row.1) / f64::from(sum)).collect();
            Some(Request {
                positions: rows.into_iter().map(|row| row.0).collect(),
                targets: Weights::new(targets).unwrap(),
                cash: Decimal::new(cash + 1, 2),
                settings: Settings {
                    allocation: if exact { Allocation::Exact } else { Allocation::Greedy },
                    proportional_cost: Decimal::new(rate, 4),
                    fixed_cost: Decimal::new(fixed, 2),
                    minimum_trade: Decimal::new(minimum, 2),
                    cash_buffer: Decimal::new(buffer, 3),
                    tolerance_band: None,
                    lot_order: if hifo { LotOrder::Hifo } else { LotOrder::Fifo },
                    currency_digits: 2,
                },
            })
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn money_is_conserved_to_the_cent(request in request()) {
        let plan = rebalance(&request).unwrap();
        let flow = |side: Side| plan.trades.iter().filter(|trade| trade.side == side).map(|trade| trade.value).sum::<Decimal>();
        let costs: Decimal = plan.trades.iter().map(|trade| trade.cost).sum();
        prop_assert_eq!(plan.cash_after, request.cash + flow(Side::Sell) - flow(Side::Buy) - costs);
        prop_assert_eq!(plan.costs, costs);
        let rounding = plan.value_before - plan.costs - plan.value_after;
        prop_assert!(rounding.abs() <= Decimal::new(5, 3) * Decimal::from(plan.trades.len()));
        for trade in &plan.trades {
            prop_assert_eq!(trade.value, trade.value.round_dp(2));
            prop_assert_eq!(trade.cost, trade.cost.round_dp(2));
            prop_assert!(trade.quantity > Decimal::ZERO);
            let parts: Decimal = trade.closed_lots.iter().map(|lot| lot.proceeds).sum();
            let taken: Decimal = trade.closed_lots.iter().map(|lot| lot.quantity).sum();
            if trade.side == Side::Sell && !request.positions[trade.position].tax_lots.is_empty() {
                prop_assert_eq!((parts, taken), (trade.value, trade.quantity));
                let basis: Decimal = trade.closed_lots.iter().map(|lot| lot.cost_basis).sum();
                prop_assert_eq!(trade.realised_gain, Some(trade.value - basis));
            } else {
                prop_assert!(trade.closed_lots.is_empty() && trade.realised_gain.is_none());
            }
        }
    }

    #[test]
    fn quantities_add_up_in_lots_and_above_the_minimum(request in request()) {
        let plan = rebalance(&request).unwrap();
        for (at, (position, quantity)) in request.positions.iter().zip(&plan.quantities).enumerate() {
            let change: Decimal = plan.trades.iter().filter(|trade| trade.position == at).map(|trade| match trade.side {
                Side::Buy => trade.quantity,
                Side::Sell => -trade.quantity,
            }).sum();
            prop_assert_eq!(*quantity, position.quantity + change);
            prop_assert!(*quantity >= Decimal::ZERO);
            prop_assert!(quantity.is_zero() || (change % position.lot_size).is_zero());
            prop_assert!(change.is_zero() || change.abs() * position.price >= request.settings.minimum_trade);
        }
        let invested = plan.quantities.iter().any(|quantity| !quantity.is_zero());
        prop_assert!(plan.cash_buffer_met || !invested || request.settings.minimum_trade > Decimal::ZERO);
    }

    #[test]
    fn the_exact_allocation_is_no_worse(request in request()) {
        let mut request = request;
        request.settings.minimum_trade = Decimal::ZERO;
        request.settings.proportional_cost = Decimal::ZERO;
        request.settings.fixed_cost = Decimal::ZERO;
        let mut shortfall = |allocation| {
            request.settings.allocation = allocation;
            let plan = rebalance(&request).unwrap();
            let budget: f64 = plan.value_before.try_into().unwrap();
            let buffer: f64 = request.settings.cash_buffer.try_into().unwrap();
            let held = plan.quantities.iter().zip(&request.positions);
            let short: f64 = held.zip(request.targets.as_slice()).map(|((quantity, position), target)| {
                let value: f64 = (quantity * position.price).try_into().unwrap();
                (target * budget * (1.0 - buffer) - value).max(0.0)
            }).sum();
            (short, plan.allocation)
        };
        let (greedy, _) = shortfall(Allocation::Greedy);
        let (exact, outcome) = shortfall(Allocation::Exact);
        prop_assert!(!matches!(outcome, AllocationOutcome::None | AllocationOutcome::Greedy));
        prop_assert!(exact <= greedy + 0.1, "{} {}", exact, greedy);
    }
}

fn simple(quantities: [i64; 2], cash: i64) -> Request {
    let position = |quantity: i64| Position {
        quantity: Decimal::from(quantity),
        price: Decimal::TEN,
        lot_size: Decimal::ONE,
        tax_lots: Vec::new(),
    };
    Request {
        positions: quantities.map(position).to_vec(),
        targets: Weights::equal(2).unwrap(),
        cash: Decimal::from(cash),
        settings: Settings::default(),
    }
}

#[test]
fn within_the_band_nothing_is_traded() {
    let mut request = simple([52, 48], 0);
    request.settings.tolerance_band = Some(Decimal::new(3, 2));
    let plan = rebalance(&request).unwrap();
    assert!(!plan.triggered && plan.trades.is_empty() && plan.allocation == AllocationOutcome::None);
    request.settings.tolerance_band = Some(Decimal::new(1, 2));
    let plan = rebalance(&request).unwrap();
    assert!(plan.triggered);
    assert_eq!(plan.quantities, [Decimal::from(50), Decimal::from(50)]);
    assert_eq!((plan.trades[0].side, plan.trades[1].side), (Side::Sell, Side::Buy));
}

#[test]
fn costs_and_buffer_come_out_of_the_investment() {
    let mut request = simple([0, 0], 1000);
    request.settings.proportional_cost = Decimal::new(1, 2);
    request.settings.cash_buffer = Decimal::new(1, 1);
    let plan = rebalance(&request).unwrap();
    assert!(plan.cash_buffer_met && plan.cash_after >= Decimal::from(100));
    assert_eq!(plan.value_before - plan.costs, plan.value_after);
    assert!(plan.cash_after < Decimal::from(120));
}

#[test]
fn a_debt_is_paid_by_selling() {
    let plan = rebalance(&simple([60, 60], -100)).unwrap();
    assert!(plan.cash_buffer_met && plan.cash_after >= Decimal::ZERO);
    assert!(matches!(rebalance(&simple([1, 1], -100)), Err(QuantError::ValueNotPositive { .. })));
}

#[test]
fn bad_input_is_refused() {
    let good = simple([1, 1], 0);
    let mut short = good.clone();
    short.targets = Weights::new(vec![1.5, -0.5]).unwrap();
    let mut free = good.clone();
    free.positions[0].price = Decimal::ZERO;
    let mut huge = good.clone();
    huge.positions[0].quantity = Decimal::MAX;
    let mut lots = good.clone();
    lots.positions[0].tax_lots =
        vec![TaxLot { acquired: date(2024, 1, 1), quantity: Decimal::new(5, 1), unit_cost: Decimal::ONE }];
    for request in [short, free, huge, lots] {
        assert!(matches!(rebalance(&request), Err(QuantError::OutOfRange { .. })));
    }
    let mut other = good.clone();
    other.targets = Weights::equal(3).unwrap();
    assert!(matches!(rebalance(&other), Err(QuantError::AssetsMismatch { .. })));
    let none = Request { positions: Vec::new(), ..good };
    assert!(matches!(rebalance(&none), Err(QuantError::Empty { .. })));
}
