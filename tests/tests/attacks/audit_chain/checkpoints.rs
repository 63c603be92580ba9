//! What the checkpoints outside of the table find.

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::{InProcess, Options, requests};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{assert_faults, busy, faults, key, last, report};

/// What an insider can do who writes the table and has no key: take what came last, and put back a head of before.
#[tokio::test]
async fn a_chain_that_was_set_back_behind_its_checkpoint_is_found() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = busy(&ballast).await;
    assert_eq!(report(&tenant).await["checkpoint"], Value::Null);
    let (head, end) = (ballast.item(&tenant, "AUDIT-HEAD", "HEAD").await, last(&tenant).await);
    let add = async |name: &str| {
        tenant.post("/api/v1/portfolios", &requests::stored_portfolio(name)).await.expect(201);
    };
    add("To be hidden").await;
    add("To be hidden as well").await;
    ballast.maintain_after(SignedDuration::from_hours(2)).await;
    assert_eq!(report(&tenant).await["checkpoint"], end + 2);
    for seq in [end + 1, end + 2] {
        ballast.delete_item(&tenant, "AUDIT", &key(seq)).await;
    }
    ballast.put_item(head).await;
    assert_faults(faults(&tenant).await, &[("rolled_back", end + 1, end + 2)]);
    let resumed = tenant.get(&format!("/api/v1/audit/verify?after={}", end + 1)).await.data(200);
    assert_eq!(resumed["intact"], false, "{resumed}");
    // The chain goes on, and is as long as before, and longer; no new checkpoint covers that up.
    for name in ["One", "Two", "Three"] {
        add(name).await;
    }
    assert_faults(faults(&tenant).await, &[("rolled_back", end + 2, end + 2)]);
    ballast.maintain_in_vain_after(SignedDuration::from_hours(4)).await;
    let report = report(&tenant).await;
    assert_eq!((&report["checkpoint"], &report["fault_count"]), (&json!(end + 2), &json!(1)));
}

#[tokio::test]
async fn a_chain_that_is_gone_as_a_whole_is_found() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = busy(&ballast).await;
    ballast.maintain_after(SignedDuration::from_hours(2)).await;
    let end = last(&tenant).await;
    for seq in 1..=end {
        ballast.delete_item(&tenant, "AUDIT", &key(seq)).await;
    }
    ballast.delete_item(&tenant, "AUDIT-HEAD", "HEAD").await;
    ballast.delete_item(&tenant, "AUDIT-ANCHOR", "ANCHOR").await;
    assert_faults(faults(&tenant).await, &[("rolled_back", 0, 0), ("rolled_back", 1, end)]);
}

#[tokio::test]
async fn a_checkpoint_covers_what_came_since_the_one_before_and_no_more() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = busy(&ballast).await;
    ballast.maintain_after(SignedDuration::from_hours(2)).await;
    let first = last(&tenant).await;
    tenant.post("/api/v1/portfolios", &requests::stored_portfolio("Later")).await.expect(201);
    ballast.maintain_after(SignedDuration::from_hours(2)).await;
    assert_eq!(report(&tenant).await["checkpoint"], first, "not due yet");
    ballast.maintain_after(SignedDuration::from_hours(4)).await;
    assert_eq!(report(&tenant).await["checkpoint"], first + 1);
    ballast.maintain_after(SignedDuration::from_hours(6)).await;
    assert_faults(faults(&tenant).await, &[]);
    assert_eq!(ballast.checkpoints(&tenant).await.len(), 2, "none for a chain that has not grown");
    // One that nobody of ours has made.
    ballast.put_checkpoint(&tenant, 0, "{}").await;
    assert_faults(faults(&tenant).await, &[("checkpoint_lost", 0, 0)]);
    ballast.maintain_in_vain_after(SignedDuration::from_hours(8)).await;
}

/// The others' chains are looked after all the same, and the alarm is raised again as long as it is so.
#[tokio::test]
async fn a_chain_in_doubt_makes_way_and_is_not_forgotten() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let (tenant, other) = (busy(&ballast).await, busy(&ballast).await);
    ballast.set(&tenant, "AUDIT-ANCHOR", "ANCHOR", "revision", AttributeValue::N("9".to_owned())).await;
    let sealed = ballast.item(&tenant, "AUDIT-ANCHOR", "ANCHOR").await;
    ballast.maintain_in_vain_after(SignedDuration::from_mins(120)).await;
    assert_eq!(report(&other).await["checkpoint"], last(&other).await);
    let postponed = ballast.item(&tenant, "AUDIT-ANCHOR", "ANCHOR").await;
    assert_eq!(
        (&postponed["data"], &postponed["version"]),
        (&sealed["data"], &sealed["version"]),
        "nothing is sealed anew"
    );
    ballast.maintain_after(SignedDuration::from_mins(121)).await;
    ballast.maintain_in_vain_after(SignedDuration::from_mins(181)).await;
    // One that nobody can read is none the less missed.
    ballast.set(&tenant, "AUDIT-ANCHOR", "ANCHOR", "link", AttributeValue::Bool(true)).await;
    for minutes in [242, 303] {
        let add = other.post("/api/v1/portfolios", &requests::stored_portfolio("Another"));
        add.await.expect(201);
        ballast.maintain_in_vain_after(SignedDuration::from_mins(minutes)).await;
        assert_eq!(report(&other).await["checkpoint"], last(&other).await);
    }
}
