//! Stress tests.

use e2e::{Ballast, STRESS_TEST, Tenant, data};
use serde_json::{Value, json};

const FACTORS: [&str; 5] = ["MTUM", "QUAL", "SIZE", "USMV", "VLUE"];

#[track_caller]
fn agree(what: &str, found: &Value, expected: &Value) {
    let (found, expected) = (found.as_f64().unwrap(), expected.as_f64().unwrap());
    let tolerance = 1e-9 + 1e-7 * expected.abs();
    assert!((found - expected).abs() <= tolerance, "{what}: {found} where {expected} was expected");
}

#[track_caller]
fn agree_by_name(what: &str, names: &[String], found: &Value, expected: &Value) {
    for (at, name) in names.iter().enumerate() {
        agree(&format!("{what} {name}"), &found[at], expected.get(name).unwrap_or(&json!(0.0)));
    }
}

/// A case's portfolio over all shared symbols.
fn in_numbers(case: &Value) -> Value {
    let symbols = data::symbols();
    let weight = |symbol: &String| case["inputs"]["weights"].get(symbol).cloned().unwrap_or(json!(0.0));
    json!({
        "weights": symbols.iter().map(weight).collect::<Vec<_>>(),
        "historical_returns": data::returns(&symbols), "asset_names": symbols
    })
}

/// A case's portfolio, stored.
async fn stored(tenant: &Tenant, case: &Value) -> Value {
    let weights = case["inputs"]["weights"].as_object().unwrap();
    let holdings: Vec<Value> = weights
        .iter()
        .map(|(symbol, weight)| json!({"symbol": symbol, "weight": weight.to_string()}))
        .collect();
    let body = json!({"name": "Stressed", "base_currency": "USD", "holdings": holdings});
    tenant.post("/api/v1/portfolios", &body).await.data(201)["id"].take()
}

async fn load(tenant: &Tenant, csv: String) {
    tenant.request("POST", "/api/v1/prices").body("text/csv", csv).await.expect(200);
}

#[tokio::test]
async fn factor_shocks_agree_with_the_oracle() {
    let tenant = Ballast::start().await.tenant().await;
    load(&tenant, data::prices_csv()).await;
    load(&tenant, data::factors_csv()).await;
    let factors = FACTORS.map(str::to_owned);
    let returns = data::simple_returns(&data::closes_of(&data::factors_csv(), &FACTORS).1);
    for case in data::oracle("stress", "factor_shock/") {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let scenarios = json!([{"name": "factors move", "factor_shocks": inputs["shocks"]}]);
        let by_data = json!({
            "portfolio_data": in_numbers(&case), "notional": inputs["notional"].to_string(), "scenarios": scenarios,
            "factors": {"names": FACTORS, "returns": returns}
        });
        let by_id = json!({
            "portfolio_id": stored(&tenant, &case).await, "scenarios": scenarios, "factors": {"symbols": FACTORS}
        });
        for request in [by_data, by_id] {
            let result = tenant.compute(STRESS_TEST, &request).await;
            let scenario = &result["scenarios"][0];
            agree("pnl", &scenario["pnl"], &expected["pnl"]);
            agree_by_name("factor", &factors, &scenario["pnl_by_factor"], &expected["pnl_by_factor"]);
            agree_by_name("beta", &factors, &scenario["portfolio_betas"], &expected["portfolio_betas"]);
            let names: Vec<String> = serde_json::from_value(result["provenance"]["assets"].clone()).unwrap();
            agree_by_name("pnl of", &names, &scenario["pnl_by_asset"], &expected["pnl_by_asset"]);
            agree_by_name("shock of", &names, &scenario["asset_shocks"], &expected["asset_shocks"]);
            assert_eq!(
                (&result["factors"], &result["factor_model"]["redundant_factors"]),
                (&json!(FACTORS), &json!([]))
            );
        }
    }
}

#[tokio::test]
async fn crises_are_replayed_over_the_tenants_own_prices() {
    let tenant = Ballast::start().await.tenant().await;
    load(&tenant, data::prices_csv()).await;
    let symbols = data::symbols();
    for (file, crisis, csv) in
        [("gfc", 2008, data::crisis_2008_csv()), ("covid", 2020, data::covid_2020_csv())]
    {
        load(&tenant, csv.clone()).await;
        let cases = data::oracle("stress", "window_replay/").into_iter();
        for case in cases.filter(|case| case["id"].as_str().unwrap().contains(file)) {
            let by_id = json!({
                "portfolio_id": stored(&tenant, &case).await, "from": "2017-12-28", "replays": [{"crisis": crisis}]
            });
            let by_data = json!({
                "portfolio_data": in_numbers(&case),
                "replays": [{"name": "replay", "prices": data::closes_of(&csv, &symbols).1}]
            });
            let expected = &case["expected"];
            let dated = tenant.compute(STRESS_TEST, &by_id).await;
            let plain = tenant.compute(STRESS_TEST, &by_data).await;
            for result in [&dated, &plain] {
                let replay = &result["replays"][0];
                assert_eq!(replay["rows"], expected["rows"]);
                agree("pnl", &replay["impact"]["pnl"], &expected["pnl"]);
                agree("drawdown", &replay["max_drawdown"], &expected["max_drawdown"]);
                agree("worst", &replay["worst_return"], &expected["worst_day_return"]);
                let rebalanced = &expected["replay_daily_rebalanced_return"];
                agree("rebalanced", &replay["rebalanced_return"], rebalanced);
            }
            let replay = &dated["replays"][0];
            assert_eq!(
                (&replay["trough_date"], &replay["worst_date"]),
                (&expected["trough_date"], &expected["worst_day"])
            );
            assert!(plain["replays"][0]["from"].is_null());
        }
    }
}

