//! Agreement with the cases `backtest/*` of `tests/data/oracle/var_cvar.json`.

use crate::support::{agree, closes, full_weights, number, oracle};
use quant::{
    Returns,
    backtest::{Forecast, Zone, backtest},
};

#[test]
fn backtests_agree() {
    let closes = closes("prices");
    let returns = Returns::from_prices(&closes.rows).unwrap();
    let mut seen = 0;
    for case in oracle("var_cvar") {
        if !case["id"].as_str().unwrap().starts_with("backtest/") {
            continue;
        }
        let portfolio = returns.portfolio(&full_weights(&case, &closes.names)).unwrap();
        let level = number(&case["inputs"]["confidence"]);
        let window = number(&case["inputs"]["window"]) as usize;
        let test = backtest(&portfolio, level, window, Forecast::HistoricalLinear).unwrap();
        let expected = &case["expected"];
        let dates: Vec<&str> = test.exceptions.iter().map(|&day| closes.dates[day + 1].as_str()).collect();
        let expected_dates: Vec<&str> = expected["exception_dates"]
            .as_array()
            .unwrap()
            .iter()
            .map(|date| date.as_str().unwrap())
            .collect();
        assert_eq!(dates, expected_dates);
        let independence = test.christoffersen.unwrap();
        let coverage = test.conditional_coverage.unwrap();
        for (key, found) in [
            ("n_forecasts", test.value_at_risk.len() as f64),
            ("exceptions", test.exceptions.len() as f64),
            ("first_var", test.value_at_risk[0]),
            ("last_var", *test.value_at_risk.last().unwrap()),
            ("kupiec_lr", test.kupiec.statistic),
            ("kupiec_p", test.kupiec.p_value),
            ("christoffersen_ind_lr", independence.test.statistic),
            ("christoffersen_ind_p", independence.test.p_value),
            ("conditional_coverage_lr", coverage.statistic),
            ("conditional_coverage_p", coverage.p_value),
        ] {
            agree(&case, key, found, &expected[key]);
        }
        for (count, expected) in
            independence.transitions.iter().zip(expected["transitions_00_01_10_11"].as_array().unwrap())
        {
            assert_eq!(*count as u64, expected.as_u64().unwrap());
        }
        let last_year = test.exceptions.iter().filter(|&&day| day >= portfolio.len() - 250).count();
        assert_eq!(test.traffic_light.exceptions, last_year);
        assert_ne!(test.traffic_light.zone, Zone::Green);
        assert_eq!(test.traffic_light.multiplier.is_some(), (level - 0.99).abs() < 1e-9);
        seen += 1;
    }
    assert_eq!(seen, 2);
}
