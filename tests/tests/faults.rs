//! Messages twice, in random order, and workers that die: every task ends once, with the right result.

use std::time::Duration;

use e2e::{Ballast, InProcess, MONTE_CARLO, Options, Queue, Tenant, VAR_CVAR, data, requests};
use futures::{StreamExt, stream};
use local::delivery::{DeliveryOptions, Faults};
use serde_json::{Value, json};

const TASKS: usize = 200;
const AT_ONCE: usize = 8;
/// One simulation in four has more work than this, and is cut into shards.
const WORK_PER_SHARD: u64 = 30_000;

fn request(number: usize) -> (&'static str, Value) {
    let portfolio = requests::small_portfolio();
    let simulation = |paths: usize| json!({"portfolio_data": portfolio, "num_simulations": paths, "time_horizon": 20, "seed": number});
    match number % 4 {
        0 => (MONTE_CARLO, simulation(2_500)),
        1 => (MONTE_CARLO, simulation(200)),
        2 => (VAR_CVAR, json!({"portfolio_data": portfolio, "horizons": [1 + number]})),
        _ => {
            let portfolio = json!({"weights": [1], "historical_returns": data::returns(&["KO"])});
            (VAR_CVAR, json!({"portfolio_data": portfolio, "horizons": [1, 1 + number]}))
        }
    }
}

async fn submit_all(tenant: &Tenant) -> Vec<String> {
    let submit = |number| async move {
        let (path, body) = request(number);
        tenant.submit(path, &body).await
    };
    stream::iter((0..TASKS).map(submit)).buffered(AT_ONCE).collect().await
}

/// The results' text, in the order of the tasks.
async fn results(tenant: &Tenant, tasks: &[String]) -> Vec<String> {
    stream::iter(tasks.iter().map(|task| tenant.result_text(task))).buffered(AT_ONCE).collect().await
}

async fn statuses(tenant: &Tenant, tasks: &[String]) -> Vec<Value> {
    stream::iter(tasks.iter().map(|task| tenant.status(task))).buffered(AT_ONCE).collect().await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_tasks_survive_every_fault_and_none_ends_twice() {
    let faults = Faults::all(20_260_101);
    // As in the cloud, a message comes back later than a dead worker's lease ends.
    let redelivery = Some(Duration::from_millis(1_200));
    let delivery = DeliveryOptions { redelivery, faults: Some(faults), ..DeliveryOptions::default() };
    let options =
        Options::default().work_per_shard(WORK_PER_SHARD).variable("LEASE", "1s").delivery(delivery);
    let Some(ballast) = InProcess::start(options).await else { return };
    let quiet = Ballast::start().await;
    let (tenant, reference) = (ballast.tenant().await, quiet.tenant().await);

    let (tasks, expected) = tokio::join!(submit_all(&tenant), submit_all(&reference));
    let (found, expected) = tokio::join!(results(&tenant, &tasks), results(&reference, &expected));
    assert_eq!(found.len(), TASKS);
    for (number, (found, expected)) in found.iter().zip(&expected).enumerate() {
        assert_eq!(found, expected, "task {number}");
    }
    let ended = statuses(&tenant, &tasks).await;
    let sharded = ended.iter().filter(|status| status["progress"]["total"] == 5).count();
    assert_eq!(sharded, TASKS / 4);

    // Copies and stragglers are still under way.
    ballast.drained(Queue::RISK).await;
    assert_eq!(statuses(&tenant, &tasks).await, ended, "nothing changes after the end");
    let mut newest_first = tasks.clone();
    newest_first.sort_unstable_by(|one, other| other.cmp(one));
    assert_eq!(tenant.task_ids().await, newest_first);
    for task in &tasks {
        // Created, marked as sent unless a worker was faster, started once, ended once.
        let version: u32 =
            ballast.item(&tenant, "TASK", task).await["version"].as_n().unwrap().parse().unwrap();
        assert!([3, 4].contains(&version), "{task} was changed {version} times");
    }
    let deliveries = ballast.stack().deliveries("ComputeRiskFunction");
    assert!(deliveries.copies >= 400 && deliveries.killed >= 50, "there were faults: {deliveries:?}");
}
