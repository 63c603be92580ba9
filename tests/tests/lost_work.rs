//! Messages that are lost, poisoned or no messages at all: no task is left behind.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::{InProcess, MONTE_CARLO, Options, Queue, Tenant, VAR_CVAR, eventually, requests};
use jiff::SignedDuration;
use local::delivery::DeliveryOptions;
use maintenance::Job;
use serde_json::json;

const MINUTE: SignedDuration = SignedDuration::from_secs(61);

/// Messages that failed come back at once.
fn hasty() -> DeliveryOptions {
    DeliveryOptions { redelivery: Some(Duration::from_millis(5)), ..DeliveryOptions::default() }
}

#[tokio::test]
async fn a_task_that_was_never_sent_is_sent_by_maintenance() {
    let Some(ballast) = InProcess::start(Options::default().without_queue()).await else { return };
    let tenant = ballast.tenant().await;
    let task = tenant.submit(VAR_CVAR, &requests::small_var_cvar()).await;
    ballast.maintain_after(SignedDuration::ZERO).await;
    ballast.drained(Queue::RISK).await;
    assert_eq!(tenant.status(&task).await["status"], "PENDING", "it is not due yet");
    ballast.maintain_after(MINUTE).await;
    tenant.result(&task).await;
}

#[tokio::test]
async fn a_task_that_was_sent_is_sent_again_when_its_message_is_lost() {
    let Some(ballast) = InProcess::start(Options::default().without_queue()).await else { return };
    let tenant = ballast.tenant().await;
    let task = tenant.submit(VAR_CVAR, &requests::small_var_cvar()).await;
    for _ in 0..3 {
        ballast.maintain_after(MINUTE).await;
        tenant.result(&task).await;
    }
    let before = tenant.status(&task).await;
    ballast.maintain_after(SignedDuration::from_hours(48)).await;
    ballast.drained(Queue::RISK).await;
    assert_eq!(tenant.status(&task).await, before, "an ended task is left alone");
}

#[tokio::test]
async fn a_poisoned_message_ends_its_task_through_the_dead_letters() {
    // The worker plans the shards, but can't send for them, however often it is asked to.
    let options = Options::default().work_per_shard(3_000).without_queue().delivery(hasty());
    let Some(ballast) = InProcess::start(options).await else { return };
    let tenant = ballast.tenant().await;
    let task = tenant.submit(MONTE_CARLO, &requests::small_simulation()).await;
    ballast.maintain_after(MINUTE).await;

    let status = tenant.ended(&task).await;
    assert_eq!(
        (&status["status"], &status["failure"]["code"]),
        (&json!("FAILURE"), &json!("worker-crashed"))
    );
    let problem = tenant.get(&format!("/api/v1/tasks/{task}/result")).await.problem(409);
    assert_eq!(problem.kind(), "task-failed");
    ballast.drained(Queue::RISK).await;
    ballast.drained(Queue::DEAD).await;
    assert_eq!(ballast.stack().deliveries("ComputeRiskFunction").messages, 5, "maxReceiveCount");
    assert_eq!(ballast.stack().deliveries("MaintenanceFunction").deleted, 1);
    assert_eq!(tenant.get("/api/v1/tasks/active").await.data(200), json!([]));
}

#[tokio::test]
async fn a_task_whose_input_is_gone_or_unreadable_fails_at_once() {
    let Some(ballast) = InProcess::start(Options::default().without_queue()).await else { return };
    let tenant = ballast.tenant().await;
    let gone = tenant.submit(VAR_CVAR, &requests::small_var_cvar()).await;
    delete_input(&ballast, &tenant, &gone).await;
    let unreadable = tenant.submit(MONTE_CARLO, &requests::small_simulation()).await;
    let input = input_of(&ballast, &tenant, &unreadable).await;
    ballast.set(&tenant, "PAYLOAD", &input, "bytes", AttributeValue::Bool(true)).await;
    ballast.maintain_after(MINUTE).await;
    for (task, code) in [(gone, "gone"), (unreadable, "unreadable")] {
        let status = tenant.ended(&task).await;
        assert_eq!((&status["status"], &status["failure"]["code"]), (&json!("FAILURE"), &json!(code)));
    }
    ballast.drained(Queue::RISK).await;
    assert_eq!(ballast.stack().deliveries("ComputeRiskFunction").messages, 2, "once each");
}

#[tokio::test]
async fn what_can_not_be_read_stands_in_nobodys_way() {
    let Some(ballast) = InProcess::start(Options::default().without_queue()).await else { return };
    let (tenant, other) = (ballast.tenant().await, ballast.tenant().await);
    let broken = tenant.submit(VAR_CVAR, &requests::small_var_cvar()).await;
    let task = other.submit(VAR_CVAR, &requests::small_var_cvar()).await;
    ballast.set(&tenant, "TASK", &broken, "state", AttributeValue::Bool(true)).await;
    ballast.maintain_in_vain_after(MINUTE).await;
    other.result(&task).await;
}

#[tokio::test]
async fn a_task_that_can_not_be_revived_makes_way_for_the_others() {
    let options = Options::default().work_per_shard(3_000).without_queue();
    let Some(ballast) = InProcess::start(options).await else { return };
    let (tenant, other) = (ballast.tenant().await, ballast.tenant().await);
    let broken = tenant.submit(MONTE_CARLO, &requests::small_simulation()).await;
    ballast.maintain_after(MINUTE).await;
    let planned = || async { ballast.has_item(&tenant, "SHARDS", &broken).await.then_some(()) };
    eventually("a plan", planned).await;
    ballast.set(&tenant, "SHARDS", &broken, "total", AttributeValue::Bool(true)).await;
    let task = other.submit(VAR_CVAR, &requests::small_var_cvar()).await;
    ballast.maintain_in_vain_after(SignedDuration::from_hours(2)).await;
    other.result(&task).await;
    // It is due again, but not at once.
    ballast.maintain_after(SignedDuration::from_mins(124)).await;
    ballast.maintain_in_vain_after(SignedDuration::from_mins(126)).await;
}

