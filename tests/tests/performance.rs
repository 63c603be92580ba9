//! Performance analysis, over HTTP and real prices.

use e2e::{Ballast, PERFORMANCE_ANALYSIS, Tenant, data};
use serde_json::{Value, json};

fn agree(what: &str, found: &Value, expected: &Value) {
    match (found.as_f64(), expected.as_f64()) {
        (Some(found), Some(expected)) => {
            let off = (found - expected).abs();
            assert!(off <= 1e-9 + 1e-8 * expected.abs(), "{what}: {found} where {expected} was expected");
        }
        _ => assert_eq!(found, expected, "{what}"),
    }
}

/// Where the reference has a figure, and where the answer has it.
const FIGURES: [(&str, &str); 22] = [
    ("n", "/figures/periods"),
    ("cumulative_return", "/figures/cumulative_return"),
    ("annual_return", "/figures/annual_return"),
    ("annual_volatility", "/figures/annual_volatility"),
    ("max_drawdown", "/figures/max_drawdown"),
    ("ulcer_index", "/figures/ulcer_index"),
    ("best_day", "/figures/best"),
    ("worst_day", "/figures/worst"),
    ("sharpe", "/ratios/sharpe"),
    ("sortino", "/ratios/sortino"),
    ("calmar", "/ratios/calmar"),
    ("omega_mar", "/ratios/omega"),
    ("tail_ratio", "/ratios/tail_ratio"),
    ("alpha_empyrical", "/benchmark/alpha"),
    ("beta", "/benchmark/beta"),
    ("r_squared", "/benchmark/r_squared"),
    ("tracking_error", "/benchmark/tracking_error"),
    ("information_ratio_annual", "/benchmark/information_ratio"),
    ("up_capture", "/benchmark/up_capture"),
    ("down_capture", "/benchmark/down_capture"),
    ("max_drawdown_peak", "/drawdowns/0/peak_date"),
    ("max_drawdown_trough", "/drawdowns/0/trough_date"),
];

async fn with_prices() -> (Ballast, Tenant) {
    let ballast = Ballast::start().await;
    let tenant = ballast.tenant().await;
    for csv in [data::prices_csv(), data::benchmark_csv()] {
        tenant.request("POST", "/api/v1/prices").body("text/csv", csv).await.expect(200);
    }
    (ballast, tenant)
}

#[tokio::test]
async fn stored_portfolios_have_the_oracles_figures() {
    let (_ballast, tenant) = with_prices().await;
    for case in data::oracle("performance", "performance/") {
        let id = case["id"].as_str().unwrap();
        let weights = case["inputs"]["weights"].as_object().unwrap();
        let holdings: Vec<Value> = weights
            .iter()
            .map(|(symbol, weight)| json!({"symbol": symbol, "weight": weight.to_string()}))
            .collect();
        let portfolio = json!({"name": id, "base_currency": "USD", "holdings": holdings});
        let portfolio = tenant.post("/api/v1/portfolios", &portfolio).await.data(201);
        let rebalance = if case["inputs"]["rebalance"] == "daily" { "daily" } else { "none" };
        let request = json!({
            "portfolio_id": portfolio["id"], "rebalance": rebalance, "risk_free_rate": 0.02,
            "benchmark": {"symbol": "SP500"}, "rolling_window": 126
        });
        let result = tenant.compute(PERFORMANCE_ANALYSIS, &request).await;
        let expected = &case["expected"];
        for (name, pointer) in FIGURES.into_iter().filter(|(name, _)| !expected[name].is_null()) {
            agree(&format!("{id} {name}"), result.pointer(pointer).unwrap(), &expected[name]);
        }
        let drawdowns = expected["drawdowns_top5"].as_array().map(Vec::as_slice).unwrap_or_default();
        for (found, expected) in result["drawdowns"].as_array().unwrap().iter().zip(drawdowns) {
            agree(id, &found["depth"], &expected["depth"]);
            assert_eq!(
                (&found["peak_date"], &found["trough_date"], &found["recovery_date"]),
                (&expected["peak"], &expected["trough"], &expected["recovery"]),
                "{id}"
            );
        }
        assert_eq!(result["rolling"]["sharpe"].as_array().unwrap().len(), 1133);
        assert_eq!(result["monthly_returns"].as_array().unwrap().len(), 61, "December 2017 to December 2022");
    }
}

#[tokio::test]
async fn returns_prices_and_values_of_the_same_history_have_the_same_figures() {
    let (_ballast, tenant) = with_prices().await;
    let (dates, prices) = data::closes(&["MSFT"]);
    let values: Vec<f64> = prices.iter().map(|row| row[0]).collect();
    let benchmark = json!({"symbol": "SP500"});
    let by_values = json!({"values": values, "dates": dates, "benchmark": benchmark});
    let by_values = tenant.compute(PERFORMANCE_ANALYSIS, &by_values).await;
    let returns: Vec<f64> = values.windows(2).map(|pair| pair[1] / pair[0] - 1.0).collect();
    let by_returns = json!({"returns": returns, "dates": dates, "benchmark": benchmark});
    let data = json!({"asset_names": ["MSFT"], "prices": prices});
    let by_prices =
        json!({"assets_data": data, "weights": {"MSFT": 1}, "dates": dates, "benchmark": benchmark});
    let valuations: Vec<Value> =
        dates.iter().zip(&values).map(|(date, value)| json!({"date": date, "value": value})).collect();
    let by_valuations = json!({"valuations": valuations, "benchmark": benchmark});
    for request in [by_returns, by_prices, by_valuations] {
        let result = tenant.compute(PERFORMANCE_ANALYSIS, &request).await;
        for part in ["figures", "ratios", "benchmark"] {
            for (name, expected) in by_values[part].as_object().unwrap() {
                agree(name, &result[part][name], expected);
            }
        }
        assert_eq!(result["yearly_returns"].as_array().unwrap().len(), 6);
    }
}

