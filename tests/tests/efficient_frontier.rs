//! Efficient frontiers.

use std::collections::BTreeMap;

use e2e::{Ballast, EFFICIENT_FRONTIER, data};
use serde_json::{Value, json};

#[track_caller]
fn close(what: &str, found: &Value, expected: &Value, tolerance: f64) {
    let (found, expected) = (found.as_f64().unwrap(), expected.as_f64().unwrap());
    assert!((found - expected).abs() <= tolerance, "{what}: {found} where {expected} was expected");
}

fn assets(symbols: &[String]) -> Value {
    json!({"asset_names": symbols, "prices": data::closes(symbols).1})
}

/// The constraints of an oracle's case.
fn constraints(inputs: &Value) -> Value {
    match inputs["constraints"].as_str().unwrap() {
        "capped" => json!({"max_weight_per_asset": inputs["max_weight"]}),
        "sector" => {
            let mut sectors: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for (asset, sector) in inputs["sector_map"].as_object().unwrap() {
                sectors.entry(sector.as_str().unwrap()).or_default().push(asset);
            }
            let group = |(name, assets): (&str, Vec<&str>)| {
                json!({
                    "name": name, "assets": assets, "minimum": inputs["sector_min"][name],
                    "maximum": inputs["sector_max"][name]
                })
            };
            let limited = |(name, _): &(&str, Vec<&str>)| {
                !(inputs["sector_min"][name].is_null() && inputs["sector_max"][name].is_null())
            };
            json!({"groups": sectors.into_iter().filter(limited).map(group).collect::<Vec<_>>()})
        }
        _ => json!({}),
    }
}

#[tokio::test]
async fn the_points_agree_with_the_oracle() {
    let tenant = Ballast::start().await.tenant().await;
    let symbols = data::symbols();
    let cases = data::oracle("optimise", "efficient_frontier_20/");
    assert_eq!(cases.len(), 3);
    for case in cases {
        let request = json!({
            "assets_data": assets(&symbols), "points": case["inputs"]["points"],
            "constraints": constraints(&case["inputs"])
        });
        let result = tenant.compute(EFFICIENT_FRONTIER, &request).await;
        assert_eq!(result["outcome"]["status"], "solved");
        let (points, expected) = (&result["points"], case["expected"]["points"].as_array().unwrap());
        assert_eq!(points.as_array().unwrap().len(), expected.len());
        for (at, expected) in expected.iter().enumerate() {
            let id = format!("{} {at}", case["id"]);
            close(&id, &points[at]["risk"], &expected["vol"], 1e-6);
            close(&id, &points[at]["figures"]["expected_return"], &expected["return"], 1e-6);
            for (symbol, weight) in symbols.iter().zip(expected["weights"].as_array().unwrap()) {
                close(&format!("{id} {symbol}"), &points[at]["weights"][symbol], weight, 1e-4);
            }
        }
        let least = expected[0]["vol"].clone();
        close("least risk", &result["minimum_risk"]["risk"], &least, 1e-6);
        let best = result["tangency"]["figures"]["sharpe"].as_f64().unwrap();
        for point in points.as_array().unwrap() {
            assert!(point["figures"]["sharpe"].as_f64().unwrap() <= best + 1e-7);
        }
    }
}

#[tokio::test]
async fn every_measure_has_a_convex_and_rising_frontier() {
    let tenant = Ballast::start().await.tenant().await;
    let symbols = &data::symbols()[..5];
    for measure in ["variance", "semivariance", "cvar", "cdar"] {
        let request = json!({"assets_data": assets(symbols), "points": 8, "risk_measure": measure});
        let result = tenant.compute(EFFICIENT_FRONTIER, &request).await;
        let points: Vec<(f64, f64)> = (result["points"].as_array().unwrap().iter())
            .map(|point| (point["target_return"].as_f64().unwrap(), point["risk"].as_f64().unwrap()))
            .collect();
        assert_eq!(points.len(), 8, "{measure}: {}", result["outcome"]);
        for three in points.windows(3) {
            let slope = |from: (f64, f64), to: (f64, f64)| (to.1 - from.1) / (to.0 - from.0);
            let (first, second) = (slope(three[0], three[1]), slope(three[1], three[2]));
            assert!(first >= -1e-6 && second >= first - 1e-4, "{measure}: {three:?}");
        }
        for point in result["points"].as_array().unwrap() {
            let weights =
                point["weights"].as_object().unwrap().values().map(|weight| weight.as_f64().unwrap());
            let weights: Vec<f64> = weights.collect();
            assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            assert!(weights.iter().all(|weight| (-1e-12..=1.0 + 1e-12).contains(weight)));
        }
    }
}

#[tokio::test]
async fn a_permutation_of_the_assets_permutes_the_answer() {
    let tenant = Ballast::start().await.tenant().await;
    let symbols = data::symbols();
    let turned: Vec<String> = symbols.iter().rev().cloned().collect();
    let trace = async |symbols: &[String]| {
        let request = json!({"assets_data": assets(symbols), "points": 5});
        tenant.compute(EFFICIENT_FRONTIER, &request).await["points"].take()
    };
    let (one, other) = (trace(&symbols).await, trace(&turned).await);
    for at in 0..5 {
        for symbol in &symbols {
            close(symbol, &one[at]["weights"][symbol], &other[at]["weights"][symbol], 1e-9);
        }
    }
}

#[tokio::test]
async fn a_stored_portfolio_is_marked() {
    let tenant = Ballast::start().await.tenant().await;
    tenant.request("POST", "/api/v1/prices").body("text/csv", data::prices_csv()).await.expect(200);
    let stored = tenant.post("/api/v1/portfolios", &e2e::requests::stored_portfolio("Core")).await.data(201);
    let request = json!({"portfolio_id": stored["id"], "points": 30});
    let result = tenant.compute(EFFICIENT_FRONTIER, &request).await;
    let current = &result["current"];
    assert_eq!(current["weights"], json!({"AAPL": 0.5, "JNJ": 0.3, "CVX": 0.2}));
    let wanted = current["figures"]["expected_return"].as_f64().unwrap();
    for point in result["points"].as_array().unwrap() {
        if point["target_return"].as_f64().unwrap() <= wanted {
            assert!(point["risk"].as_f64() <= current["risk"].as_f64(), "nothing beats the frontier");
        }
    }
    assert_eq!(result["provenance"]["history_days"], 1258);
}

#[tokio::test]
async fn an_infeasible_problem_is_an_answer_that_names_the_conflict() {
    let tenant = Ballast::start().await.tenant().await;
    let symbols = &data::symbols()[..3];
    let infeasible = |constraints: Value| json!({"assets_data": assets(symbols), "constraints": constraints});
    let too_low = tenant.compute(EFFICIENT_FRONTIER, &infeasible(json!({"max_weight_per_asset": 0.3}))).await;
    assert_eq!(too_low["outcome"]["status"], "infeasible");
    assert!(too_low["outcome"]["conflicts"].to_string().contains(&symbols[0]), "{}", too_low["outcome"]);
    assert!(too_low["points"].as_array().unwrap().is_empty() && too_low["tangency"].is_null());
    let group = json!({"groups": [{"name": "all of them", "assets": symbols, "maximum": 0.5}]});
    let capped = tenant.compute(EFFICIENT_FRONTIER, &infeasible(group)).await;
    assert!(capped["outcome"]["conflicts"].to_string().contains("all of them"), "{}", capped["outcome"]);
}
