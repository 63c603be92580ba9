//! Simulation models and samplings over HTTP, with real prices.

use e2e::{Ballast, InProcess, MONTE_CARLO, Options, data, requests, requests::with};
use serde_json::{Value, json};

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn simulation() -> Value {
    json!({
        "portfolio_data": requests::real_portfolio(),
        "num_simulations": 4096, "time_horizon": 21, "seed": 11, "initial_value": "1000000"
    })
}

fn models() -> [Value; 7] {
    [
        json!({"kind": "geometric_brownian_motion"}),
        json!({"kind": "student_t_copula"}),
        json!({"kind": "student_t_copula", "degrees_of_freedom": 4}),
        json!({"kind": "historical_bootstrap"}),
        json!({"kind": "stationary_bootstrap"}),
        json!({"kind": "stationary_bootstrap", "mean_block_length": 12.5}),
        json!({"kind": "garch_filtered_historical"}),
    ]
}

#[tokio::test]
async fn every_model_tells_its_parameters() {
    let tenant = Ballast::start().await.tenant().await;
    for model in models() {
        let result = tenant.compute(MONTE_CARLO, &with(simulation(), "/model", model.clone())).await;
        assert_eq!(result["model"]["kind"], model["kind"]);
        assert_eq!(result["sampling"], "random");
        assert!(number(&result["statistics"]["standard_deviation"]) > 0.0, "{model}");
        for risk in result["risk"].as_array().unwrap() {
            assert!(number(&risk["conditional_value_at_risk"]) >= number(&risk["value_at_risk"]), "{model}");
            // A month of these three stocks, in dollars of a million.
            assert!((20_000.0..500_000.0).contains(&number(&risk["value_at_risk"])), "{model} {risk}");
        }
        let told = &result["model"];
        match model["kind"].as_str().unwrap() {
            "student_t_copula" => {
                let given = &model["degrees_of_freedom"];
                assert_eq!(told["estimated"], json!(given.is_null()));
                let degrees = number(&told["degrees_of_freedom"]);
                assert!(if given.is_null() {
                    (2.0..=200.0).contains(&degrees)
                } else {
                    (degrees - 4.0).abs() < 1e-12
                });
            }
            "stationary_bootstrap" => {
                assert_eq!(told["estimated"], json!(model["mean_block_length"].is_null()));
                assert!(number(&told["mean_block_length"]) >= 1.0);
                assert_eq!(told["days"], 1258);
            }
            "garch_filtered_historical" => {
                let parameters = told["parameters"].as_array().unwrap();
                assert_eq!(parameters.len(), 3);
                for model in parameters {
                    assert_eq!(model["outcome"], "converged");
                    assert!(number(&model["alpha"]) + number(&model["beta"]) < 1.0);
                }
            }
            _ => {}
        }
        assert!(!result["conventions"]["estimation"].as_str().unwrap().is_empty());
    }
}

#[tokio::test]
async fn every_sampling_agrees_and_tells_its_errors() {
    let tenant = Ballast::start().await.tenant().await;
    let request = with(simulation(), "/num_simulations", json!(16_384));
    let random = tenant.compute(MONTE_CARLO, &request).await;
    let error = number(&random["statistics"]["standard_errors"]["mean"]);
    for sampling in ["antithetic", "moment_matched", "sobol"] {
        let result = tenant.compute(MONTE_CARLO, &with(request.clone(), "/sampling", json!(sampling))).await;
        assert_eq!(result["sampling"], sampling);
        let own = number(&result["statistics"]["standard_errors"]["mean"]);
        assert!(own < error, "{sampling}: {own} and {error}");
        let distance = number(&result["statistics"]["mean"]) - number(&random["statistics"]["mean"]);
        assert!(distance.abs() < 5.0 * error, "{sampling}: {distance}");
        assert!(number(&result["risk"][0]["standard_errors"]["conditional_value_at_risk"]) > 0.0);
    }
}

#[tokio::test]
async fn final_values_alone_come_from_one_exact_step() {
    let tenant = Ballast::start().await.tenant().await;
    let request = with(simulation(), "/num_simulations", json!(50_000));
    let stepped = tenant.compute(MONTE_CARLO, &request).await;
    let exact = tenant.compute(MONTE_CARLO, &with(request, "/path_statistics", json!(false))).await;
    assert!(exact["drawdown"].is_null() && exact["fan"].is_null() && stepped["fan"].is_object());
    assert_eq!(exact["steps"], 21);
    for (figure, error) in [("mean", "mean"), ("standard_deviation", "standard_deviation")] {
        let distance = number(&exact["statistics"][figure]) - number(&stepped["statistics"][figure]);
        let error = number(&exact["statistics"]["standard_errors"][error]);
        assert!(distance.abs() < 7.0 * error, "{figure}: {distance}, {error}");
    }
    assert!(exact["conventions"]["model"].as_str().unwrap().contains("one exact step"));
}

