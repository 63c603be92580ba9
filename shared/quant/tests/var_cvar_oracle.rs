//! Agreement with the reference cases of `tests/data/oracle/var_cvar.json`, to 1e-9 relative.

use crate::support::{number, oracle, portfolio};
use quant::var_cvar::var_cvar;
use serde_json::Value;

fn agree(what: &str, found: f64, expected: &Value) {
    let expected = number(expected);
    let within = 1e-9 * expected.abs() + 1e-12;
    assert!((found - expected).abs() <= within, "{what}: {found} where {expected} was expected");
}

#[test]
fn every_method_agrees_at_every_level_and_horizon() {
    let mut seen = 0;
    for case in oracle("var_cvar") {
        let id = case["id"].as_str().unwrap();
        if !id.starts_with("var_cvar/") {
            continue;
        }
        let (returns, weights) = portfolio(&case);
        let numbers =
            |name: &str| case["inputs"][name].as_array().unwrap().iter().map(number).collect::<Vec<_>>();
        let horizons: Vec<u32> = numbers("horizons").iter().map(|&horizon| horizon as u32).collect();
        let result =
            var_cvar(&returns.portfolio(&weights).unwrap(), &numbers("confidences"), &horizons).unwrap();
        let expected = &case["expected"];
        agree(id, result.sample.observations as f64, &expected["n_returns"]);
        agree(id, result.sample.mean, &expected["mean"]);
        agree(id, result.sample.standard_deviation, &expected["std_ddof1"]);
        agree(id, result.sample.skewness.unwrap(), &expected["skew_biased"]);
        agree(id, result.sample.excess_kurtosis.unwrap(), &expected["excess_kurtosis_biased"]);
        for (i, level) in expected["levels"].as_array().unwrap().iter().enumerate() {
            let historical = &result.methods.historical[i];
            assert_eq!(f64::from(historical.horizon).to_bits(), number(&level["horizon_days"]).to_bits());
            assert_eq!(historical.confidence_level.to_bits(), number(&level["confidence"]).to_bits());
            agree(id, historical.value_at_risk, &level["hist_order_sqrt_time"]["var"]);
            agree(id, historical.conditional_value_at_risk, &level["hist_order_sqrt_time"]["cvar"]);
            let windows = &level["hist_overlap"];
            assert_eq!(historical.overlapping.is_some(), windows.is_object());
            if let Some(overlapping) = historical.overlapping {
                agree(id, overlapping.windows as f64, &windows["n"]);
                agree(id, overlapping.value_at_risk, &windows["var_order"]);
                agree(id, overlapping.conditional_value_at_risk, &windows["cvar_order"]);
            }
            let normal = &result.methods.parametric_normal[i];
            agree(id, normal.value_at_risk, &level["normal"]["var"]);
            agree(id, normal.conditional_value_at_risk, &level["normal"]["cvar"]);
            let (modified, reference) = (&result.methods.cornish_fisher[i], &level["cornish_fisher"]);
            agree(id, modified.z_cornish_fisher, &reference["z_cf"]);
            agree(id, modified.value_at_risk, &reference["var"]);
            agree(id, modified.conditional_value_at_risk, &reference["cvar"]);
            assert_eq!(modified.monotone, reference["monotone"].as_bool().unwrap());
            assert_eq!(
                modified.conditional_value_at_risk_boudt.is_some(),
                reference["cvar_boudt"].is_number()
            );
            if let Some(boudt) = modified.conditional_value_at_risk_boudt {
                agree(id, boudt, &reference["cvar_boudt"]);
            }
            seen += 1;
        }
    }
    assert_eq!(seen, 30);
}
