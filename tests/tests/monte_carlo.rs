//! The main job: a portfolio's simulation, from its prices to its figures.

use e2e::{Ballast, MONTE_CARLO, data, requests};
use serde_json::{Value, json};

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[tokio::test]
async fn a_stored_portfolio_is_simulated_from_its_stored_prices() {
    let tenant = Ballast::start().await.tenant().await;
    tenant.request("POST", "/api/v1/prices").body("text/csv", data::prices_csv()).await.expect(200);
    let portfolio = tenant.post("/api/v1/portfolios", &requests::stored_portfolio("Core")).await.data(201);
    let settings = json!({"num_simulations": 2000, "time_horizon": 21, "seed": 7, "initial_value": "250000"});
    let mut by_id = settings.clone();
    by_id["portfolio_id"] = portfolio["id"].clone();
    let task = tenant.submit(MONTE_CARLO, &by_id).await;
    let result = tenant.result(&task).await;
    assert_eq!(result["provenance"]["assets"], json!(["AAPL", "JNJ", "CVX"]));
    assert_eq!(result["provenance"]["weights"], json!([0.5, 0.3, 0.2]));
    assert_eq!(result["provenance"]["history_days"], 1258);

    let mut by_data = settings;
    let returns = data::returns(&["AAPL", "JNJ", "CVX"]);
    by_data["portfolio_data"] = json!({"weights": [0.5, 0.3, 0.2], "historical_returns": returns});
    let same = tenant.compute(MONTE_CARLO, &by_data).await;
    for figure in ["mean", "standard_deviation", "minimum", "maximum"] {
        let (one, other) = (number(&result["statistics"][figure]), number(&same["statistics"][figure]));
        assert!((one - other).abs() < 1e-6, "{figure}: {one} by id, {other} by data");
    }
    by_id["from"] = json!("2021-01-01");
    by_id["to"] = json!("2021-12-31");
    let windowed = tenant.compute(MONTE_CARLO, &by_id).await;
    assert_eq!(windowed["provenance"]["history_days"], 251);
}

#[tokio::test]
async fn a_portfolio_held_by_quantity_starts_at_its_market_value() {
    let tenant = Ballast::start().await.tenant().await;
    let prices = "date,A,B\n2024-01-02,10,20\n2024-01-03,11,21\n2024-01-04,10,19\n2024-01-05,12,20\n";
    tenant.request("POST", "/api/v1/prices").body("text/csv", prices).await.expect(200);
    let body = json!({"name": "Q", "base_currency": "USD",
        "holdings": [{"symbol": "A", "quantity": "10"}, {"symbol": "B", "quantity": "-1"}]});
    let portfolio = tenant.post("/api/v1/portfolios", &body).await.data(201);
    let request = json!({"portfolio_id": portfolio["id"], "num_simulations": 100, "time_horizon": 2});
    let result = tenant.compute(MONTE_CARLO, &request).await;
    assert_eq!(number(&result["initial_value"]).to_bits(), 100_f64.to_bits());
    assert_eq!(result["provenance"]["weights"], json!([1.2, -0.2]));
}

#[tokio::test]
async fn a_result_has_all_its_figures_and_what_makes_it_repeatable() {
    let tenant = Ballast::start().await.tenant().await;
    let request = json!({
        "portfolio_data": requests::real_portfolio(), "num_simulations": 5000, "time_horizon": 60, "seed": 42,
        "confidence_levels": [0.9, 0.95, 0.99], "initial_value": 1000
    });
    let result = tenant.compute(MONTE_CARLO, &request).await;
    let statistics = &result["statistics"];
    for name in
        ["mean", "standard_deviation", "skewness", "kurtosis", "minimum", "maximum", "probability_of_loss"]
    {
        assert!(number(&statistics[name]).is_finite(), "{name}");
    }
    assert!(number(&statistics["standard_errors"]["mean"]) > 0.0);
    for spread in ["final_value", "total_return"] {
        let percentiles = result[spread]["percentiles"].as_array().unwrap();
        assert_eq!(
            percentiles.iter().map(|p| p["percentile"].as_u64().unwrap()).collect::<Vec<_>>(),
            (1..=99).collect::<Vec<_>>()
        );
        assert!(percentiles.is_sorted_by_key(|p| number(&p["value"])));
    }
    let risk = result["risk"].as_array().unwrap();
    assert_eq!(
        risk.iter().map(|risk| number(&risk["confidence_level"])).collect::<Vec<_>>(),
        [0.9, 0.95, 0.99]
    );
    for risk in risk {
        assert!(number(&risk["conditional_value_at_risk"]) >= number(&risk["value_at_risk"]));
        assert!(number(&risk["standard_errors"]["value_at_risk"]) > 0.0);
        assert!(number(&risk["standard_errors"]["conditional_value_at_risk"]) > 0.0);
    }
    let drawdown = &result["drawdown"];
    assert!(number(&drawdown["worst_maximum"]) > number(&drawdown["expected_maximum"]));
    let (edges, counts) =
        (result["histogram"]["edges"].as_array().unwrap(), result["histogram"]["counts"].as_array().unwrap());
    assert_eq!(
        (edges.len(), counts.iter().map(|count| count.as_u64().unwrap()).sum::<u64>()),
        (counts.len() + 1, 5000)
    );
    let (days, lines) =
        (result["fan"]["days"].as_array().unwrap(), result["fan"]["lines"].as_array().unwrap());
    assert_eq!((days.first(), days.last()), (Some(&json!(0)), Some(&json!(60))));
    assert!(lines.iter().all(|line| line["values"].as_array().unwrap().len() == days.len()));
    assert_eq!((&result["seed"], &result["paths"], &result["steps"]), (&json!(42), &json!(5000), &json!(60)));
    assert_eq!(result["covariance_repair"], json!({"kind": "none"}));
    let provenance = &result["provenance"];
    assert_eq!(provenance["input_hash"].as_str().unwrap().len(), 64);
    assert!(provenance["engine_version"].as_str().unwrap().starts_with("ballast "));
    assert!(result["conventions"]["risk"].as_str().unwrap().contains("positive = loss"));
}

#[tokio::test]
async fn a_seed_that_was_drawn_is_told_and_repeats_the_result() {
    let tenant = Ballast::start().await.tenant().await;
    let mut request = requests::small_simulation();
    request.as_object_mut().unwrap().remove("seed");
    let (one, other) =
        (tenant.compute(MONTE_CARLO, &request).await, tenant.compute(MONTE_CARLO, &request).await);
    assert_ne!(one["seed"], other["seed"]);
    request["seed"] = one["seed"].clone();
    assert_eq!(tenant.compute(MONTE_CARLO, &request).await, one);
}

#[tokio::test]
async fn what_is_not_said_has_its_documented_default() {
    let tenant = Ballast::start().await.tenant().await;
    let request = json!({"portfolio_data": requests::small_portfolio()});
    let result = tenant.compute(MONTE_CARLO, &request).await;
    assert_eq!(
        (&result["paths"], &result["steps"], &result["rebalance"]),
        (&json!(10_000), &json!(252), &json!("none"))
    );
    assert_eq!(number(&result["initial_value"]).to_bits(), 1e6_f64.to_bits());
    let levels: Vec<_> =
        result["risk"].as_array().unwrap().iter().map(|risk| number(&risk["confidence_level"])).collect();
    assert_eq!(levels, [0.95, 0.99]);
}
