//! VaR and CVaR by further methods, by asset, and tested against the past.

use e2e::{Ballast, VAR_CVAR, data};
use serde_json::{Value, json};

/// The shared prices' returns with a case's weights.
fn portfolio(case: &Value) -> Value {
    let weights = case["inputs"]["weights"].as_object().unwrap();
    let symbols: Vec<&String> = weights.keys().collect();
    json!({
        "weights": weights.values().collect::<Vec<_>>(), "historical_returns": data::returns(&symbols),
        "asset_names": symbols
    })
}

#[track_caller]
fn agree(what: &str, found: &Value, expected: &Value) {
    let (found, expected) = (found.as_f64().unwrap(), expected.as_f64().unwrap());
    let tolerance = 1e-9 + 1e-7 * expected.abs();
    assert!((found - expected).abs() <= tolerance, "{what}: {found} where {expected} was expected");
}

#[tokio::test]
async fn further_methods_agree_with_the_oracle() {
    let tenant = Ballast::start().await.tenant().await;
    for case in data::oracle("var_cvar", "var_cvar/") {
        let inputs = &case["inputs"];
        let request = json!({
            "portfolio_data": portfolio(&case), "confidence_levels": inputs["confidences"],
            "horizons": inputs["horizons"], "methods": ["historical_linear", "student_t", "ewma"],
            "degrees_of_freedom": inputs["t_df"], "ewma_lambda": inputs["ewma_lambda"]
        });
        let result = tenant.compute(VAR_CVAR, &request).await;
        for (index, level) in case["expected"]["levels"].as_array().unwrap().iter().enumerate() {
            let id = format!("{} {} {}", case["id"], level["confidence"], level["horizon_days"]);
            let of = |method: &str| &result["methods"][method][index];
            let (linear, expected) = (of("historical_linear"), &level["hist_linear_sqrt_time"]);
            agree(&id, &linear["value_at_risk"], &expected["var"]);
            agree(&id, &linear["conditional_value_at_risk"], &expected["cvar"]);
            agree(&id, &of("student_t")["value_at_risk"], &level["student_t"]["var"]);
            agree(&id, &of("student_t")["conditional_value_at_risk"], &level["student_t"]["cvar"]);
            agree(&id, &of("ewma")["value_at_risk"], &level["ewma"]["var"]);
            let expansion = &level["cornish_fisher"];
            assert_eq!(of("cornish_fisher")["monotone"], expansion["monotone"], "{id}");
            let boudt = &of("cornish_fisher")["conditional_value_at_risk_boudt"];
            assert_eq!(boudt.is_null(), expansion["cvar_boudt"].is_null(), "{id}");
        }
        assert!(result["conventions"]["student_t"].is_string() && result["conventions"]["kernel"].is_null());
        assert!(result.get("decomposition").is_none() && result.get("backtest").is_none());
    }
}

#[tokio::test]
async fn every_method_is_between_nothing_and_the_worst() {
    let tenant = Ballast::start().await.tenant().await;
    let request = json!({
        "portfolio_data": {"weights": [0.5, 0.5], "historical_returns": data::returns(&["AAPL", "JNJ"])},
        "confidence_levels": [0.95], "horizons": [1, 10], "volatility_model": "garch", "risk_measures": true,
        "methods": ["historical_linear", "weighted_historical", "filtered_historical", "kernel", "ewma", "student_t"]
    });
    let result = tenant.compute(VAR_CVAR, &request).await;
    let worst = result["risk_measures"][0]["worst"].as_f64().unwrap();
    for (method, entries) in result["methods"].as_object().unwrap() {
        assert_eq!(entries.as_array().unwrap().len(), 2, "{method}");
        let figure = |at: usize, name: &str| entries[at][name].as_f64().unwrap();
        let (var, cvar) = (figure(0, "value_at_risk"), figure(0, "conditional_value_at_risk"));
        assert!(0.005 < var && var < cvar && cvar < worst, "{method}: {var} {cvar} {worst}");
        assert!(figure(1, "value_at_risk") > var, "{method}");
    }
    let garch = &result["methods"]["filtered_historical"][0]["garch"];
    let persistence = garch["alpha"].as_f64().unwrap() + garch["beta"].as_f64().unwrap();
    assert!(0.8 < persistence && persistence < 1.0, "{garch}");
    assert!(result["methods"]["student_t"][0]["degrees_of_freedom"].as_f64().unwrap() > 4.0, "fitted");
}

#[tokio::test]
async fn horizons_are_scaled_as_asked() {
    let tenant = Ballast::start().await.tenant().await;
    let request = json!({
        "portfolio_data": {"weights": [1], "historical_returns": data::returns(&["KO"])},
        "confidence_levels": [0.99], "horizons": [1, 10], "methods": ["student_t"],
        "horizon_scaling": "square_root_of_time"
    });
    let methods = tenant.compute(VAR_CVAR, &request).await["methods"].take();
    for (method, entries) in methods.as_object().unwrap() {
        for figure in ["value_at_risk", "conditional_value_at_risk"] {
            let one = entries[0][figure].as_f64().unwrap();
            agree(method, &entries[1][figure], &json!(one * 10f64.sqrt()));
        }
    }
}

