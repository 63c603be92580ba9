//! Agreement with the cases `discrete_allocation/*` of `tests/data/oracle/optimise.json`.

use crate::support::{closes, full_weights, number, oracle};
use quant::rebalance::{Allocation, AllocationOutcome, Plan, Position, Request, Settings, rebalance};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde_json::Value;

fn allocate(case: &Value, allocation: Allocation) -> (Plan, f64) {
    let closes = closes("prices");
    let weights = full_weights(case, &closes.names);
    let money = number(&case["inputs"]["total_value"]);
    let prices = closes.rows.last().unwrap();
    let position = |price: &f64| Position {
        quantity: Decimal::ZERO,
        price: Decimal::try_from(*price).unwrap(),
        lot_size: Decimal::ONE,
        tax_lots: Vec::new(),
    };
    let plan = rebalance(&Request {
        positions: prices.iter().map(position).collect(),
        targets: weights.clone(),
        cash: Decimal::try_from(money).unwrap(),
        settings: Settings { allocation, currency_digits: 6, ..Settings::default() },
    })
    .unwrap();
    let bought = plan.quantities.iter().zip(prices).map(|(count, price)| count.to_f64().unwrap() * price);
    let off = bought.zip(weights.as_slice()).map(|(value, weight)| (weight * money - value).abs());
    let objective = off.sum::<f64>() + plan.cash_after.to_f64().unwrap();
    (plan, objective)
}

#[test]
fn whole_shares_agree() {
    let mut seen = 0;
    for case in oracle("optimise") {
        let id = case["id"].as_str().unwrap();
        if !id.starts_with("discrete_allocation/") {
            continue;
        }
        let expected = &case["expected"];
        let (plan, exact) = allocate(&case, Allocation::Exact);
        assert_eq!(plan.allocation, AllocationOutcome::Optimal, "{id}");
        let best = number(&expected["mip"]["objective"]);
        assert!((exact / best - 1.0).abs() < 1e-6, "{id}: {exact} where {best} was expected");
        assert!(plan.cash_after >= Decimal::ZERO);
        let (plan, _) = allocate(&case, Allocation::Greedy);
        for (count, name) in plan.quantities.iter().zip(closes("prices").names) {
            let expected = expected["greedy"]["shares"][&name].as_i64().unwrap_or(0);
            assert_eq!(*count, Decimal::from(expected), "{id}: {name}");
        }
        let left = plan.cash_after.to_f64().unwrap() - number(&expected["greedy"]["leftover"]);
        assert!(left.abs() < 1e-6, "{id}: {left}");
        seen += 1;
    }
    assert_eq!(seen, 2);
}
