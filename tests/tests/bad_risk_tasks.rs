//! Requests for VaR reports, stress tests and frontiers that can't be: each is refused with its pointer, and no task is made.

use e2e::{
    Ballast, EFFICIENT_FRONTIER, STRESS_TEST, Tenant, VAR_CVAR, data,
    requests::{small_portfolio, small_var_cvar, stored_portfolio, with},
};
use serde_json::{Value, json};

async fn refused(tenant: &Tenant, path: &str, cases: Vec<(Value, &str, &str)>) {
    for (body, pointer, reason) in cases {
        let problem = tenant.post(path, &body).await.problem(422);
        assert!(problem.pointers().contains(&pointer), "{pointer} in {problem:?}");
        assert!(problem.about(pointer).contains(reason), "{reason} in {problem:?}");
    }
    assert!(tenant.task_ids().await.is_empty(), "nothing changed");
}

#[tokio::test]
async fn reports_ask_for_what_there_is() {
    let tenant = Ballast::start().await.tenant().await;
    let report = |pointer: &str, value: Value| with(small_var_cvar(), pointer, value);
    let cases = vec![
        (report("/methods", json!(["guess"])), "/methods/0", "unknown variant"),
        (report("/methods", json!(["kernel", "kernel"])), "/methods/1", "twice"),
        (report("/ewma_lambda", json!(1)), "/ewma_lambda", "between 0 and 1"),
        (report("/age_lambda", json!(0)), "/age_lambda", "between 0 and 1"),
        (report("/degrees_of_freedom", json!(2)), "/degrees_of_freedom", "above 2"),
        (report("/volatility_model", json!("sv")), "/volatility_model", "unknown variant"),
        (report("/horizon_scaling", json!("linear")), "/horizon_scaling", "unknown variant"),
        (
            report("/decomposition", json!({"confidence_level": 95})),
            "/decomposition/confidence_level",
            "between",
        ),
        (report("/decomposition", json!({"horizon": 0})), "/decomposition/horizon", "1 to 2520"),
        (report("/decomposition", json!({"levels": 0})), "/decomposition/levels", "unknown field"),
        (report("/backtest", json!({"confidence_level": 1})), "/backtest/confidence_level", "between"),
        (report("/backtest", json!({"window": 1})), "/backtest/window", "at least 2"),
        (report("/backtest", json!({})), "/backtest/window", "less than the 4 days"),
        (report("/backtest", json!({"forecast": "crystal ball"})), "/backtest/forecast", "unknown variant"),
        (
            with(report("/methods", json!(["filtered_historical"])), "/volatility_model", json!("garch")),
            "/volatility_model",
            "at least 50 days",
        ),
    ];
    refused(&tenant, VAR_CVAR, cases).await;
    let body = with(report("/ewma_lambda", json!(2)), "/backtest", json!({"window": 0}));
    let problem = tenant.post(VAR_CVAR, &body).await.problem(422);
    assert_eq!(problem.pointers(), ["/ewma_lambda", "/backtest/window"], "all at once");
}