#[tokio::test]
async fn the_risk_by_asset_agrees_with_the_oracle_and_adds_up() {
    let tenant = Ballast::start().await.tenant().await;
    for case in data::oracle("var_cvar", "decomposition/") {
        let request = json!({
            "portfolio_data": portfolio(&case),
            "decomposition": {"confidence_level": case["inputs"]["confidence"], "horizon": 1, "mean": "zero"}
        });
        let result = tenant.compute(VAR_CVAR, &request).await;
        let (parts, expected) = (&result["decomposition"], &case["expected"]);
        agree("volatility", &parts["volatility"]["total"], &expected["vol_daily"]);
        let names = result["provenance"]["assets"].as_array().unwrap();
        for (figure, kind, key) in [
            ("volatility", "marginal", "marginal_vol"),
            ("volatility", "share", "component_vol_pct"),
            ("normal_value_at_risk", "marginal", "marginal_var_normal_zero_mean"),
            ("normal_value_at_risk", "component", "component_var_normal_zero_mean"),
            ("historical_conditional_value_at_risk", "component", "component_cvar_hist_euler"),
            (
                "normal_value_at_risk",
                "incremental",
                "incremental_var_normal_zero_mean_drop_position_no_renormalise",
            ),
        ] {
            for (at, name) in names.iter().enumerate() {
                agree(key, &parts[figure][kind][at], &expected[key][name.as_str().unwrap()]);
            }
        }
        for figure in [
            "volatility",
            "normal_value_at_risk",
            "normal_conditional_value_at_risk",
            "historical_value_at_risk",
            "historical_conditional_value_at_risk",
        ] {
            let components = parts[figure]["component"].as_array().unwrap();
            let sum: f64 = components.iter().map(|part| part.as_f64().unwrap()).sum();
            agree(figure, &json!(sum), &parts[figure]["total"]);
        }
    }
}

#[tokio::test]
async fn a_permutation_of_the_assets_permutes_the_parts() {
    let tenant = Ballast::start().await.tenant().await;
    let parts = async |symbols: [&str; 3], weights: [f64; 3]| {
        let data = json!({"weights": weights, "historical_returns": data::returns(&symbols)});
        let request = json!({"portfolio_data": data, "decomposition": {}});
        tenant.compute(VAR_CVAR, &request).await["decomposition"].take()
    };
    let one = parts(["AAPL", "JNJ", "CVX"], [0.5, 0.3, 0.2]).await;
    let other = parts(["CVX", "AAPL", "JNJ"], [0.2, 0.5, 0.3]).await;
    for figure in ["volatility", "normal_value_at_risk", "historical_conditional_value_at_risk"] {
        for kind in ["marginal", "component", "incremental"] {
            for (at, place) in [1, 2, 0].into_iter().enumerate() {
                agree(figure, &other[figure][kind][place], &one[figure][kind][at]);
            }
        }
    }
}

#[tokio::test]
async fn a_backtest_agrees_with_the_oracle_and_tells_the_days() {
    let tenant = Ballast::start().await.tenant().await;
    tenant.request("POST", "/api/v1/prices").body("text/csv", data::prices_csv()).await.expect(200);
    let cases = data::oracle("var_cvar", "backtest/");
    assert_eq!(cases.len(), 2);
    for case in cases {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let holdings: Vec<Value> = (inputs["weights"].as_object().unwrap().iter())
            .map(|(symbol, weight)| json!({"symbol": symbol, "weight": weight.to_string()}))
            .collect();
        let body = json!({"name": "Mixed", "base_currency": "USD", "holdings": holdings});
        let stored = tenant.post("/api/v1/portfolios", &body).await.data(201);
        let request = json!({
            "portfolio_id": stored["id"],
            "backtest": {
                "confidence_level": inputs["confidence"], "window": inputs["window"], "forecast": "historical_linear"
            }
        });
        let backtest = tenant.compute(VAR_CVAR, &request).await["backtest"].take();
        assert_eq!(
            backtest["exceptions"].as_array().unwrap().len(),
            expected["exceptions"].as_u64().unwrap() as usize
        );
        if expected.get("exception_dates").is_some() {
            assert_eq!(backtest["exception_dates"], expected["exception_dates"]);
        }
        let forecasts = backtest["value_at_risk"].as_array().unwrap();
        assert_eq!(json!(forecasts.len()), expected["n_forecasts"]);
        agree("first", &forecasts[0], &expected["first_var"]);
        agree("last", forecasts.last().unwrap(), &expected["last_var"]);
        agree("kupiec", &backtest["kupiec"]["statistic"], &expected["kupiec_lr"]);
        let independence = &backtest["christoffersen"];
        agree("independence", &independence["test"]["statistic"], &expected["christoffersen_ind_lr"]);
        assert_eq!(independence["transitions"], expected["transitions_00_01_10_11"]);
        agree("both", &backtest["conditional_coverage"]["statistic"], &expected["conditional_coverage_lr"]);
        assert!(["green", "yellow", "red"].contains(&backtest["traffic_light"]["zone"].as_str().unwrap()));
    }
}
