//! Portfolio tasks that can't be: each is refused with a clear problem document, and no task is made.

use e2e::{Ballast, OPTIMIZE, PERFORMANCE_ANALYSIS, REBALANCE, Tenant, requests::with};
use serde_json::{Value, json};

/// Where a sound body is changed and how, the field that the answer points to, and what it says about it.
type Case = (&'static str, Value, &'static str, &'static str);

async fn refused(tenant: &Tenant, path: &str, body: &Value, cases: Vec<Case>) {
    tenant.compute(path, body).await;
    let before = tenant.task_ids().await;
    for (set, value, pointer, reason) in cases {
        let body = with(body.clone(), set, value);
        let problem = tenant.post(path, &body).await.problem(422);
        assert_eq!(problem.kind(), "invalid-input");
        assert!(problem.pointers().contains(&pointer), "{body}: {problem:?}");
        assert!(problem.about(pointer).contains(reason), "{body}: {problem:?}");
    }
    assert_eq!(tenant.task_ids().await, before, "nothing changed");
}

const ID: &str = "pfl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN";
const PARAMS: &str = "/optimization_params";

fn optimisation(params: Value) -> Value {
    json!({
        "assets_data": {
            "asset_names": ["AAPL", "A/B"],
            "returns": [[0.011, -0.004], [-0.007, 0.003], [0.004, 0.001], [-0.012, 0.006]]
        },
        "optimization_params": params
    })
}

#[tokio::test]
async fn assets_have_names_and_a_history() {
    let tenant = Ballast::start().await.tenant().await;
    let names = "/assets_data/asset_names";
    let rows = "/assets_data/returns";
    let prices = "/assets_data/prices";
    let cases = vec![
        (names, json!(["AAPL"]), "/assets_data/returns/0", "but has 2"),
        (names, json!([]), names, "1 to 500 names, but has 0"),
        (names, json!(["AAPL", "AAPL"]), "/assets_data/asset_names/1", "named twice"),
        (names, json!(["AAPL", ""]), "/assets_data/asset_names/1", "1 to 100 characters"),
        (rows, json!([[0.1, 0.1]]), rows, "at least 2"),
        (rows, json!([[0.1, 0.1], [0.1]]), "/assets_data/returns/1", "but has 1"),
        (rows, json!([[0.1, 0.1], [0.1, -1.0]]), "/assets_data/returns/1/1", "above -1"),
        (rows, json!([[0.1, null], [0.1, 0.1]]), "/assets_data/returns/0/1", "null"),
        (rows, Value::Null, "/assets_data", "either returns or prices"),
        (prices, json!([[1, 1], [1, 2], [2, 2]]), prices, "together with returns"),
        (
            "/assets_data",
            json!({"asset_names": ["A"], "prices": [[1], [null], [2]]}),
            prices,
            "at least 3 complete rows",
        ),
        (
            "/assets_data",
            json!({"asset_names": ["A"], "prices": [[null], [1], [2], [0]]}),
            "/assets_data/prices/3/0",
            "above 0",
        ),
        ("/assets_data", Value::Null, "/assets_data", "either assets_data or portfolio_id"),
        ("/portfolio_id", json!(ID), "/assets_data", "together with portfolio_id"),
        ("/from", json!("2024-01-02"), "/from", "go with portfolio_id"),
        ("/assets_data/name", json!("x"), "/assets_data/name", "unknown field"),
        ("/optimisation", json!("x"), "/optimisation", "unknown field"),
    ];
    refused(&tenant, OPTIMIZE, &optimisation(json!({"method": "equal_weight"})), cases).await;
    let unknown = json!({"portfolio_id": ID, "optimization_params": {"method": "hrp"}});
    tenant.post(OPTIMIZE, &unknown).await.problem(404);
}

#[tokio::test]
async fn parameters_go_with_the_method() {
    let tenant = Ballast::start().await.tenant().await;
    let set = |params: Value, pointer: &'static str, reason: &'static str| (PARAMS, params, pointer, reason);
    let cases = vec![
        set(json!({}), PARAMS, "missing field `method`"),
        set(json!({"method": "magic"}), "/optimization_params/method", "unknown variant"),
        set(
            json!({"method": "hrp", "objective": "minimum_risk"}),
            "/optimization_params/objective",
            "does not go with the method hrp",
        ),
        set(
            json!({"method": "mean_variance", "target_return": 0.1}),
            "/optimization_params/target_return",
            "does not go with",
        ),
        set(
            json!({"method": "mean_variance", "objective": "efficient_risk"}),
            "/optimization_params/target_risk",
            "must be given",
        ),
        set(
            json!({"method": "cvar", "confidence_level": 1}),
            "/optimization_params/confidence_level",
            "between 0 and 1",
        ),
        set(json!({"method": "herc", "clusters": 3}), "/optimization_params/clusters", "1 to 2"),
        set(
            json!({"method": "risk_parity", "risk_budgets": {"AAPL": 1}}),
            "/optimization_params/risk_budgets",
            "none for A/B",
        ),
        set(
            json!({"method": "risk_parity", "risk_budgets": {"AAPL": 1.5, "A/B": -0.5}}),
            "/optimization_params/risk_budgets/A~1B",
            "above 0",
        ),
        set(
            json!({"method": "black_litterman", "views": [{"assets": {"KO": 1}, "expected_return": 0.1}]}),
            "/optimization_params/views/0/assets/KO",
            "none of the assets",
        ),
        set(
            json!({"method": "black_litterman", "views": [{"assets": {}, "expected_return": 0.1}]}),
            "/optimization_params/views/0/assets",
            "at least one part",
        ),
        set(
            json!({"method": "black_litterman", "market_values": {"AAPL": 1, "A/B": -1}}),
            "/optimization_params/market_values",
            "0 or more",
        ),
        set(
            json!({"method": "mean_variance", "risk_free_rate": 99}),
            "/optimization_params/risk_free_rate",
            "-1 to 10",
        ),
        set(
            json!({"method": "mean_variance", "periods_per_year": 0}),
            "/optimization_params/periods_per_year",
            "1 to",
        ),
        set(
            json!({"method": "mean_variance", "expected_returns": {"method": "mean", "span": 5}}),
            "/optimization_params/expected_returns/span",
            "does not go with",
        ),
        set(
            json!({"method": "mean_variance", "expected_returns": {"method": "given", "values": {"AAPL": 0.1}}}),
            "/optimization_params/expected_returns/values",
            "none for A/B",
        ),
        set(
            json!({"method": "mean_variance", "expected_returns": {"method": "capm", "market_returns": [0.1]}}),
            "/optimization_params/expected_returns/market_returns",
            "each of the 4",
        ),
        set(
            json!({"method": "mean_variance", "covariance": {"method": "given", "matrix": [[1, 2], [3, 1]]}}),
            "/optimization_params/covariance/matrix",
            "not symmetric",
        ),
        set(
            json!({"method": "mean_variance", "covariance": {"method": "given", "matrix": [[1]]}}),
            "/optimization_params/covariance/matrix",
            "2 rows and columns",
        ),
        set(
            json!({"method": "mean_variance", "covariance": {"method": "ewma", "half_life": 0}}),
            "/optimization_params/covariance/half_life",
            "0.01 to",
        ),
    ];
    refused(&tenant, OPTIMIZE, &optimisation(json!({"method": "mean_variance"})), cases).await;
}

#[tokio::test]
async fn constraints_are_sound_and_can_be_kept() {
    let tenant = Ballast::start().await.tenant().await;
    let constraints = "/optimization_params/constraints";
    let body = optimisation(json!({"method": "mean_variance", "constraints": {}}));
    let cases = vec![
        (
            constraints,
            json!({"cardinality": 5}),
            "/optimization_params/constraints/cardinality",
            "not supported",
        ),
        (
            constraints,
            json!({"max_weight_per_asset": {"KO": 0.1}}),
            "/optimization_params/constraints/max_weight_per_asset/KO",
            "none of the assets",
        ),
        (
            constraints,
            json!({"max_weight_per_asset": "0.4"}),
            "/optimization_params/constraints/max_weight_per_asset",
            "a number, or an object",
        ),
        (
            constraints,
            json!({"groups": [{"name": "g", "assets": [], "maximum": 1}]}),
            "/optimization_params/constraints/groups/0/assets",
            "must name an asset",
        ),
        (
            constraints,
            json!({"groups": [{"name": "g", "assets": ["AAPL"]}]}),
            "/optimization_params/constraints/groups/0",
            "a minimum or a maximum",
        ),
        (
            constraints,
            json!({"groups": [{"name": "g", "assets": ["AAPL", "AAPL"], "maximum": 1}]}),
            "/optimization_params/constraints/groups/0/assets/1",
            "named twice",
        ),
        (
            constraints,
            json!({"max_turnover": 0.1}),
            "/optimization_params/constraints/previous_weights",
            "must be given",
        ),
        (
            constraints,
            json!({"max_turnover": -0.1, "previous_weights": {}}),
            "/optimization_params/constraints/max_turnover",
            "0 to",
        ),
        (
            constraints,
            json!({"previous_weights": {"AAPL": 1}}),
            "/optimization_params/constraints/previous_weights",
            "goes with",
        ),
        (
            constraints,
            json!({"max_tracking_error": 0.1}),
            "/optimization_params/constraints/benchmark_weights",
            "together",
        ),
        (constraints, json!({"turnover": 0.1}), "/optimization_params/constraints/turnover", "unknown field"),
        (
            PARAMS,
            json!({"method": "hrp", "constraints": {"max_weight_per_asset": 0.4}}),
            constraints,
            "can't be kept by the method hrp",
        ),
    ];
    refused(&tenant, OPTIMIZE, &body, cases).await;
}

#[tokio::test]
async fn rebalancing_needs_prices_targets_and_sound_amounts() {
    let tenant = Ballast::start().await.tenant().await;
    let body = json!({
        "holdings": {"AAPL": "10", "JNJ": "5"}, "prices": {"AAPL": "125.608", "JNJ": "174.096"},
        "target_weights": {"AAPL": 0.5, "JNJ": 0.5}, "cash": "100", "tax_lots": {}, "lot_sizes": {}, "settings": {}
    });
    let lot = |quantity: &str| json!([{"acquired": "2020-01-02", "quantity": quantity, "unit_cost": "1"}]);
    let cases = vec![
        ("/target_weights", json!({"AAPL": 0.5}), "/target_weights", "must sum to 1"),
        ("/target_weights", json!({"AAPL": 1.5, "JNJ": -0.5}), "/target_weights/JNJ", "not be negative"),
        ("/target_weights", json!({"AAPL": 0.5, "KO": 0.5}), "/prices/KO", "must be given"),
        ("/prices/AAPL", json!("0"), "/prices/AAPL", "above 0"),
        ("/prices/AAPL", json!("x"), "/prices/AAPL", "decimal"),
        ("/prices/KO", json!("60"), "/prices/KO", "neither held nor wanted"),
        ("/holdings/AAPL", json!("-1"), "/holdings/AAPL", "0 to"),
        ("/holdings/AAPL", json!("1000000000000000"), "/holdings/AAPL", "worth too much"),
        ("/holdings", json!(null), "/holdings", "either holdings or portfolio_id"),
        ("/portfolio_id", json!(ID), "/holdings", "together with portfolio_id"),
        ("/to", json!("2024-01-02"), "/to", "goes with portfolio_id"),
        ("/cash", json!("-100000"), "/cash", "worth more than 0"),
        ("/lot_sizes/AAPL", json!("0"), "/lot_sizes/AAPL", "above 0"),
        ("/tax_lots/AAPL", lot("9"), "/tax_lots/AAPL", "add up to the 10"),
        ("/tax_lots/AAPL", lot("-10"), "/tax_lots/AAPL/0/quantity", "0 to"),
        (
            "/tax_lots/AAPL",
            json!([{"acquired": "never", "quantity": "10", "unit_cost": "1"}]),
            "/tax_lots/AAPL/0/acquired",
            "",
        ),
        ("/settings", json!({"proportional_cost": "1.1"}), "/settings/proportional_cost", "0 to 1"),
        ("/settings", json!({"cash_buffer": "-0.1"}), "/settings/cash_buffer", "0 to 1"),
        ("/settings", json!({"currency_digits": 9}), "/settings/currency_digits", "0 to 8"),
        ("/settings", json!({"lot_order": "lifo"}), "/settings/lot_order", "unknown variant"),
        ("/settings", json!({"lots": 1}), "/settings/lots", "unknown field"),
    ];
    refused(&tenant, REBALANCE, &body, cases).await;
    let unknown = json!({"portfolio_id": ID, "target_weights": {"AAPL": 1}});
    tenant.post(REBALANCE, &unknown).await.problem(404);
}

#[tokio::test]
async fn an_analysis_has_one_history() {
    let tenant = Ballast::start().await.tenant().await;
    let body = json!({"returns": [0.01, -0.02, 0.015]});
    let assets = json!({"asset_names": ["A", "B"], "returns": [[0.1, 0.1], [0.2, 0.1]]});
    let cases = vec![
        ("/values", json!([1, 2, 3]), "", "exactly one of"),
        ("/returns", Value::Null, "", "exactly one of"),
        ("/returns", json!([0.1]), "/returns", "2 to"),
        ("/returns", json!([0.1, -1.0]), "/returns/1", "above -1"),
        ("/weights", json!({"A": 1}), "/weights", "together with assets_data"),
        ("/from", json!("2024-01-02"), "/from", "go with portfolio_id"),
        ("/rebalance", json!("daily"), "/rebalance", "needs assets"),
        ("/dates", json!(["2024-01-02", "2024-01-03"]), "/dates", "must be 4"),
        (
            "/dates",
            json!(["2024-01-02", "2024-01-03", "2024-01-03", "2024-01-04"]),
            "/dates/2",
            "after 2024-01-03",
        ),
        ("/benchmark", json!({}), "/benchmark", "exactly one of"),
        ("/benchmark", json!({"returns": [0.1]}), "/benchmark/returns", "3 returns, but is of 1"),
        ("/benchmark", json!({"symbol": "SP500"}), "/benchmark/symbol", "give dates"),
        ("/attribution", json!({"groups": {}, "benchmark_weights": {}}), "/attribution", "needs assets"),
        ("/confidence_level", json!(95), "/confidence_level", "between 0 and 1"),
        ("/rolling_window", json!(4), "/rolling_window", "2 to 3"),
        ("/drawdowns", json!(1001), "/drawdowns", "0 to 1000"),
        ("/risk_free_rate", json!(-2), "/risk_free_rate", "-0.99 to 10"),
        ("/portfolio", json!(1), "/portfolio", "unknown field"),
    ];
    refused(&tenant, PERFORMANCE_ANALYSIS, &body, cases).await;
    let body = json!({"assets_data": assets, "weights": {"A": 0.5, "B": 0.5}});
    let groups = json!({"groups": {"A": "x"}, "benchmark_weights": {"A": 1}});
    let cases = vec![
        ("/weights", json!({"A": 1}), "/weights", "none for B"),
        ("/weights", json!({"A": 1, "B": 1}), "/weights", "sum to 1"),
        ("/attribution", groups, "/attribution/groups", "none for B"),
        (
            "/attribution",
            json!({"groups": {"A": "x", "B": "y"}, "benchmark_weights": {"A": 0.5}}),
            "/attribution/benchmark_weights",
            "sum to 1",
        ),
        ("/dates", json!(["2024-01-02"]), "/dates", "must be 3"),
    ];
    refused(&tenant, PERFORMANCE_ANALYSIS, &body, cases).await;
    let body = json!({"valuations": [
        {"date": "2023-01-01", "value": 100}, {"date": "2023-07-01", "value": 110, "flow": 10}, {"date": "2024-01-01", "value": 130}
    ]});
    let cases = vec![
        ("/valuations/0/value", json!("-5"), "/valuations/0/value", "more than 0"),
        ("/valuations/1/flow", json!("-110"), "/valuations/1/value", "more than 0"),
        ("/valuations/2/date", json!("2023-07-01"), "/valuations/2/date", "after 2023-07-01"),
        ("/dates", json!(["2024-01-02"]), "/dates", "days of their own"),
    ];
    refused(&tenant, PERFORMANCE_ANALYSIS, &body, cases).await;
    tenant.post(PERFORMANCE_ANALYSIS, &json!({"portfolio_id": ID})).await.problem(404);
}
