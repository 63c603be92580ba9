//! The same request and seed gives the same bits, however the work is shared out.

use std::process::Command;

use e2e::{Ballast, InProcess, MONTE_CARLO, Options, data, requests};
use serde_json::{Value, json};

/// Where the test that runs in a process of its own writes its result.
const OUTPUT: &str = "BALLAST_TEST_OUTPUT";

fn simulation(rebalance: &str) -> Value {
    json!({
        "portfolio_data": requests::real_portfolio(),
        "num_simulations": 20_000, "time_horizon": 42, "seed": 20_260_101, "rebalance": rebalance,
        "confidence_levels": [0.9, 0.95, 0.99], "initial_value": "1234567.89"
    })
}

/// Paths × days × assets of [`simulation`].
const WORK: u64 = 20_000 * 42 * 3;

async fn results(ballast: &Ballast, shards: Option<u64>) -> Vec<String> {
    let tenant = ballast.tenant().await;
    let mut results = Vec::new();
    for rebalance in ["none", "daily"] {
        let task = tenant.submit(MONTE_CARLO, &simulation(rebalance)).await;
        results.push(tenant.result_text(&task).await);
        if let Some(shards) = shards {
            assert_eq!(tenant.status(&task).await["progress"], json!({"done": shards, "total": shards}));
        }
    }
    results
}

#[tokio::test(flavor = "multi_thread")]
async fn one_four_and_sixty_four_shards_give_the_same_bits() {
    let mut all = Vec::new();
    for shards in [1, 4, 64] {
        let options = Options::default().work_per_shard(WORK.div_ceil(shards));
        let Some(ballast) = InProcess::start(options).await else { return };
        all.push(results(&ballast, Some(shards)).await);
    }
    assert_eq!(all[0], all[1]);
    assert_eq!(all[0], all[2]);
    assert_ne!(all[0][0], all[0][1], "the two requests differ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_simulation_too_large_to_sort_gives_the_same_bits_too() {
    let request = json!({
        "portfolio_data": {"weights": [0.6, 0.4], "historical_returns": data::returns(&["KO", "PFE"])},
        "num_simulations": (1 << 20) + 1000, "time_horizon": 2, "seed": 5
    });
    let mut all = Vec::new();
    for shards in [1, 4, 64] {
        let options = Options::default().work_per_shard(4_200_000_u64.div_ceil(shards));
        let Some(ballast) = InProcess::start(options).await else { return };
        let tenant = ballast.tenant().await;
        let task = tenant.submit(MONTE_CARLO, &request).await;
        all.push(tenant.result_text(&task).await);
        assert!(all[0].contains(r#""quantile_method":{"kind":"histogram""#));
    }
    assert_eq!(all[0], all[1]);
    assert_eq!(all[0], all[2]);
}

#[tokio::test]
async fn the_same_request_twice_gives_the_same_bits() {
    let ballast = Ballast::start().await;
    assert_eq!(results(&ballast, None).await, results(&ballast, None).await);
}

#[test]
fn one_and_two_threads_give_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    // The number of threads is fixed when a process first computes, so each number gets a process.
    let computed = |threads: &str| {
        let output = folder.path().join(threads);
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "determinism::in_a_process_of_its_own", "--ignored", "--quiet"])
            .env("RAYON_NUM_THREADS", threads)
            .env(OUTPUT, &output)
            .env_remove("BALLAST_BASE_URL")
            .status();
        assert!(status.unwrap().success());
        std::fs::read_to_string(output).unwrap()
    };
    let one = computed("1");
    assert!(one.contains("statistics"));
    assert_eq!(one, computed("2"));
    assert_eq!(one, computed("5"));
}

#[tokio::test]
#[ignore = "one_and_two_threads_give_the_same_bits runs it"]
async fn in_a_process_of_its_own() {
    let Some(output) = std::env::var_os(OUTPUT) else { return };
    let ballast = Ballast::start().await;
    std::fs::write(output, results(&ballast, Some(1)).await.join("\n")).unwrap();
}