#[tokio::test(flavor = "multi_thread")]
async fn shards_leave_the_bits_of_every_model_and_sampling_alone() {
    let scheme = |model: Value, sampling: &str| {
        with(with(simulation(), "/model", model), "/sampling", json!(sampling))
    };
    let random = models().map(|model| scheme(model, "random"));
    let brownian =
        ["antithetic", "moment_matched", "sobol"].map(|sampling| scheme(models()[0].clone(), sampling));
    let requests: Vec<Value> =
        random.into_iter().chain(brownian).chain([scheme(models()[2].clone(), "antithetic")]).collect();
    let mut all = Vec::new();
    for work in [u64::MAX, 100_000] {
        let Some(ballast) = InProcess::start(Options::default().work_per_shard(work)).await else { return };
        let tenant = ballast.tenant().await;
        let mut results = Vec::new();
        for request in &requests {
            let task = tenant.submit(MONTE_CARLO, request).await;
            results.push(tenant.result_text(&task).await);
            let shards = tenant.status(&task).await["progress"]["total"].as_u64().unwrap();
            assert_eq!(shards > 1, work < u64::MAX, "{request}");
        }
        all.push(results);
    }
    assert_eq!(all[0], all[1]);
}

#[tokio::test]
async fn a_model_that_cannot_be_is_refused() {
    let tenant = Ballast::start().await.tenant().await;
    let short = requests::small_simulation();
    let brownian = |sampling: &str| with(simulation(), "/sampling", json!(sampling));
    let bootstrap =
        |sampling: &str| with(brownian(sampling), "/model", json!({"kind": "historical_bootstrap"}));
    let daily = with(simulation(), "/rebalance", json!("daily"));
    let cases = [
        (with(simulation(), "/model", json!({"kind": "heston"})), "/model/kind", "unknown variant"),
        (with(simulation(), "/model", json!({})), "/model", "missing field `kind`"),
        (
            with(simulation(), "/model", json!({"kind": "historical_bootstrap", "mean_block_length": 3})),
            "/model",
            "unknown field",
        ),
        (
            with(simulation(), "/model", json!({"kind": "student_t_copula", "degrees_of_freedom": 1.9})),
            "/model/degrees_of_freedom",
            "from 2 to 1000",
        ),
        (
            with(simulation(), "/model", json!({"kind": "student_t_copula", "degrees_of_freedom": 1001})),
            "/model/degrees_of_freedom",
            "from 2 to 1000",
        ),
        (
            with(simulation(), "/model", json!({"kind": "stationary_bootstrap", "mean_block_length": 0.5})),
            "/model/mean_block_length",
            "at least 1",
        ),
        (
            with(simulation(), "/model", json!({"kind": "stationary_bootstrap", "mean_block_length": 1259})),
            "/model/mean_block_length",
            "at most the 1258 days",
        ),
        (with(short.clone(), "/model", json!({"kind": "student_t_copula"})), "/model", "at least 50 days"),
        (with(short, "/model", json!({"kind": "garch_filtered_historical"})), "/model", "at least 50 days"),
        (brownian("latin_hypercube"), "/sampling", "unknown variant"),
        (bootstrap("antithetic"), "/sampling", "geometric_brownian_motion or student_t_copula"),
        (bootstrap("moment_matched"), "/sampling", "geometric_brownian_motion only"),
        (bootstrap("sobol"), "/sampling", "geometric_brownian_motion only"),
        (with(brownian("antithetic"), "/num_simulations", json!(4097)), "/num_simulations", "must be even"),
        (with(brownian("sobol"), "/num_simulations", json!(1023)), "/num_simulations", "at least 1024"),
        (with(brownian("sobol"), "/time_horizon", json!(1366)), "/sampling", "at most 4096 dimensions"),
        (with(daily, "/path_statistics", json!(false)), "/path_statistics", "rebalance none"),
        (
            with(bootstrap("random"), "/path_statistics", json!(false)),
            "/path_statistics",
            "exact distribution",
        ),
        (with(simulation(), "/path_statistics", json!("no")), "/path_statistics", "invalid type"),
    ];
    for (body, pointer, reason) in cases {
        let problem = tenant.post(MONTE_CARLO, &body).await.problem(422);
        let pointers = problem.pointers();
        let found = pointers.iter().find(|found| found.starts_with(pointer));
        let found = found.unwrap_or_else(|| panic!("{pointer}: {problem:?}"));
        assert!(problem.about(found).contains(reason), "{pointer}: {problem:?}");
    }
    assert!(tenant.task_ids().await.is_empty(), "nothing changed");
    let all = json!({
        "portfolio_data": requests::real_portfolio(), "num_simulations": 1001, "sampling": "antithetic",
        "model": {"kind": "stationary_bootstrap", "mean_block_length": 0}, "path_statistics": false
    });
    let problem = tenant.post(MONTE_CARLO, &all).await.problem(422);
    assert_eq!(
        problem.pointers(),
        ["/model/mean_block_length", "/sampling", "/path_statistics", "/num_simulations"]
    );
}

#[tokio::test]
async fn a_stored_portfolio_takes_every_model_too() {
    let tenant = Ballast::start().await.tenant().await;
    tenant.request("POST", "/api/v1/prices").body("text/csv", data::prices_csv()).await.expect(200);
    let portfolio = tenant.post("/api/v1/portfolios", &requests::stored_portfolio("Core")).await.data(201);
    for model in models() {
        let request = json!({"portfolio_id": portfolio["id"], "num_simulations": 1000, "time_horizon": 5, "model": model});
        let result = tenant.compute(MONTE_CARLO, &request).await;
        assert_eq!(result["provenance"]["assets"], json!(["AAPL", "JNJ", "CVX"]));
        assert_eq!(result["model"]["kind"], model["kind"]);
    }
}
