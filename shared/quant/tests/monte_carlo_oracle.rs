//! Agreement with the closed forms and simulations of `tests/data/oracle/monte_carlo.json`, within 4 standard errors.

use crate::support::{number, oracle, portfolio};
use quant::monte_carlo::{Outcome, Rebalance, Settings, Simulation, Specification};
use serde_json::Value;

const PATHS: u64 = 500_000;
const SEED: u64 = 20_260_101;

fn simulate(case: &Value, rebalance: Rebalance, exact_quantile_paths: u64) -> Outcome {
    let (history, weights) = portfolio(case);
    let settings = Settings {
        initial_value: case["inputs"]["notional"].as_f64().unwrap_or(1.0),
        steps: number(&case["inputs"]["horizon_days"]) as u32,
        paths: PATHS,
        seed: SEED,
        rebalance,
        exact_quantile_paths,
        ..Settings::default()
    };
    let specification = Specification::from_simple_returns(&history, weights, settings).unwrap();
    Simulation::prepare(specification).unwrap().outcome().unwrap()
}

/// `se_unit` is the standard error of one path, `reference` that of the reference figure itself.
fn agree(what: &str, found: f64, expected: &Value, se_unit: f64, reference: &Value) {
    let own = se_unit / (PATHS as f64).sqrt();
    let error = own.hypot(reference.as_f64().unwrap_or(0.0));
    let z = (found - number(expected)) / error;
    assert!(z.abs() <= 4.0, "{what}: {found} where {expected} was expected, {z} standard errors");
}

fn check(case: &Value, outcome: &Outcome) {
    let (id, expected) = (case["id"].as_str().unwrap(), &case["expected"]);
    let statistics = &outcome.statistics;
    agree(id, statistics.mean, &expected["mean"], number(&expected["mean_se_unit"]), &Value::Null);
    agree(
        id,
        statistics.standard_deviation,
        &expected["std"],
        number(&expected["std_se_unit"]),
        &Value::Null,
    );
    let n = (PATHS as f64).sqrt();
    let close = |estimate: Option<f64>, unit: &Value, within: f64| {
        let ratio = estimate.unwrap() * n / number(unit);
        assert!((ratio - 1.0).abs() < within, "{id}: standard error off by {ratio}");
    };
    close(statistics.standard_errors.mean, &expected["mean_se_unit"], 0.01);
    close(statistics.standard_errors.standard_deviation, &expected["std_se_unit"], 0.03);
    if let Some(probability) = expected["prob_loss"].as_f64() {
        let unit = (probability * (1.0 - probability)).sqrt();
        agree(
            id,
            statistics.probability_of_loss,
            &expected["prob_loss"],
            unit,
            &expected["prob_loss_ref_se"],
        );
        assert!(
            (statistics.median - number(&expected["median"])).abs() < 6.0 * number(&expected["mean_se_1m"])
        );
        assert!((statistics.skewness.unwrap() - number(&expected["skew"])).abs() < 0.03);
    }
    assert!((statistics.kurtosis.unwrap() / number(&expected["kurtosis"]) - 1.0).abs() < 0.05);
    for (risk, level) in outcome.risk.iter().zip(expected["levels"].as_array().unwrap()) {
        assert_eq!(risk.confidence_level.to_bits(), number(&level["confidence"]).to_bits());
        agree(id, risk.value_at_risk, &level["var"], number(&level["var_se_unit"]), &level["var_ref_se"]);
        let cvar = risk.conditional_value_at_risk;
        agree(id, cvar, &level["cvar"], number(&level["cvar_se_unit"]), &level["cvar_ref_se"]);
        close(risk.standard_errors.value_at_risk, &level["var_se_unit"], 0.15);
        close(risk.standard_errors.conditional_value_at_risk, &level["cvar_se_unit"], 0.05);
    }
}

fn cases(prefix: &str) -> Vec<Value> {
    let short = |case: &Value| case["inputs"]["horizon_days"].as_u64().is_some_and(|days| days <= 21);
    let cases = oracle(prefix.split('/').next().unwrap());
    let wanted = prefix.split('/').nth(1).unwrap();
    cases.into_iter().filter(|case| case["id"].as_str().unwrap().starts_with(wanted) && short(case)).collect()
}

#[test]
fn buy_and_hold_agrees_with_exact_and_with_binned_quantiles() {
    let cases = cases("monte_carlo/gbm_buy_and_hold");
    assert_eq!(cases.len(), 2);
    for case in cases {
        check(&case, &simulate(&case, Rebalance::None, PATHS));
        check(&case, &simulate(&case, Rebalance::None, 0));
    }
}

#[test]
fn daily_rebalanced_agrees() {
    let cases = cases("monte_carlo/gbm_daily_rebalanced");
    assert_eq!(cases.len(), 2);
    for case in cases {
        check(&case, &simulate(&case, Rebalance::Daily, PATHS));
    }
}

#[test]
fn maximum_drawdown_agrees() {
    let cases = cases("monte_carlo/gbm_max_drawdown");
    assert_eq!(cases.len(), 1);
    for case in cases {
        for (name, rebalance) in [("buy_and_hold", Rebalance::None), ("daily_rebalanced", Rebalance::Daily)] {
            let drawdown = simulate(&case, rebalance, PATHS).drawdown.unwrap();
            let expected = &case["expected"][name];
            let unit = number(&expected["mean_se_unit"]);
            agree(name, drawdown.expected_maximum, &expected["mean"], unit, &expected["mean_ref_se"]);
            let p95 = drawdown.percentiles.iter().find(|entry| entry.percentile == 95).unwrap().value;
            let unit = number(&expected["p95_ref_se"]) * 1e3;
            agree(name, p95, &expected["p95"], unit, &expected["p95_ref_se"]);
            assert!(drawdown.worst_maximum > number(&expected["p99"]) && drawdown.worst_maximum < 1.0);
        }
    }
}

/// A year in full, with fewer paths; the run in full is `cargo test -p quant --release -- --ignored`.
#[test]
fn a_year_agrees() {
    for case in oracle("monte_carlo") {
        let rebalance = match case["id"].as_str().unwrap() {
            "gbm_buy_and_hold/252d" => Rebalance::None,
            "gbm_daily_rebalanced/252d" => Rebalance::Daily,
            _ => continue,
        };
        check(&case, &simulate(&case, rebalance, PATHS));
    }
}
