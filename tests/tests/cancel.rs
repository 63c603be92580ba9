//! Cancelling tasks.

use e2e::{Ballast, InProcess, MONTE_CARLO, Options, Queue, VAR_CVAR, eventually, requests};
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_long_task_is_cancelled_half_way_and_stays_so() {
    let Some(ballast) = InProcess::start(Options::default().work_per_shard(20_000_000)).await else { return };
    let tenant = ballast.tenant().await;
    let request = json!({
        "portfolio_data": requests::small_portfolio(), "num_simulations": 2_000_000, "time_horizon": 252
    });
    let task = tenant.submit(MONTE_CARLO, &request).await;
    let under_way = eventually("a shard that is done", || async {
        Some(tenant.status(&task).await).filter(|status| status["progress"]["done"].as_u64() > Some(0))
    });
    let under_way = under_way.await;
    assert_eq!((&under_way["status"], &under_way["progress"]["total"]), (&json!("STARTED"), &json!(76)));

    let revoked = tenant.delete(&format!("/api/v1/tasks/{task}")).await.data(200);
    assert_eq!(revoked["status"], "REVOKED");
    let finished_at = revoked["finished_at"].clone();
    assert!(finished_at.is_string());
    ballast.drained(Queue::RISK).await;
    let status = tenant.status(&task).await;
    assert_eq!((&status["status"], &status["finished_at"]), (&json!("REVOKED"), &finished_at));
    assert!(status["progress"]["done"].as_u64() < Some(76), "workers stop before their next part: {status}");
    let problem = tenant.get(&format!("/api/v1/tasks/{task}/result")).await.problem(409);
    assert_eq!(problem.kind(), "task-revoked");
    tenant.delete(&format!("/api/v1/tasks/{task}")).await.problem(409);
}

#[tokio::test]
async fn a_task_that_waits_is_cancelled_and_never_starts() {
    let Some(ballast) = InProcess::start(Options::default().without_queue()).await else { return };
    let tenant = ballast.tenant().await;
    let task = tenant.submit(VAR_CVAR, &requests::small_var_cvar()).await;
    tenant.delete(&format!("/api/v1/tasks/{task}")).await.expect(200);
    ballast.maintain_after(SignedDuration::from_hours(48)).await;
    ballast.drained(Queue::RISK).await;
    let status = tenant.status(&task).await;
    assert_eq!((&status["status"], &status["started_at"]), (&json!("REVOKED"), &json!(null)));
}

#[tokio::test]
async fn a_task_that_has_ended_can_not_be_cancelled() {
    let tenant = Ballast::start().await.tenant().await;
    let task = tenant.submit(VAR_CVAR, &requests::small_var_cvar()).await;
    let before = tenant.ended(&task).await;
    let problem = tenant.delete(&format!("/api/v1/tasks/{task}")).await.problem(409);
    assert!(problem.detail().contains("SUCCESS"), "{}", problem.detail());
    assert_eq!(tenant.status(&task).await, before, "nothing changed");
    tenant.get(&format!("/api/v1/tasks/{task}/result")).await.expect(200);
}
