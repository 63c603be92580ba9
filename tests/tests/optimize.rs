//! Portfolio optimisation, over HTTP and real prices.

use std::collections::BTreeMap;

use e2e::{Ballast, OPTIMIZE, Tenant, data, requests::with};
use serde_json::{Value, json};

/// The ten shares with all their days.
fn request(params: Value) -> Value {
    let names = data::symbols();
    json!({
        "assets_data": {"asset_names": names, "returns": data::returns(&names)}, "optimization_params": params
    })
}

fn cases(prefix: &str) -> BTreeMap<String, Value> {
    let cases = data::oracle("optimise", prefix).into_iter();
    cases.map(|case| (case["id"].as_str().unwrap().to_owned(), case)).collect()
}

/// Weights by name that agree.
fn near(id: &str, found: &Value, expected: &Value, within: f64) {
    for (name, expected) in expected.as_object().unwrap() {
        let (found, expected) = (found[name].as_f64().unwrap(), expected.as_f64().unwrap());
        assert!((found - expected).abs() <= within, "{id} {name}: {found} where {expected}");
    }
}

/// The constraints of a reference case in the API's words.
fn constraints(inputs: &Value) -> Value {
    match inputs["constraints"].as_str() {
        Some("capped") => json!({"max_weight_per_asset": inputs["max_weight"]}),
        Some("short") => json!({"min_weight_per_asset": -1}),
        Some("sector") => {
            let mut sectors: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for (asset, sector) in inputs["sector_map"].as_object().unwrap() {
                sectors.entry(sector.as_str().unwrap()).or_default().push(asset);
            }
            let limits =
                |name: &str| (inputs["sector_min"][name].clone(), inputs["sector_max"][name].clone());
            let limited = sectors.iter().filter(|(name, _)| limits(name) != (Value::Null, Value::Null));
            let groups = limited.map(|(name, assets)| {
                let (minimum, maximum) = limits(name);
                json!({"name": name, "assets": assets, "minimum": minimum, "maximum": maximum})
            });
            json!({"sectors": groups.collect::<Vec<_>>()})
        }
        _ => json!({}),
    }
}

async fn solved(tenant: &Tenant, id: &str, params: Value) -> Value {
    let result = tenant.compute(OPTIMIZE, &request(params)).await;
    assert_eq!(result["outcome"]["status"], "solved", "{id}: {}", result["outcome"]);
    result
}

#[tokio::test]
async fn mean_variance_agrees_with_the_oracle() {
    let tenant = Ballast::start().await.tenant().await;
    let objectives = [
        ("min_volatility/", json!({"objective": "minimum_volatility"}), ""),
        ("max_sharpe/", json!({"objective": "maximum_sharpe"}), ""),
        ("max_quadratic_utility/", json!({"objective": "maximum_quadratic_utility"}), "risk_aversion"),
        ("efficient_return/", json!({"objective": "efficient_return"}), "target_return"),
        ("efficient_risk/", json!({"objective": "efficient_risk"}), "target_vol"),
    ];
    let mut seen = 0;
    for (prefix, objective, target) in objectives {
        for (id, case) in cases(prefix) {
            let inputs = &case["inputs"];
            let mut params = objective.clone();
            params["method"] = json!("mean_variance");
            params["risk_free_rate"] = json!(inputs["rf"].as_f64().unwrap_or(0.02));
            params["constraints"] = constraints(inputs);
            if !target.is_empty() {
                params[target.replace("target_vol", "target_risk")] = inputs[target].clone();
            }
            let result = solved(&tenant, &id, params).await;
            let within = case["tolerance"]["weights_abs"].as_f64().unwrap();
            if case["weights_unique"] == true {
                near(&id, &result["weights"], &case["expected"]["weights"], within);
            }
            let expected = case["expected"]["return"].as_f64().unwrap();
            assert!((result["figures"]["expected_return"].as_f64().unwrap() - expected).abs() < 1e-3, "{id}");
            seen += 1;
        }
    }
    assert_eq!(seen, 36);
}