#[tokio::test]
async fn quantities_are_bought_at_the_first_close_and_kept() {
    let (_ballast, tenant) = with_prices().await;
    let portfolio = json!({"name": "Held", "base_currency": "USD", "holdings": [
        {"symbol": "AAPL", "quantity": "1200"}, {"symbol": "JNJ", "quantity": "700"}
    ]});
    let portfolio = tenant.post("/api/v1/portfolios", &portfolio).await.data(201);
    let request = json!({"portfolio_id": portfolio["id"], "from": "2020-01-02", "to": "2021-12-31"});
    let found = tenant.compute(PERFORMANCE_ANALYSIS, &request).await;
    let (dates, prices) = data::closes(&["AAPL", "JNJ"]);
    let days = dates.iter().zip(&prices);
    let days = days.filter(|(date, _)| ("2020-01-02"..="2021-12-31").contains(&date.as_str()));
    let values: Vec<f64> = days.map(|(_, row)| 1200.0 * row[0] + 700.0 * row[1]).collect();
    let expected = tenant.compute(PERFORMANCE_ANALYSIS, &json!({"values": values})).await;
    for (name, expected) in expected["figures"].as_object().unwrap() {
        agree(name, &found["figures"][name], expected);
    }
}

#[tokio::test]
async fn an_active_return_is_attributed_as_the_oracle_does() {
    let tenant = Ballast::start().await.tenant().await;
    let case = data::oracle("performance", "attribution/").remove(0);
    let inputs = &case["inputs"];
    let names = data::symbols();
    let mut groups = serde_json::Map::new();
    for (sector, assets) in inputs["sectors"].as_object().unwrap() {
        groups.extend(
            assets.as_array().unwrap().iter().map(|name| (name.as_str().unwrap().to_owned(), json!(sector))),
        );
    }
    let request = json!({
        "assets_data": {"asset_names": names, "returns": data::returns(&names)}, "weights": inputs["portfolio"],
        "attribution": {"groups": groups, "benchmark_weights": inputs["benchmark"]}
    });
    let result = tenant.compute(PERFORMANCE_ANALYSIS, &request).await;
    let attribution = &result["attribution"];
    let mut sum = 0.0;
    for group in attribution["groups"].as_array().unwrap() {
        let expected = &case["expected"]["sectors"][group["group"].as_str().unwrap()];
        for (name, reference) in [
            ("portfolio_weight", "wp"),
            ("benchmark_weight", "wb"),
            ("portfolio_return", "rp"),
            ("benchmark_return", "rb"),
            ("allocation", "allocation"),
            ("selection", "selection"),
            ("interaction", "interaction"),
        ] {
            agree(name, &group[name], &expected[reference]);
        }
        sum += ["allocation", "selection", "interaction"]
            .iter()
            .map(|name| group[name].as_f64().unwrap())
            .sum::<f64>();
    }
    assert_eq!(attribution["groups"].as_array().unwrap().len(), 5);
    agree("the effects", &json!(sum), &attribution["active_return"]);
    agree("bought and held", &result["figures"]["cumulative_return"], &attribution["portfolio_return"]);
}

#[tokio::test]
async fn cash_flows_count_for_the_money_and_not_for_the_time() {
    let tenant = Ballast::start().await.tenant().await;
    let request = json!({"periods_per_year": 2, "valuations": [
        {"date": "2023-01-01", "value": "100", "flow": "0"},
        {"date": "2023-07-02", "value": "110", "flow": "890"},
        {"date": "2024-01-01", "value": "900"}
    ]});
    let result = tenant.compute(PERFORMANCE_ANALYSIS, &request).await;
    agree("time", &result["time_weighted_return"]["cumulative"], &json!(-0.01));
    agree("the same", &result["figures"]["cumulative_return"], &json!(-0.01));
    let money = &result["money_weighted_return"];
    assert_eq!(money["outcome"], "unique");
    assert!(money["annual"].as_f64().unwrap() < -0.1, "most of the money was there when it fell");
}

#[tokio::test]
async fn a_history_without_movement_has_no_ratios() {
    let tenant = Ballast::start().await.tenant().await;
    let request = json!({"returns": [0.0, 0.0, 0.0], "benchmark": {"returns": [0.0, 0.0, 0.0]}});
    let result = tenant.compute(PERFORMANCE_ANALYSIS, &request).await;
    assert_eq!(result["figures"]["annual_volatility"], 0.0);
    for pointer in
        ["/ratios/sharpe", "/ratios/calmar", "/benchmark/beta", "/benchmark/alpha", "/monthly_returns"]
    {
        assert_eq!(result.pointer(pointer), Some(&Value::Null), "{pointer}");
    }
}
