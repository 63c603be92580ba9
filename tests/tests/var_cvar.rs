//! VaR and CVaR from history.

use e2e::{Ballast, VAR_CVAR, data, requests};
use serde_json::{Value, json};

#[tokio::test]
async fn a_stored_portfolio_has_the_figures_of_its_returns() {
    let tenant = Ballast::start().await.tenant().await;
    tenant.request("POST", "/api/v1/prices").body("text/csv", data::prices_csv()).await.expect(200);
    let portfolio = tenant.post("/api/v1/portfolios", &requests::stored_portfolio("Core")).await.data(201);
    let by_id = tenant.compute(VAR_CVAR, &json!({"portfolio_id": portfolio["id"]})).await;
    let returns = data::returns(&["AAPL", "JNJ", "CVX"]);
    let by_data = json!({"portfolio_data": {"weights": [0.5, 0.3, 0.2], "historical_returns": returns}});
    let by_data = tenant.compute(VAR_CVAR, &by_data).await;
    for method in ["historical", "parametric_normal", "cornish_fisher"] {
        let (one, other) = (&by_id["methods"][method], &by_data["methods"][method]);
        assert_eq!(one.as_array().unwrap().len(), 2, "0.95 and 0.99 over a day when nothing is said");
        for entry in 0..2 {
            agree(method, &one[entry]["value_at_risk"], &other[entry]["value_at_risk"], 1e-12);
        }
    }
    assert_eq!(by_id["provenance"]["assets"], json!(["AAPL", "JNJ", "CVX"]));
}

#[tokio::test]
async fn every_method_has_one_entry_a_horizon_and_level() {
    let tenant = Ballast::start().await.tenant().await;
    let request = json!({
        "portfolio_data": {"weights": [1.3, -0.3], "historical_returns": data::returns(&["KO", "WMT"])},
        "confidence_levels": [0.9, 0.99], "horizons": [1, 10, 21]
    });
    let result = tenant.compute(VAR_CVAR, &request).await;
    let expected: Vec<_> = [1, 10, 21].into_iter().flat_map(|days| [(days, 0.9), (days, 0.99)]).collect();
    for method in ["historical", "parametric_normal", "cornish_fisher"] {
        let entries = result["methods"][method].as_array().unwrap();
        let found: Vec<_> = entries
            .iter()
            .map(|entry| (entry["horizon"].as_i64().unwrap(), entry["confidence_level"].as_f64().unwrap()))
            .collect();
        assert_eq!(found, expected, "{method}");
        for entry in entries {
            assert!(entry["conditional_value_at_risk"].as_f64() >= entry["value_at_risk"].as_f64());
        }
    }
    assert!(result["conventions"].is_object());
    assert_eq!(result["provenance"]["input_hash"].as_str().unwrap().len(), 64);
}

#[tokio::test]
async fn the_figures_agree_with_the_oracle() {
    let tenant = Ballast::start().await.tenant().await;
    let cases = data::oracle("var_cvar", "var_cvar/");
    assert!(cases.iter().any(|case| case["id"] == "var_cvar/long_short"));
    for case in cases {
        let weights = case["inputs"]["weights"].as_object().unwrap();
        let symbols: Vec<&String> = weights.keys().collect();
        let request = json!({
            "portfolio_data": {
                "weights": weights.values().collect::<Vec<_>>(), "historical_returns": data::returns(&symbols)
            },
            "confidence_levels": case["inputs"]["confidences"], "horizons": case["inputs"]["horizons"]
        });
        let methods = tenant.compute(VAR_CVAR, &request).await["methods"].take();
        for (index, level) in case["expected"]["levels"].as_array().unwrap().iter().enumerate() {
            let id = format!("{} {} {}", case["id"], level["confidence"], level["horizon_days"]);
            check(&id, &methods["historical"][index], &level["hist_order_sqrt_time"]);
            check(&id, &methods["parametric_normal"][index], &level["normal"]);
            check(&id, &methods["cornish_fisher"][index], &level["cornish_fisher"]);
            assert_eq!(
                methods["cornish_fisher"][index]["monotone"], level["cornish_fisher"]["monotone"],
                "{id}"
            );
        }
    }
}

fn check(id: &str, found: &Value, expected: &Value) {
    agree(id, &found["value_at_risk"], &expected["var"], 1e-9);
    agree(id, &found["conditional_value_at_risk"], &expected["cvar"], 1e-9);
}

fn agree(what: &str, found: &Value, expected: &Value, tolerance: f64) {
    let (found, expected) = (found.as_f64().unwrap(), expected.as_f64().unwrap());
    assert!(
        (found - expected).abs() <= tolerance * expected.abs(),
        "{what}: {found} where {expected} was expected"
    );
}