#[tokio::test]
async fn every_other_method_agrees_with_the_oracle() {
    let tenant = Ballast::start().await.tenant().await;
    let all = cases("");
    let sample = [
        (
            "semivariance/efficient_return",
            json!({"method": "semivariance", "objective": "efficient_return", "target_return": 0.15}),
            1e-4,
        ),
        ("cvar/min_cvar", json!({"method": "cvar", "confidence_level": 0.95}), 1e-5),
        ("cdar/min_cdar", json!({"method": "cdar", "confidence_level": 0.95}), 1e-5),
        ("max_diversification/long_only", json!({"method": "max_diversification"}), 1e-5),
        ("risk_parity/variance_equal", json!({"method": "risk_parity"}), 1e-6),
        (
            "risk_parity/variance_budget",
            json!({"method": "risk_parity", "risk_budgets": all["risk_parity/variance_budget"]["inputs"]["budgets"]}),
            1e-6,
        ),
        ("hrp/single", json!({"method": "hrp"}), 1e-9),
        ("hrp/ward", json!({"method": "hrp", "linkage": "ward"}), 1e-9),
        ("herc/ward_k3", json!({"method": "herc", "linkage": "ward", "clusters": 3}), 1e-6),
        ("nco/ward_k3", json!({"method": "nco", "linkage": "ward", "clusters": 3}), 1e-4),
        (
            "min_volatility_l2/long_only",
            json!({"method": "mean_variance", "constraints": {"l2_penalty": 0.1}}),
            1e-6,
        ),
        (
            "min_volatility_turnover/0.25",
            json!({"method": "mean_variance", "constraints": {
                "max_turnover": 0.25, "previous_weights": all["min_volatility_turnover/0.25"]["inputs"]["w_prev"]
            }}),
            1e-4,
        ),
        (
            "utility_with_transaction_cost/long_only",
            json!({"method": "mean_variance", "objective": "maximum_utility", "risk_aversion": 5, "constraints": {
                "transaction_cost": 0.01, "previous_weights": all["utility_with_transaction_cost/long_only"]["inputs"]["w_prev"]
            }}),
            1e-4,
        ),
    ];
    for (id, params, within) in sample {
        let result = solved(&tenant, id, params).await;
        near(id, &result["weights"], &all[id]["expected"]["weights"], within);
    }
    let inverse = &all["naive/inverse"]["expected"];
    for name in ["inverse_variance", "inverse_volatility"] {
        let result = solved(&tenant, name, json!({"method": name})).await;
        near(name, &result["weights"], &inverse[name], 1e-9);
    }
}

#[tokio::test]
async fn views_by_name_give_the_oracles_posterior() {
    let tenant = Ballast::start().await.tenant().await;
    let all = cases("black_litterman/");
    let values = &all["black_litterman/prior"]["inputs"]["market_caps"];
    for id in ["black_litterman/absolute_idzorek", "black_litterman/relative_default_omega"] {
        let (inputs, expected) = (&all[id]["inputs"], &all[id]["expected"]);
        let views: Vec<Value> = match inputs["relative_views"].as_array() {
            Some(views) => views
                .iter()
                .map(|view| json!({"assets": view["long_short"], "expected_return": view["q"]}))
                .collect(),
            None => ["AAPL", "PFE", "CVX"]
                .iter()
                .zip(inputs["confidences"].as_array().unwrap())
                .map(|(name, confidence)| {
                    let view = &inputs["absolute_views"][name];
                    json!({"assets": {*name: 1.0}, "expected_return": view, "confidence": confidence})
                })
                .collect(),
        };
        let params = json!({
            "method": "black_litterman", "objective": "maximum_sharpe", "risk_free_rate": 0.02,
            "market_values": values, "market_risk_aversion": 2.5, "tau": 0.05, "views": views
        });
        let result = solved(&tenant, id, params).await;
        let model = &result["black_litterman"];
        near(id, &model["prior"], &all["black_litterman/prior"]["expected"]["prior"], 1e-9);
        near(id, &model["posterior_returns"], &expected["posterior_returns"], 1e-9);
        near(id, &model["implied_weights"], &expected["bl_weights"], 1e-8);
        near(id, &result["weights"], &expected["max_sharpe_long_only_on_posterior"], 1e-5);
    }
}

/// Not so for HRP, whose bisection follows the leaves, and these by definition the order of the assets.
#[tokio::test]
async fn a_permutation_of_assets_permutes_the_answer() {
    let tenant = Ballast::start().await.tenant().await;
    let mut turned = data::symbols();
    turned.reverse();
    turned.rotate_left(3);
    for params in [
        json!({"method": "mean_variance", "objective": "maximum_sharpe", "constraints": {"max_weight_per_asset": {"AAPL": 0.2, "KO": 0.1}}}),
        json!({"method": "mean_variance", "constraints": {"groups": [{"name": "tech", "assets": ["AAPL", "MSFT"], "minimum": 0.3}]}}),
        json!({"method": "risk_parity"}),
        json!({"method": "max_diversification"}),
        json!({"method": "nco", "linkage": "ward", "clusters": 3}),
        json!({"method": "cvar"}),
    ] {
        let one = tenant.compute(OPTIMIZE, &request(params.clone())).await;
        let data = json!({"asset_names": turned, "returns": data::returns(&turned)});
        let other =
            tenant.compute(OPTIMIZE, &json!({"assets_data": data, "optimization_params": params})).await;
        near(&params.to_string(), &other["weights"], &one["weights"], 1e-5);
        assert_eq!(other["provenance"]["assets"], json!(turned));
    }
}

