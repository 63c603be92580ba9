//! Agreement with the cases `rebalance/*` of `tests/data/oracle/performance.json`.

use crate::support::{agree, closes, full_weights, number, oracle};
use jiff::civil::Date;
use quant::{
    Matrix,
    rebalance::{Policy, simulate},
};

#[test]
fn simulated_policies_agree() {
    let closes = closes("prices");
    let dates: Vec<Date> = closes.dates.iter().map(|date| date.parse().unwrap()).collect();
    let prices = Matrix::from_rows("prices", &closes.rows).unwrap();
    let mut seen = 0;
    for case in oracle("performance") {
        if !case["id"].as_str().unwrap().starts_with("rebalance/") {
            continue;
        }
        let inputs = &case["inputs"];
        let policy = match (inputs["mode"].as_str().unwrap(), inputs["freq"].as_str().unwrap()) {
            ("calendar", "M") => Policy::Monthly,
            ("calendar", _) => Policy::Quarterly,
            _ => Policy::Band { width: number(&inputs["band"]) },
        };
        let weights = full_weights(&case, &closes.names);
        let cost = number(&inputs["cost_bps"]) / 1e4;
        let result = simulate(&prices, &dates, &weights, policy, cost, number(&inputs["v0"])).unwrap();
        let expected = &case["expected"];
        for (key, found) in [
            ("final_value", *result.values.last().unwrap()),
            ("rebalances", result.rebalances.len() as f64),
            ("total_cost", result.total_cost),
            ("sum_of_traded_fraction", result.traded_fraction),
            ("max_drawdown", result.max_drawdown),
            ("annual_vol", result.annual_volatility),
        ] {
            agree(&case, key, found, &expected[key]);
        }
        let days: Vec<&str> = result.rebalances.iter().map(|&row| closes.dates[row].as_str()).collect();
        let listed = |key: &str| -> Vec<String> {
            expected[key].as_array().unwrap().iter().map(|date| date.as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(days[..listed("first_dates").len()], listed("first_dates"));
        assert_eq!(days[days.len() - listed("last_dates").len()..], listed("last_dates"));
        seen += 1;
    }
    assert_eq!(seen, 2);
}