/// A queue that nobody works off stands for one that is long.
#[tokio::test]
async fn a_task_whose_shards_wait_for_their_turn_has_not_stalled() {
    let options = Options::default().work_per_shard(3_000).without_queue();
    let Some(ballast) = InProcess::start(options).await else { return };
    let tenant = ballast.tenant().await;
    let task = tenant.submit(MONTE_CARLO, &requests::small_simulation()).await;
    ballast.maintain_after(MINUTE).await;
    let planned = || async { ballast.has_item(&tenant, "SHARDS", &task).await.then_some(()) };
    eventually("a plan", planned).await;
    let url = ballast.queue_url(Queue::DEAD_MAILS);
    let send = ballast.stack().endpoints().sqs_client().send_message();
    send.queue_url(&url).message_body("somebody else's").send().await.unwrap();
    let long = [("RISK_CALCULATIONS_QUEUE_URL", url.as_str())];
    let before = ballast.item(&tenant, "TASK", &task).await;
    for round in 1..=7 {
        ballast.scheduled(Job::ReviveTasks, SignedDuration::from_hours(2 * round), &long).await;
    }
    assert_eq!(ballast.waiting(Queue::DEAD_MAILS).await, 1, "nothing was sent");
    let after = ballast.item(&tenant, "TASK", &task).await;
    assert_eq!((&after["data"], &after["version"]), (&before["data"], &before["version"]));
}

/// Takes away what the task is to compute with, so that no worker can ever do it.
async fn delete_input(ballast: &InProcess, tenant: &Tenant, task: &str) {
    let input = input_of(ballast, tenant, task).await;
    ballast.delete_item(tenant, "PAYLOAD", &input).await;
}

async fn input_of(ballast: &InProcess, tenant: &Tenant, task: &str) -> String {
    let item = ballast.item(tenant, "TASK", task).await;
    item["data"].as_m().unwrap()["input"].as_m().unwrap()["sha256"].as_s().unwrap().clone()
}

#[tokio::test]
async fn what_is_no_message_stands_in_nobodys_way() {
    let Some(ballast) = InProcess::start(Options::default().delivery(hasty())).await else { return };
    let tenant = ballast.tenant().await;
    let plan = |tenant: &str, task: &str, version: u32| {
        json!({"version": version, "tenant": tenant, "task": task, "part": "plan"}).to_string()
    };
    let task = "tsk_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN";
    let bodies = [
        "nonsense".to_owned(),
        "{}".to_owned(),
        plan(&tenant.id, task, 1),
        plan(&tenant.id, task, 99),
        plan("x", task, 1),
    ];
    for queue in [Queue::RISK, Queue::DEAD] {
        for body in &bodies {
            let send = ballast.stack().endpoints().sqs_client().send_message();
            send.queue_url(ballast.queue_url(queue)).message_body(body).send().await.unwrap();
        }
    }
    tenant.compute(VAR_CVAR, &requests::small_var_cvar()).await;
    ballast.drained(Queue::RISK).await;
    ballast.drained(Queue::DEAD).await;
    assert_eq!(ballast.stack().deliveries("ComputeRiskFunction").failed, 0);
}

#[tokio::test]
async fn a_stalled_task_goes_on_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options::default().work_per_shard(3_000).data(folder.path());
    let Some(before) = InProcess::start(options().without_queue()).await else { return };
    let tenant = before.tenant().await;
    let task = tenant.submit(MONTE_CARLO, &requests::small_simulation()).await;
    before.maintain_after(MINUTE).await;
    // The worker plans the shards, but can't send for them.
    let started = eventually("a start", || async {
        Some(tenant.status(&task).await).filter(|status| status["status"] == "STARTED")
    });
    assert_eq!(started.await["progress"], json!({"done": 0, "total": 5}));
    let token = tenant.access_token.clone();
    drop(tenant);
    before.shutdown().await;

    let Some(after) = InProcess::start(options()).await else { return };
    let client = after.visitor().with_token(&token);
    after.maintain_after(SignedDuration::ZERO).await;
    assert_eq!(client.status(&task).await["status"], "STARTED", "it is not due yet");
    after.maintain_after(SignedDuration::from_hours(2)).await;
    client.result(&task).await;
    assert_eq!(client.status(&task).await["progress"], json!({"done": 5, "total": 5}));
}

#[tokio::test]
async fn a_task_that_makes_no_progress_is_given_up() {
    let options = Options::default().work_per_shard(3_000).without_queue();
    let Some(ballast) = InProcess::start(options).await else { return };
    let tenant = ballast.tenant().await;
    let task = tenant.submit(MONTE_CARLO, &requests::small_simulation()).await;
    ballast.maintain_after(MINUTE).await;
    eventually("a start", || async { (tenant.status(&task).await["status"] == "STARTED").then_some(()) })
        .await;
    for round in 1..=6 {
        assert_eq!(tenant.status(&task).await["status"], "STARTED", "round {round}");
        // A message that waits would have the task wait as well.
        let taken_up = || async {
            (ballast.stack().deliveries("ComputeRiskFunction").messages >= round as u64).then_some(())
        };
        eventually("a delivery", taken_up).await;
        ballast.maintain_after(SignedDuration::from_hours(2 * round)).await;
    }
    let status = tenant.status(&task).await;
    assert_eq!((&status["status"], &status["failure"]["code"]), (&json!("FAILURE"), &json!("stalled")));
}