#[tokio::test]
async fn a_stored_portfolio_is_optimised_as_its_prices_are() {
    let tenant = Ballast::start().await.tenant().await;
    tenant.request("POST", "/api/v1/prices").body("text/csv", data::prices_csv()).await.expect(200);
    let portfolio =
        tenant.post("/api/v1/portfolios", &e2e::requests::stored_portfolio("Core")).await.data(201);
    let params = json!({
        "method": "mean_variance", "covariance": {"method": "ledoit_wolf_single_factor"},
        "expected_returns": {"method": "james_stein"}, "constraints": {"max_turnover": 0.2}
    });
    let by_id = json!({"portfolio_id": portfolio["id"], "optimization_params": params});
    let by_id = tenant.compute(OPTIMIZE, &by_id).await;
    let names = ["AAPL", "JNJ", "CVX"];
    let mut by_data = json!({
        "assets_data": {"asset_names": names, "returns": data::returns(&names)}, "optimization_params": params
    });
    by_data = with(
        by_data,
        "/optimization_params/constraints/previous_weights",
        json!({"AAPL": 0.5, "JNJ": 0.3, "CVX": 0.2}),
    );
    let by_data = tenant.compute(OPTIMIZE, &by_data).await;
    near("turnover from the portfolio's weights", &by_id["weights"], &by_data["weights"], 1e-9);
    let moved: f64 = [("AAPL", 0.5), ("JNJ", 0.3), ("CVX", 0.2)]
        .iter()
        .map(|(name, held)| (by_id["weights"][name].as_f64().unwrap() - held).abs())
        .sum();
    assert!(moved <= 0.2 + 1e-7, "{moved}");
    assert_eq!(by_id["provenance"]["history_days"], 1258);
}

#[tokio::test]
async fn what_can_not_be_met_is_an_answer_that_names_the_conflict() {
    let tenant = Ballast::start().await.tenant().await;
    let infeasible = async |constraints: Value, extra: Value| {
        let mut params = json!({"method": "mean_variance", "constraints": constraints});
        for (name, value) in extra.as_object().unwrap() {
            params[name] = value.clone();
        }
        let result = tenant.compute(OPTIMIZE, &request(params)).await;
        assert_eq!(result["outcome"]["status"], "infeasible", "{result}");
        assert_eq!((&result["weights"], &result["figures"]), (&Value::Null, &Value::Null));
        result["outcome"]["conflicts"].clone()
    };
    let capped = infeasible(json!({"max_weight_per_asset": 0.05}), json!({})).await;
    assert!(capped.as_array().unwrap().contains(&json!({"constraint": "maximum_weight", "asset": "AAPL"})));
    let groups = json!({"groups": [
        {"name": "tech", "assets": ["AAPL", "MSFT"], "minimum": 0.6},
        {"name": "health care", "assets": ["JNJ", "PFE", "UNH"], "minimum": 0.5}
    ]});
    let groups = infeasible(groups, json!({})).await;
    for group in ["tech", "health care"] {
        let conflict = json!({"constraint": "group_minimum", "group": group});
        assert!(groups.as_array().unwrap().contains(&conflict), "{groups}");
    }
    let target = json!({"objective": "efficient_return", "target_return": 0.9});
    let target = infeasible(json!({}), target).await;
    assert!(target.as_array().unwrap().contains(&json!({"constraint": "target_return"})), "{target}");
}

#[tokio::test]
async fn poor_data_gives_an_answer_that_says_what_was_done_or_a_clear_error() {
    let tenant = Ballast::start().await.tenant().await;
    let params = json!({"method": "mean_variance"});
    // A constant asset, and a twin of another one.
    let rows = json!([[0.01, 0.01, 0.0], [-0.02, -0.02, 0.0], [0.015, 0.015, 0.0], [0.004, 0.004, 0.0]]);
    let data = json!({"asset_names": ["A", "TWIN", "CASH"], "returns": rows});
    let result = tenant.compute(OPTIMIZE, &json!({"assets_data": data, "optimization_params": params})).await;
    let repairs = result["repairs"].as_array().unwrap();
    assert!(repairs.contains(&json!({"kind": "constant_asset", "asset": "CASH"})), "{repairs:?}");
    assert!(repairs.iter().any(|repair| repair["kind"] == "eigenvalues_raised"), "{repairs:?}");
    assert!(result["weights"]["CASH"].as_f64().unwrap() > 0.99);
    // A price is missing on two days.
    let prices = json!([[10, 20], [11, null], [10.5, 20.5], [null, 20.1], [10.8, 20.2], [10.9, 20.9]]);
    let data = json!({"asset_names": ["A", "B"], "prices": prices});
    let result = tenant.compute(OPTIMIZE, &json!({"assets_data": data, "optimization_params": params})).await;
    assert_eq!((&result["incomplete_days"], &result["provenance"]["history_days"]), (&json!(2), &json!(3)));
    // Nothing moves at all.
    let data = json!({"asset_names": ["A", "B"], "returns": [[0, 0], [0, 0], [0, 0]]});
    let task = tenant.submit(OPTIMIZE, &json!({"assets_data": data, "optimization_params": params})).await;
    let status = tenant.ended(&task).await;
    assert_eq!(status["failure"]["code"], "not-computable", "{status}");
    // One asset has all the weight.
    let data = json!({"asset_names": ["A"], "returns": [[0.01], [-0.02], [0.005]]});
    for method in ["mean_variance", "hrp", "herc", "nco", "risk_parity", "cvar", "max_diversification"] {
        let params = json!({"method": method});
        let result =
            tenant.compute(OPTIMIZE, &json!({"assets_data": data, "optimization_params": params})).await;
        assert!((result["weights"]["A"].as_f64().unwrap() - 1.0).abs() < 1e-9, "{method}: {result}");
    }
}
