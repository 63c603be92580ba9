//! Simulations agree with closed forms and long reference runs, within 4 standard errors.

use e2e::{Ballast, Client, MONTE_CARLO, data};
use serde_json::{Value, json};

const SEED: u64 = 20_260_101;

struct Run {
    id: String,
    paths: u64,
    result: Value,
}

impl Run {
    async fn of(client: &Client, case: &Value, rebalance: &str, paths: u64) -> Self {
        let weights = case["inputs"]["weights"].as_object().unwrap();
        let symbols: Vec<&String> = weights.keys().collect();
        let request = json!({
            "portfolio_data": {
                "weights": weights.values().collect::<Vec<_>>(), "historical_returns": data::returns(&symbols)
            },
            "num_simulations": paths, "time_horizon": case["inputs"]["horizon_days"], "seed": SEED,
            "rebalance": rebalance, "initial_value": "1000000"
        });
        let result = client.compute(MONTE_CARLO, &request).await;
        Self { id: format!("{} {rebalance}", case["id"]), paths, result }
    }

    /// `unit` is the standard error of one path, `reference` that of the reference figure itself.
    fn agree(&self, what: &str, found: &Value, expected: &Value, unit: &Value, reference: &Value) {
        let own = unit.as_f64().unwrap() / (self.paths as f64).sqrt();
        let error = own.hypot(reference.as_f64().unwrap_or(0.0));
        let z = (found.as_f64().unwrap() - expected.as_f64().unwrap()) / error;
        let id = &self.id;
        assert!(z.abs() <= 4.0, "{id}, {what}: {found} where {expected} was expected, {z} standard errors");
    }

    fn check(&self, expected: &Value) {
        let (statistics, exact) = (&self.result["statistics"], &Value::Null);
        self.agree("mean", &statistics["mean"], &expected["mean"], &expected["mean_se_unit"], exact);
        let deviation = &statistics["standard_deviation"];
        self.agree("standard deviation", deviation, &expected["std"], &expected["std_se_unit"], exact);
        let levels = expected["levels"].as_array().unwrap();
        assert_eq!(levels.len(), 2);
        for (risk, level) in self.result["risk"].as_array().unwrap().iter().zip(levels) {
            assert_eq!(risk["confidence_level"], level["confidence"]);
            let (var, cvar) = (&risk["value_at_risk"], &risk["conditional_value_at_risk"]);
            self.agree("VaR", var, &level["var"], &level["var_se_unit"], &level["var_ref_se"]);
            self.agree("CVaR", cvar, &level["cvar"], &level["cvar_se_unit"], &level["cvar_ref_se"]);
        }
    }
}

/// Enough paths for the figures to be sharp, and few enough for a year of days.
fn paths(case: &Value) -> u64 {
    if case["inputs"]["horizon_days"] == 252 { 50_000 } else { 400_000 }
}

#[tokio::test]
async fn buying_and_holding_agrees_with_the_oracle() {
    let tenant = Ballast::start().await.tenant().await;
    let cases = data::oracle("monte_carlo", "gbm_buy_and_hold/");
    assert_eq!(cases.len(), 3);
    for case in cases {
        Run::of(&tenant, &case, "none", paths(&case)).await.check(&case["expected"]);
    }
}

#[tokio::test]
async fn rebalancing_daily_agrees_with_the_oracle() {
    let tenant = Ballast::start().await.tenant().await;
    let cases = data::oracle("monte_carlo", "gbm_daily_rebalanced/");
    assert_eq!(cases.len(), 3);
    for case in cases {
        Run::of(&tenant, &case, "daily", paths(&case)).await.check(&case["expected"]);
    }
}

#[tokio::test]
async fn drawdowns_agree_with_the_oracle() {
    let tenant = Ballast::start().await.tenant().await;
    for case in data::oracle("monte_carlo", "gbm_max_drawdown/") {
        for (name, rebalance) in [("buy_and_hold", "none"), ("daily_rebalanced", "daily")] {
            let (run, expected) =
                (Run::of(&tenant, &case, rebalance, paths(&case)).await, &case["expected"][name]);
            let drawdown = &run.result["drawdown"];
            let (unit, reference) = (&expected["mean_se_unit"], &expected["mean_ref_se"]);
            run.agree("mean", &drawdown["expected_maximum"], &expected["mean"], unit, reference);
            let percentiles = drawdown["percentiles"].as_array().unwrap();
            let p95 = percentiles.iter().find(|entry| entry["percentile"] == 95).unwrap();
            let reference = &expected["p95_ref_se"];
            // The reference's error is that of a million paths.
            let unit = json!(reference.as_f64().unwrap() * 1e3);
            run.agree("95th percentile", &p95["value"], &expected["p95"], &unit, reference);
        }
    }
}