#[tokio::test]
async fn stresses_name_what_the_portfolio_has() {
    let tenant = Ballast::start().await.tenant().await;
    let portfolio = with(small_portfolio(), "/asset_names", json!(["A", "B", "C/D"]));
    let stress = |more: Value| {
        let mut body = json!({"portfolio_data": portfolio});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let scenario = |scenario: Value| {
        let mut named = json!({"name": "s"});
        named.as_object_mut().unwrap().extend(scenario.as_object().unwrap().clone());
        stress(json!({"scenarios": [named], "groups": {"g": ["A"]}}))
    };
    let correlation = |value: Value| stress(json!({"correlation_stress": [value]}));
    let replay = |value: Value| stress(json!({"replays": [value]}));
    let factors = |value: Value| stress(json!({"reverse_stress": [0.1], "factors": value}));
    let cases = vec![
        (stress(json!({})), "/scenarios", "at least one of"),
        (stress(json!({"reverse_stress": [0]})), "/reverse_stress/0", "above 0"),
        (stress(json!({"reverse_stress": [0.1, 1.1]})), "/reverse_stress/1", "at most 1"),
        (stress(json!({"reverse_stress": [0.1], "notional": "0"})), "/notional", "above 0"),
        (stress(json!({"reverse_stress": vec![0.1; 21]})), "/reverse_stress", "at most 20"),
        (stress(json!({"stresses": []})), "/stresses", "unknown field"),
        (scenario(json!({"name": " ", "shocks": {"A": 0}})), "/scenarios/0/name", "empty"),
        (scenario(json!({})), "/scenarios/0", "must have shocks"),
        (scenario(json!({"shocks": {"Z": -0.1}})), "/scenarios/0/shocks/Z", "no asset Z"),
        (scenario(json!({"shocks": {"C/D": -1.1}})), "/scenarios/0/shocks/C~1D", "from -1 to 100"),
        (scenario(json!({"group_shocks": {"h": 0.1}})), "/scenarios/0/group_shocks/h", "groups has no h"),
        (scenario(json!({"factor_shocks": {"f": 0.1}})), "/scenarios/0/factor_shocks", "no factors"),
        (
            scenario(json!({"shocks": {"A": 0.1}, "factor_shocks": {"f": 0.1}})),
            "/scenarios/0",
            "factor_shocks alone",
        ),
        (stress(json!({"reverse_stress": [0.1], "groups": {"g": ["Z"]}})), "/groups/g/0", "no asset Z"),
        (
            stress(json!({"reverse_stress": [0.1], "groups": {"g": ["A"], "h": ["A"]}})),
            "/groups/h/0",
            "in g already",
        ),
        (correlation(json!({})), "/correlation_stress/0", "exactly one of"),
        (correlation(json!({"strength": 2})), "/correlation_stress/0/strength", "-1 to 1"),
        (
            correlation(json!({"strength": 0, "volatility_multiple": -1})),
            "/correlation_stress/0/volatility_multiple",
            "0 to 100",
        ),
        (correlation(json!({"correlation": [[1]]})), "/correlation_stress/0/correlation", "3 rows"),
        (
            correlation(json!({"correlation": [[1, 0.5, 0], [0.4, 1, 0], [0, 0, 1]]})),
            "/correlation_stress/0/correlation/1/0",
            "both ways",
        ),
        (replay(json!({"crisis": 2008})), "/replays/0", "portfolio_id"),
        (replay(json!({})), "/replays/0", "must have prices"),
        (replay(json!({"prices": [[1, 1, 1]]})), "/replays/0/prices", "2 to 5000 rows"),
        (replay(json!({"prices": [[1, 1, 1], [1, 0, 1]]})), "/replays/0/prices/1", "above 0"),
        (factors(json!({"symbols": ["SPY"]})), "/factors", "names and returns alone"),
        (factors(json!({"names": ["F"], "returns": [[0.1]]})), "/factors/returns", "each of the 4 days"),
        (factors(json!({"names": ["F", "F"], "returns": []})), "/factors/names/1", "twice"),
        (
            factors(json!({"names": ["F", "G", "H"], "returns": vec![[0.1, 0.2, 0.3]; 4]})),
            "/factors",
            "at least 5 days",
        ),
    ];
    refused(&tenant, STRESS_TEST, cases).await;
}

#[tokio::test]
async fn missing_prices_are_named() {
    let tenant = Ballast::start().await.tenant().await;
    tenant.request("POST", "/api/v1/prices").body("text/csv", data::prices_csv()).await.expect(200);
    let stored = tenant.post("/api/v1/portfolios", &stored_portfolio("Core")).await.data(201);
    let stress = |more: Value| {
        let mut body = json!({"portfolio_id": stored["id"]});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let replay = |value: Value| stress(json!({"replays": [{"crisis": 2020}, value]}));
    let cases = vec![
        (
            replay(json!({"crisis": 2008})),
            "/replays/1",
            "2007-10-09 to 2009-03-09 are missing for AAPL, JNJ, CVX",
        ),
        (replay(json!({"crisis": 1929})), "/replays/1/crisis", "2008, 2011, 2020 or 2022"),
        (replay(json!({"from": "2019-01-02"})), "/replays/1", "from and to"),
        (replay(json!({"from": "2019-01-02", "to": "2019-01-02"})), "/replays/1/from", "before to"),
        (replay(json!({"from": "2019-01-02", "to": "2029-01-02"})), "/replays/1", "are missing for AAPL"),
        (
            stress(json!({"reverse_stress": [0.1], "factors": {"symbols": ["MTUM"]}})),
            "/factors/symbols/0",
            "no prices are loaded for MTUM",
        ),
        (
            stress(json!({"reverse_stress": [0.1], "factors": {"names": ["MTUM"], "returns": []}})),
            "/factors",
            "symbols alone",
        ),
    ];
    refused(&tenant, STRESS_TEST, cases).await;
}

#[tokio::test]
async fn frontiers_have_assets_points_and_a_measure() {
    let tenant = Ballast::start().await.tenant().await;
    let frontier = |more: Value| {
        let returns = [[0.01, 0.02], [0.0, -0.01], [0.02, 0.01]];
        let mut body = json!({"assets_data": {"asset_names": ["A", "B"], "returns": returns}});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let cases = vec![
        (json!({}), "/assets_data", "either assets_data or portfolio_id"),
        (frontier(json!({"from": "2020-01-02"})), "/from", "go with portfolio_id"),
        (frontier(json!({"points": 1})), "/points", "2 to 200"),
        (frontier(json!({"points": 201})), "/points", "2 to 200"),
        (frontier(json!({"risk_measure": "luck"})), "/risk_measure", "unknown variant"),
        (frontier(json!({"confidence_level": 0.9})), "/confidence_level", "goes with cvar and cdar"),
        (
            frontier(json!({"risk_measure": "cvar", "confidence_level": 2})),
            "/confidence_level",
            "between 0 and 1",
        ),
        (frontier(json!({"benchmark_return": 0.0})), "/benchmark_return", "goes with semivariance"),
        (frontier(json!({"risk_free_rate": 11})), "/risk_free_rate", "-1 to 10"),
        (frontier(json!({"periods_per_year": 0})), "/periods_per_year", "1 to"),
        (frontier(json!({"constraints": {"cardinality": 2}})), "/constraints/cardinality", "not supported"),
        (
            frontier(json!({"constraints": {"groups": [{"name": "g", "assets": ["Z"], "maximum": 1}]}})),
            "/constraints/groups/0/assets/0",
            "Z is none of the assets",
        ),
    ];
    refused(&tenant, EFFICIENT_FRONTIER, cases).await;
}