#[tokio::test]
async fn asset_and_group_shocks_are_direct_or_reach_the_others() {
    let tenant = Ballast::start().await.tenant().await;
    for case in data::oracle("stress", "asset_shock/") {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let shocks = inputs["shocks"].as_object().unwrap();
        let groups = json!({"technology": ["AAPL", "MSFT"], "banks": ["BAC"]});
        let result = tenant
            .compute(
                STRESS_TEST,
                &json!({
                    "portfolio_data": in_numbers(&case), "groups": groups,
                    "scenarios": [
                        {"name": "direct", "shocks": shocks},
                        {"name": "propagated", "shocks": shocks, "propagate": true},
                        {
                            "name": "by group", "group_shocks": {"technology": shocks["AAPL"], "banks": shocks["BAC"]},
                            "shocks": {"MSFT": shocks["MSFT"], "CVX": shocks["CVX"]}
                        }
                    ]
                }),
            )
            .await;
        let pnl = |at: usize| &result["scenarios"][at]["pnl"];
        agree("direct", pnl(0), &expected["pnl_direct"]);
        agree("propagated", pnl(1), &expected["pnl_propagated"]);
        agree("by group", pnl(2), &expected["pnl_direct"]);
        let shocks = &result["scenarios"][1]["asset_shocks"];
        agree_by_name("shock of", &data::symbols(), shocks, &expected["propagated_shocks"]);
    }
}

#[tokio::test]
async fn tighter_correlations_agree_with_the_oracle_and_repairs_are_told() {
    let tenant = Ballast::start().await.tenant().await;
    for case in data::oracle("stress", "correlation_stress/") {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let result = tenant
            .compute(
                STRESS_TEST,
                &json!({
                    "portfolio_data": in_numbers(&case),
                    "correlation_stress": [
                        {
                            "strength": inputs["k"], "volatility_multiple": inputs["vol_mult"],
                            "confidence_level": inputs["confidence"], "horizon": inputs["horizon_days"]
                        },
                        {"strength": -1}
                    ]
                }),
            )
            .await;
        let stressed = &result["correlation_stress"];
        agree("before", &stressed[0]["value_at_risk"], &expected["var_base"]);
        agree("after", &stressed[0]["stressed_value_at_risk"], &expected["var_stressed"]);
        assert_eq!(stressed[0]["repair"]["unchanged"], true);
        assert_eq!(stressed[1]["repair"]["unchanged"], false, "ten assets can't all be so far apart");
        assert!(stressed[1]["repair"]["smallest_eigenvalue"].as_f64().unwrap() < -0.1);
    }
}

#[tokio::test]
async fn a_reverse_stress_loses_exactly_what_was_asked_for() {
    let tenant = Ballast::start().await.tenant().await;
    for case in data::oracle("stress", "reverse_stress/") {
        let expected = &case["expected"];
        let request = json!({
            "portfolio_data": in_numbers(&case), "notional": "250000",
            "reverse_stress": [case["inputs"]["loss_fraction"], 0.25, 1]
        });
        let result = tenant.compute(STRESS_TEST, &request).await;
        for (at, loss) in [0.1, 0.25, 1.0].into_iter().enumerate() {
            agree("loss", &result["reverse_stress"][at]["impact"]["pnl"], &json!(-250_000.0 * loss));
        }
        let shock = &result["reverse_stress"][0]["shock"];
        agree("distance", &shock["mahalanobis_distance"], &expected["mahalanobis_distance"]);
        agree_by_name("shock of", &data::symbols(), &shock["asset_shocks"], &expected["asset_shocks"]);
        let whole = &result["reverse_stress"][2]["shock"];
        assert!(!whole["impossible"].as_array().unwrap().is_empty(), "some would lose more than everything");
    }
}

#[tokio::test]
async fn constant_assets_have_defined_answers() {
    let tenant = Ballast::start().await.tenant().await;
    let request = json!({
        "portfolio_data": {"weights": [0.6, 0.4], "historical_returns": vec![[0.001, 0.0]; 30], "asset_names": ["A", "B"]},
        "scenarios": [{"name": "A falls", "shocks": {"A": -0.5}, "propagate": true}],
        "correlation_stress": [{"strength": 1}], "reverse_stress": [0.1]
    });
    let result = tenant.compute(STRESS_TEST, &request).await;
    assert_eq!(result["scenarios"][0]["asset_shocks"], json!([-0.5, 0.0]));
    assert_eq!(result["scenarios"][0]["redundant"], json!([0]), "a constant asset tells nothing");
    assert!(result["reverse_stress"][0]["shock"].is_null(), "nothing varies");
    assert_eq!(result["correlation_stress"][0]["stressed_value_at_risk"].as_f64(), Some(0.0));
}
