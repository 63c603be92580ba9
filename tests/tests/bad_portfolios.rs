//! Portfolios that can't be, and histories that are odd but no error.

use e2e::{
    Ballast, MONTE_CARLO, VAR_CVAR,
    requests::{small_simulation, small_var_cvar, stored_portfolio, with},
};
use serde_json::{Value, json};

const RETURNS: &str = "/portfolio_data/historical_returns";

#[tokio::test]
async fn a_bad_portfolio_is_refused_and_nothing_is_stored() {
    let tenant = Ballast::start().await.tenant().await;
    let path = "/api/v1/portfolios";
    let location =
        tenant.post(path, &stored_portfolio("Good")).await.expect(201).header("location").to_owned();
    let good = tenant.get(&location).await.data(200);
    let holding = |holding: Value| ("/holdings", json!([holding]));
    let cases = [
        ("/name", ("/name", json!(""))),
        ("/name", ("/name", json!("x".repeat(201)))),
        ("/base_currency", ("/base_currency", json!("usd"))),
        ("/holdings", ("/holdings", json!([{"symbol": "A", "weight": 0.5}, {"symbol": "B", "weight": 0.4}]))),
        ("/holdings", ("/holdings", json!([{"symbol": "A", "weight": 1}, {"symbol": "B", "quantity": 1}]))),
        (
            "/holdings/1/symbol",
            ("/holdings", json!([{"symbol": "A", "quantity": 1}, {"symbol": "a", "quantity": 1}])),
        ),
        ("/holdings/0/symbol", holding(json!({"symbol": "no symbol", "quantity": 1}))),
        ("/holdings/0", holding(json!({"symbol": "A"}))),
        ("/holdings/0", holding(json!({"symbol": "A", "quantity": 1, "weight": 1}))),
        ("/holdings/0/quantity", holding(json!({"symbol": "A", "quantity": "NaN"}))),
        ("/holdings/0/quantity", holding(json!({"symbol": "A", "quantity": "1e400"}))),
        ("/holdings/0/quantity", holding(json!({"symbol": "A", "quantity": "1000000000000001"}))),
        ("/holdings/0/price", holding(json!({"symbol": "A", "quantity": 1, "price": 1}))),
        ("/currency", ("/currency", json!("USD"))),
    ];
    for (pointer, (set, value)) in cases {
        let body = with(stored_portfolio("Bad"), set, value);
        assert_eq!(tenant.post(path, &body).await.problem(422).pointers(), [pointer], "{body}");
        assert_eq!(tenant.put(&location, &body).await.problem(422).pointers(), [pointer], "{body}");
    }
    let short_of_one =
        with(stored_portfolio("Bad"), "/holdings", json!([{"symbol": "A", "weight": "0.875"}]));
    assert!(tenant.post(path, &short_of_one).await.problem(422).detail().contains("sum to 0.875"));
    assert_eq!(tenant.get(path).await.data(200), json!([good]), "nothing changed");
}

#[tokio::test]
async fn constant_columns_are_computed() {
    let tenant = Ballast::start().await.tenant().await;
    let constant = json!([[0.001, 0.0, 0.01], [0.001, 0.0, -0.01], [0.001, 0.0, 0.02]]);
    let simulated = tenant.compute(MONTE_CARLO, &with(small_simulation(), RETURNS, constant.clone())).await;
    assert_eq!(simulated["covariance_repair"], json!({"kind": "semidefinite", "rank": 1}));
    let result = tenant.compute(VAR_CVAR, &with(small_var_cvar(), RETURNS, constant)).await;
    assert!(result["sample"]["skewness"].is_number());

    let all = json!([[0.001, 0.001, 0.001], [0.001, 0.001, 0.001], [0.001, 0.001, 0.001]]);
    let simulated = tenant.compute(MONTE_CARLO, &with(small_simulation(), RETURNS, all.clone())).await;
    let statistics = &simulated["statistics"];
    assert_eq!((&statistics["skewness"], &statistics["kurtosis"]), (&Value::Null, &Value::Null));
    assert_eq!(statistics["minimum"], statistics["maximum"]);
    let result = tenant.compute(VAR_CVAR, &with(small_var_cvar(), RETURNS, all)).await;
    assert_eq!(result["sample"]["skewness"], Value::Null);
    let normal = result["methods"]["parametric_normal"][0]["value_at_risk"].as_f64().unwrap();
    assert!((normal - -0.001).abs() < 1e-12, "a certain gain is a negative loss: {normal}");
}

#[tokio::test]
async fn a_covariance_that_is_not_positive_definite_is_handled_and_the_result_says_so() {
    let tenant = Ballast::start().await.tenant().await;
    let twins = json!([[0.01, 0.01, 0.02], [-0.02, -0.02, 0.01], [0.005, 0.005, -0.03], [0.0, 0.0, 0.01]]);
    let result = tenant.compute(MONTE_CARLO, &with(small_simulation(), RETURNS, twins)).await;
    assert_eq!(result["covariance_repair"], json!({"kind": "semidefinite", "rank": 2}));
    let two_days = json!([[0.01, 0.02, 0.03], [-0.01, 0.01, 0.02]]);
    let result = tenant.compute(MONTE_CARLO, &with(small_simulation(), RETURNS, two_days)).await;
    assert_eq!(result["covariance_repair"], json!({"kind": "semidefinite", "rank": 1}));
    assert!(result["statistics"]["standard_deviation"].as_f64() > Some(0.0));
}
