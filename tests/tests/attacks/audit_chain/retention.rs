//! What is let go after its time, and what is not.

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::{InProcess, Options, requests};
use jiff::SignedDuration;
use serde_json::json;

use super::{assert_faults, busy, canonical, faults, key, last, report};

#[tokio::test]
async fn what_was_kept_for_its_time_is_let_go_and_not_missed() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = busy(&ballast).await;
    assert_eq!(tenant.get("/api/v1/audit/retention").await.data(200)["days"], 2555);
    for days in [0, 89, 36_501] {
        let answer = tenant.put("/api/v1/audit/retention", &json!({"days": days})).await;
        assert_eq!(answer.problem(422).pointers(), ["/days"]);
    }
    tenant.put("/api/v1/audit/retention", &json!({"days": 90})).await.expect(200);
    let before = last(&tenant).await;
    ballast.maintain_after(SignedDuration::from_hours(24 * 30)).await;
    assert_eq!(report(&tenant).await["first"], 1, "too young");
    ballast.maintain_after(SignedDuration::from_hours(24 * 91)).await;
    let report = report(&tenant).await;
    assert_eq!(report["intact"], true, "{report}");
    assert_eq!((report["first"].as_u64(), report["last"].as_u64()), (Some(before + 1), Some(before + 1)));
    let events = tenant.get("/api/v1/audit").await.data(200);
    assert_eq!(events.as_array().unwrap().len(), 1);
    assert_eq!((&events[0]["action"], &events[0]["actor"]), (&json!("audit.pruned"), &json!("system")));
    tenant.post("/api/v1/portfolios", &requests::stored_portfolio("Later")).await.expect(201);
    assert_faults(faults(&tenant).await, &[]);
    ballast.delete_item(&tenant, "AUDIT", &key(before + 1)).await;
    assert_faults(faults(&tenant).await, &[("removed", before + 1, before + 1)]);
}

#[tokio::test]
async fn a_shorter_retention_that_nobody_chose_lets_nothing_go() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = busy(&ballast).await;
    let anchor = ballast.item(&tenant, "AUDIT-ANCHOR", "ANCHOR").await;
    for (field, value) in [("retention_days", "0"), ("revision", "9")] {
        ballast.put_item(anchor.clone()).await;
        let value = AttributeValue::N(value.to_owned());
        ballast.set(&tenant, "AUDIT-ANCHOR", "ANCHOR", field, value).await;
        ballast.maintain_in_vain_after(SignedDuration::from_hours(2)).await;
        assert!(ballast.has_item(&tenant, "AUDIT", &key(1)).await, "{field}");
        assert_faults(faults(&tenant).await, &[("anchor_lost", 0, 0)]);
        tenant.put("/api/v1/audit/retention", &json!({"days": 90})).await.problem(409);
    }
    ballast.put_item(anchor).await;
    ballast.maintain_after(SignedDuration::from_hours(2)).await;
    assert_faults(faults(&tenant).await, &[]);
}

#[tokio::test]
async fn records_that_are_not_what_was_written_are_not_let_go() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = busy(&ballast).await;
    tenant.put("/api/v1/audit/retention", &json!({"days": 90})).await.expect(200);
    let (record, end) = (ballast.item(&tenant, "AUDIT", &key(2)).await, last(&tenant).await);
    let at = canonical(&record).split("\"at\":\"").nth(1).unwrap()[..4].to_owned();
    let aged = canonical(&record).replace(&format!("\"at\":\"{at}"), "\"at\":\"1999");
    ballast.set(&tenant, "AUDIT", &key(2), "canonical", AttributeValue::S(aged)).await;
    for hours in [2, 24 * 91] {
        ballast.maintain_in_vain_after(SignedDuration::from_hours(hours)).await;
    }
    assert_faults(faults(&tenant).await, &[("edited", 2, 2)]);
    let report = report(&tenant).await;
    assert_eq!((report["first"].as_u64(), report["last"].as_u64()), (Some(1), Some(end)));
    // In order again, it is let go.
    ballast.put_item(record).await;
    ballast.maintain_after(SignedDuration::from_hours(24 * 92)).await;
    assert_faults(faults(&tenant).await, &[]);
    assert!(!ballast.has_item(&tenant, "AUDIT", &key(2)).await);
}

#[tokio::test]
async fn an_older_retention_that_was_put_back_lets_nothing_go() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = busy(&ballast).await;
    tenant.put("/api/v1/audit/retention", &json!({"days": 90})).await.expect(200);
    let short = ballast.item(&tenant, "AUDIT-ANCHOR", "ANCHOR").await;
    tenant.put("/api/v1/audit/retention", &json!({"days": 36500})).await.expect(200);
    ballast.maintain_after(SignedDuration::from_hours(2)).await;
    ballast.put_item(short).await;
    assert_faults(faults(&tenant).await, &[("rolled_back", 0, 0)]);
    ballast.maintain_in_vain_after(SignedDuration::from_hours(24 * 91)).await;
    assert!(ballast.has_item(&tenant, "AUDIT", &key(1)).await);
}

#[tokio::test]
async fn a_stolen_token_shortens_no_retention() {
    let Some(ballast) = InProcess::start(Options::default().manual_clock()).await else { return };
    let tenant = ballast.tenant().await;
    ballast.advance(SignedDuration::from_mins(11));
    let refused = tenant.put("/api/v1/audit/retention", &json!({"days": 90})).await.problem(401);
    assert_eq!(refused.kind(), "insufficient-user-authentication");
    tenant.get("/api/v1/audit/retention").await.expect(200);
}
