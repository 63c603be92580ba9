//! Agreement with the cases of `tests/data/oracle/stress.json`.

use crate::support::{Closes, agree, closes, full_weights, number, oracle};
use quant::{
    Matrix, Returns,
    moments::covariance,
    stress::{
        CRISES, CorrelationStress, Correlations, FactorModel, impact, propagate, replay, reverse_stress,
        stress_correlations,
    },
};
use serde_json::Value;

fn cases(prefix: &str) -> Vec<Value> {
    let all = oracle("stress").into_iter();
    all.filter(|case| case["id"].as_str().unwrap().starts_with(prefix)).collect()
}

fn by_name(case: &Value, key: &str, names: &[String], found: &[f64]) {
    let expected = case["expected"][key].as_object().unwrap();
    assert_eq!(expected.len(), names.len());
    for (name, found) in names.iter().zip(found) {
        agree(case, key, *found, &expected[name]);
    }
}

fn prices() -> (Closes, Returns, Matrix) {
    let closes = closes("prices");
    let returns = Returns::from_prices(&closes.rows).unwrap();
    let (_, covariance) = covariance(returns.simple()).unwrap();
    (closes, returns, covariance)
}

#[test]
fn factor_shocks_agree() {
    let (closes, returns, _) = prices();
    let factors = crate::support::closes("factors");
    let model = FactorModel::fit(&returns, &Returns::from_prices(&factors.rows).unwrap()).unwrap();
    assert!(model.redundant_factors.is_empty());
    let cases = cases("factor_shock/");
    assert_eq!(cases.len(), 9);
    for case in cases {
        let weights = full_weights(&case, &closes.names);
        let shocks: Vec<f64> =
            factors.names.iter().map(|name| number(&case["inputs"]["shocks"][name])).collect();
        let result = model.impact(&weights, &shocks, number(&case["inputs"]["notional"])).unwrap();
        agree(&case, "pnl", result.impact.pnl, &case["expected"]["pnl"]);
        by_name(&case, "asset_shocks", &closes.names, &result.impact.asset_shocks);
        by_name(&case, "pnl_by_asset", &closes.names, &result.impact.pnl_by_asset);
        by_name(&case, "pnl_by_factor", &factors.names, &result.pnl_by_factor);
        by_name(&case, "portfolio_betas", &factors.names, &result.portfolio_betas);
    }
}

#[test]
fn replays_agree() {
    let (closes, ..) = prices();
    let names: Vec<&str> = closes.names.iter().map(String::as_str).collect();
    let cases = cases("window_replay/");
    assert_eq!(cases.len(), 6);
    for case in cases {
        let gfc = case["id"].as_str().unwrap().contains("gfc");
        let (file, crisis) = if gfc { ("crisis_2008", CRISES[0]) } else { ("covid_2020", CRISES[2]) };
        let window = crate::support::closes(file);
        let dates: Vec<jiff::civil::Date> = window.dates.iter().map(|date| date.parse().unwrap()).collect();
        assert_eq!(crisis.rows(&dates), Some(0..dates.len()));
        let rows = Matrix::from_rows("prices", &window.columns(&names)).unwrap();
        let weights = full_weights(&case, &closes.names);
        let result = replay(&rows, &weights, number(&case["inputs"]["notional"])).unwrap();
        let expected = &case["expected"];
        by_name(&case, "pnl_by_asset", &closes.names, &result.impact.pnl_by_asset);
        let index = window.columns(&["SP500"]);
        let benchmark = index.last().unwrap()[0] / index[0][0] - 1.0;
        for (key, found) in [
            ("rows", result.rows as f64),
            ("pnl", result.impact.pnl),
            ("max_drawdown", result.max_drawdown),
            ("worst_day_return", result.worst_return),
            ("replay_daily_rebalanced_return", result.rebalanced_return.unwrap()),
            ("benchmark_return", benchmark),
        ] {
            agree(&case, key, found, &expected[key]);
        }
        assert_eq!(window.dates[result.trough], expected["trough_date"].as_str().unwrap());
        assert_eq!(window.dates[result.worst], expected["worst_day"].as_str().unwrap());
    }
}

#[test]
fn asset_shocks_agree() {
    let (closes, _, covariance) = prices();
    let cases = cases("asset_shock/");
    assert_eq!(cases.len(), 3);
    for case in cases {
        let weights = full_weights(&case, &closes.names);
        let notional = number(&case["inputs"]["notional"]);
        let shocks: Vec<Option<f64>> =
            closes.names.iter().map(|name| case["inputs"]["shocks"][name].as_f64()).collect();
        let direct: Vec<f64> = shocks.iter().map(|shock| shock.unwrap_or(0.0)).collect();
        let alone = impact(&weights, &direct, notional).unwrap();
        agree(&case, "pnl_direct", alone.pnl, &case["expected"]["pnl_direct"]);
        let propagated = propagate(&covariance, &shocks).unwrap();
        by_name(&case, "propagated_shocks", &closes.names, &propagated.shocks);
        let all = impact(&weights, &propagated.shocks, notional).unwrap();
        agree(&case, "pnl_propagated", all.pnl, &case["expected"]["pnl_propagated"]);
    }
}

#[test]
fn correlation_stresses_agree() {
    let (closes, _, covariance) = prices();
    let cases = cases("correlation_stress/");
    assert_eq!(cases.len(), 3);
    for case in cases {
        let inputs = &case["inputs"];
        let stress = CorrelationStress {
            correlations: Correlations::TowardsOne { strength: number(&inputs["k"]) },
            volatility_multiple: number(&inputs["vol_mult"]),
            confidence_level: number(&inputs["confidence"]),
            horizon: number(&inputs["horizon_days"]) as u32,
        };
        let weights = full_weights(&case, &closes.names);
        let result =
            stress_correlations(&covariance, &weights, &stress, number(&inputs["notional"])).unwrap();
        assert!(result.repair.unchanged);
        agree(&case, "var_base", result.value_at_risk, &case["expected"]["var_base"]);
        agree(&case, "var_stressed", result.stressed_value_at_risk, &case["expected"]["var_stressed"]);
    }
}

#[test]
fn reverse_stress_agrees() {
    let (closes, _, covariance) = prices();
    let cases = cases("reverse_stress/");
    assert_eq!(cases.len(), 1);
    for case in cases {
        let weights = full_weights(&case, &closes.names);
        let loss = number(&case["inputs"]["loss_fraction"]);
        let result = reverse_stress(&covariance, &weights, loss).unwrap().unwrap();
        by_name(&case, "asset_shocks", &closes.names, &result.asset_shocks);
        let expected = &case["expected"]["mahalanobis_distance"];
        agree(&case, "mahalanobis_distance", result.mahalanobis_distance, expected);
    }
}
