//! Risk tasks that can't be: each is refused with a clear problem document, and no task is made.

use e2e::{
    Ballast, MONTE_CARLO, Tenant, VAR_CVAR,
    requests::{small_simulation, small_var_cvar, with},
};
use serde_json::{Value, json};

const WEIGHTS: &str = "/portfolio_data/weights";
const RETURNS: &str = "/portfolio_data/historical_returns";

/// A body that is refused, the field that the answer points to, and what it says about it.
type Case = (Value, String, &'static str);

fn case(body: Value, set: &str, value: Value, reason: &'static str) -> Case {
    (with(body, set, value), set.to_owned(), reason)
}

async fn refused(tenant: &Tenant, path: &str, cases: Vec<Case>) {
    for (body, pointer, reason) in cases {
        let problem = tenant.post(path, &body).await.problem(422);
        assert_eq!(problem.kind(), "invalid-input");
        assert!(problem.pointers().contains(&pointer.as_str()), "{body}: {problem:?}");
        assert!(problem.about(&pointer).contains(reason), "{body}: {problem:?}");
    }
    assert!(tenant.task_ids().await.is_empty(), "nothing changed");
}

#[tokio::test]
async fn weights_fit_the_assets_and_sum_to_one() {
    let tenant = Ballast::start().await.tenant().await;
    for (path, body) in [(MONTE_CARLO, small_simulation()), (VAR_CVAR, small_var_cvar())] {
        let first_row = format!("{RETURNS}/0");
        let cases = vec![
            case(body.clone(), WEIGHTS, json!([0.4, 0.3, 0.2]), "sum to 0.9"),
            case(body.clone(), WEIGHTS, json!([0.4, 0.3, 0.300_002]), "sum to 1.000002"),
            case(body.clone(), WEIGHTS, json!([]), "1 to 500 weights, but has 0"),
            (
                with(body.clone(), WEIGHTS, json!([0.5, 0.5])),
                first_row.clone(),
                "each of the 2 weights, but has 3",
            ),
            (
                with(body.clone(), WEIGHTS, json!([0.25, 0.25, 0.25, 0.25])),
                first_row,
                "each of the 4 weights",
            ),
            case(body.clone(), WEIGHTS, json!("0.4"), "expected"),
            (with(body, WEIGHTS, json!([null, 0.5, 0.5])), format!("{WEIGHTS}/0"), "null"),
        ];
        refused(&tenant, path, cases).await;
    }
    let body = with(small_simulation(), WEIGHTS, json!([0.4, 0.3, 0.300_000_9]));
    tenant.post(MONTE_CARLO, &body).await.expect(202);
}

#[tokio::test]
async fn a_history_has_two_rows_of_one_length() {
    let tenant = Ballast::start().await.tenant().await;
    for (path, body) in [(MONTE_CARLO, small_simulation()), (VAR_CVAR, small_var_cvar())] {
        let ragged = json!([[0.1, 0.1, 0.1], [0.1, 0.1]]);
        let cases = vec![
            case(body.clone(), RETURNS, json!([[0.1, 0.2, 0.3]]), "but has 1"),
            case(body.clone(), RETURNS, json!([]), "but has 0"),
            (with(body.clone(), RETURNS, ragged), format!("{RETURNS}/1"), "but has 2"),
            (with(body.clone(), RETURNS, json!([0.1, 0.2])), format!("{RETURNS}/0"), "expected a sequence"),
            (
                with(body, RETURNS, json!([[0.1, 0.1, 0.1], [0.1, -1.0, 0.1]])),
                format!("{RETURNS}/1/1"),
                "above -1",
            ),
        ];
        refused(&tenant, path, cases).await;
    }
}

#[tokio::test]
async fn numbers_are_numbers() {
    let tenant = Ballast::start().await.tenant().await;
    let body = small_simulation().to_string();
    let post = |body: String| tenant.request("POST", MONTE_CARLO).body("application/json", body);
    for text in ["NaN", "Infinity", "-Infinity", "+1", "0x1"] {
        assert!(post(body.replace("0.011", text)).await.problem(400).detail().contains("not JSON"), "{text}");
    }
    for text in ["1e400", "-1e400", "\"NaN\"", "\"0.011\"", "null", "true", "[]"] {
        let problem = post(body.replace("0.011", text)).await.problem(422);
        assert_eq!(problem.pointers(), [format!("{RETURNS}/0/0")], "{text}");
    }
    assert!(tenant.task_ids().await.is_empty(), "nothing changed");
}

#[tokio::test]
async fn counts_horizons_and_levels_are_within_their_bounds() {
    let tenant = Ballast::start().await.tenant().await;
    let simulation = |pointer: &str, value: Value, reason| case(small_simulation(), pointer, value, reason);
    let level = |value: f64| {
        (
            with(small_simulation(), "/confidence_levels", json!([0.9, value])),
            "/confidence_levels/1".to_owned(),
            "between 0 and 1",
        )
    };
    let cases = vec![
        simulation("/num_simulations", json!(0), "1 to 100000000"),
        simulation("/num_simulations", json!(-5), "invalid value"),
        simulation("/num_simulations", json!(1.5), "invalid type"),
        simulation("/num_simulations", json!(100_000_001), "1 to 100000000"),
        simulation("/time_horizon", json!(0), "1 to 2520"),
        simulation("/time_horizon", json!(-1), "invalid value"),
        simulation("/time_horizon", json!(2521), "1 to 2520"),
        simulation("/seed", json!(-1), "invalid value"),
        simulation("/seed", json!(1_u64 << 53), "0 to 9007199254740991"),
        simulation("/initial_value", json!("0"), "above 0"),
        simulation("/initial_value", json!("-1"), "above 0"),
        simulation("/initial_value", json!("x"), ""),
        simulation("/rebalance", json!("weekly"), "unknown variant"),
        simulation("/confidence_levels", json!([]), "1 to 20"),
        level(0.0),
        level(1.0),
        level(95.0),
        level(-0.95),
    ];
    refused(&tenant, MONTE_CARLO, cases).await;
    let horizon = |value: Value, reason| {
        (with(small_var_cvar(), "/horizons", json!([1, value])), "/horizons/1".to_owned(), reason)
    };
    let cases = vec![
        horizon(json!(0), "1 to 2520"),
        horizon(json!(-1), "invalid value"),
        horizon(json!(2521), "1 to 2520"),
        case(small_var_cvar(), "/horizons", json!([]), "1 to 20"),
        case(small_var_cvar(), "/confidence_levels", json!([]), "1 to 20"),
    ];
    refused(&tenant, VAR_CVAR, cases).await;
}

#[tokio::test]
async fn all_faults_are_told_at_once() {
    let tenant = Ballast::start().await.tenant().await;
    let body = with(with(small_simulation(), "/num_simulations", json!(0)), "/time_horizon", json!(0));
    assert_eq!(
        tenant.post(MONTE_CARLO, &body).await.problem(422).pointers(),
        ["/num_simulations", "/time_horizon"]
    );
    let body = json!({"portfolio_data": {"weights": [0.4], "historical_returns": [[0.1]]}});
    assert_eq!(tenant.post(VAR_CVAR, &body).await.problem(422).pointers(), [WEIGHTS, RETURNS]);
}

#[tokio::test]
async fn unknown_fields_are_refused() {
    let tenant = Ballast::start().await.tenant().await;
    for (path, body) in [(MONTE_CARLO, small_simulation()), (VAR_CVAR, small_var_cvar())] {
        let cases = ["/num_simulation", "/portfolio_data/weight"]
            .map(|pointer| case(body.clone(), pointer, json!(1), "unknown field"));
        refused(&tenant, path, cases.into()).await;
    }
}

#[tokio::test]
async fn a_portfolio_is_given_in_one_way() {
    let tenant = Ballast::start().await.tenant().await;
    let id = "pfl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN";
    for (path, body) in [(MONTE_CARLO, small_simulation()), (VAR_CVAR, small_var_cvar())] {
        let data = "/portfolio_data".to_owned();
        let cases = vec![
            (json!({}), data.clone(), "either portfolio_data or portfolio_id"),
            (with(body.clone(), "/portfolio_id", json!(id)), data, "not be given together"),
            case(body, "/from", json!("2024-01-02"), "go with portfolio_id"),
            (
                json!({"portfolio_id": id, "from": "2024-01-03", "to": "2024-01-02"}),
                "/from".to_owned(),
                "not be after",
            ),
            (json!({"portfolio_id": id, "from": "yesterday"}), "/from".to_owned(), ""),
            (json!({"portfolio_id": "x"}), "/portfolio_id".to_owned(), ""),
        ];
        refused(&tenant, path, cases).await;
        tenant.post(path, &json!({"portfolio_id": id})).await.problem(404);
    }
    assert!(tenant.task_ids().await.is_empty(), "nothing changed");
}

#[tokio::test]
async fn a_stored_portfolio_needs_prices() {
    let tenant = Ballast::start().await.tenant().await;
    let create = async |holdings: Value| {
        let body = json!({"name": "P", "base_currency": "USD", "holdings": holdings});
        tenant.post("/api/v1/portfolios", &body).await.data(201)["id"].take()
    };
    let prices = "date,A\n2024-01-02,1\n2024-01-03,2\n2024-01-04,3\n";
    tenant.request("POST", "/api/v1/prices").body("text/csv", prices).await.expect(200);
    let (empty, one) = (create(json!([])).await, create(json!([{"symbol": "A", "weight": 1}])).await);
    let two = create(json!([{"symbol": "A", "weight": 0.5}, {"symbol": "B", "weight": 0.5}])).await;
    let zero = create(json!([{"symbol": "A", "quantity": 0}])).await;
    let pointer = || "/portfolio_id".to_owned();
    let cases = vec![
        (json!({"portfolio_id": empty}), pointer(), "no holdings"),
        (json!({"portfolio_id": two}), pointer(), "no prices are loaded for B"),
        (json!({"portfolio_id": one, "from": "2024-01-03"}), pointer(), "share 2 days"),
        (json!({"portfolio_id": zero}), pointer(), ""),
    ];
    refused(&tenant, VAR_CVAR, cases).await;
    tenant.compute(VAR_CVAR, &json!({"portfolio_id": one})).await;
}
