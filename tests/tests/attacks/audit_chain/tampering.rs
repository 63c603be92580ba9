//! Records, heads and branches that were bent in the table.

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::{InProcess, Options, Tables, requests};
use serde_json::json;

use super::{assert_faults, busy, canonical, faults, key, last};

#[tokio::test]
async fn an_edited_record_is_found() {
    let Some(ballast) = Tables::start().await else { return };
    let tenant = busy(&ballast).await;
    let record = ballast.item(&tenant, "AUDIT", &key(3)).await;
    let edited = canonical(&record).replace("portfolio.created", "portfolio.deleted");
    ballast.set(&tenant, "AUDIT", &key(3), "canonical", AttributeValue::S(edited)).await;
    assert_faults(faults(&tenant).await, &[("edited", 3, 3)]);
    ballast.set(&tenant, "AUDIT", &key(3), "canonical", AttributeValue::Bool(true)).await;
    assert_faults(faults(&tenant).await, &[("edited", 3, 3)]);
    ballast.put_item(record).await;
    assert_faults(faults(&tenant).await, &[]);
    ballast.set(&tenant, "AUDIT", &key(4), "mac", AttributeValue::S("0".repeat(64))).await;
    assert_faults(faults(&tenant).await, &[("edited", 4, 4)]);
}

#[tokio::test]
async fn a_removed_record_is_found() {
    let Some(ballast) = Tables::start().await else { return };
    let tenant = busy(&ballast).await;
    for seq in [2, 4, 5] {
        ballast.delete_item(&tenant, "AUDIT", &key(seq)).await;
    }
    assert_faults(faults(&tenant).await, &[("removed", 2, 2), ("removed", 4, 5)]);
}

#[tokio::test]
async fn a_cut_off_end_is_found() {
    let Some(ballast) = Tables::start().await else { return };
    let tenant = busy(&ballast).await;
    let end = last(&tenant).await;
    for seq in [end - 1, end] {
        ballast.delete_item(&tenant, "AUDIT", &key(seq)).await;
    }
    assert_faults(faults(&tenant).await, &[("truncated", end - 1, end)]);
}

#[tokio::test]
async fn a_head_that_was_set_back_is_found() {
    let Some(ballast) = Tables::start().await else { return };
    let tenant = busy(&ballast).await;
    let (head, end) = (ballast.item(&tenant, "AUDIT-HEAD", "HEAD").await, last(&tenant).await);
    let body = requests::stored_portfolio("To be hidden");
    tenant.post("/api/v1/portfolios", &body).await.expect(201);
    ballast.put_item(head).await;
    assert_faults(faults(&tenant).await, &[("forked", end + 1, end + 1)]);
    // To hide the record it would have to be deleted as well: then the kept number and tag differ from the chain's.
    ballast.delete_item(&tenant, "AUDIT-HEAD", "HEAD").await;
    assert_faults(faults(&tenant).await, &[("head_lost", end + 1, end + 1)]);
}

#[tokio::test]
async fn a_record_of_another_tenant_is_found() {
    let Some(ballast) = Tables::start().await else { return };
    let (tenant, other) = (busy(&ballast).await, busy(&ballast).await);
    let mut foreign = ballast.item(&other, "AUDIT", &key(3)).await;
    let own = ballast.item(&tenant, "AUDIT", &key(3)).await;
    foreign.insert("pk".to_owned(), own["pk"].clone());
    ballast.put_item(foreign).await;
    assert_faults(faults(&tenant).await, &[("misplaced", 3, 3)]);
    // Two records in each other's places.
    let (mut two, mut three) = (ballast.item(&tenant, "AUDIT", &key(2)).await, own);
    let place = two["sk"].clone();
    two.insert("sk".to_owned(), three["sk"].clone());
    three.insert("sk".to_owned(), place);
    ballast.put_item(two).await;
    ballast.put_item(three).await;
    assert_faults(faults(&tenant).await, &[("misplaced", 2, 2), ("misplaced", 3, 3)]);
}

#[tokio::test]
async fn a_branch_in_place_of_what_happened_is_found() {
    let Some(ballast) = Tables::start().await else { return };
    let tenant = busy(&ballast).await;
    // What an attacker with the table, but not the key, can do: have us write another branch, and mix both.
    let end = last(&tenant).await;
    let before = ballast.item(&tenant, "AUDIT-HEAD", "HEAD").await;
    tenant.post("/api/v1/portfolios", &requests::stored_portfolio("One")).await.expect(201);
    let hidden = ballast.item(&tenant, "AUDIT", &key(end + 1)).await;
    ballast.delete_item(&tenant, "AUDIT", &key(end + 1)).await;
    ballast.put_item(before).await;
    for name in ["Two", "Three"] {
        tenant.post("/api/v1/portfolios", &requests::stored_portfolio(name)).await.expect(201);
    }
    assert_faults(faults(&tenant).await, &[]);
    ballast.put_item(hidden).await;
    assert_faults(faults(&tenant).await, &[("forked", end + 2, end + 2)]);
}

#[tokio::test]
async fn a_key_that_is_not_there_is_told_from_an_edit() {
    let data = tempfile::tempdir().unwrap();
    let old = format!("1:{}", "a".repeat(64));
    let options = |keys: &str| Options::default().data(data.path()).variable("AUDIT_KEYS", keys);
    let Some(ballast) = InProcess::start(options(&old)).await else { return };
    let tenant = busy(&ballast).await;
    let (email, count) = (tenant.email.clone(), last(&tenant).await);
    drop(tenant);
    ballast.shutdown().await;

    let login = json!({"email": email, "password": e2e::PASSWORD});
    let enter = async |ballast: &InProcess| {
        let tokens = ballast.visitor().post("/api/v1/auth/login", &login).await.data(200);
        ballast.visitor().with_token(tokens["access_token"].as_str().unwrap())
    };
    // Rotated: the new key writes, the old one still proves what is old.
    let both = format!("{old},2:{}", "b".repeat(64));
    let ballast = InProcess::start(options(&both)).await.unwrap();
    let client = enter(&ballast).await;
    client.post("/api/v1/portfolios", &requests::stored_portfolio("New key")).await.expect(201);
    let report = client.get("/api/v1/audit/verify").await.data(200);
    assert_eq!(report["intact"], true, "{report}");
    drop(client);
    ballast.shutdown().await;

    // The old key was lost.
    let ballast = InProcess::start(options(&format!("2:{}", "b".repeat(64)))).await.unwrap();
    let client = enter(&ballast).await;
    let report = client.get("/api/v1/audit/verify").await.data(200);
    let faults = report["faults"].as_array().unwrap();
    assert!(faults.iter().all(|fault| fault["kind"] == "unknown_key"), "{report}");
    assert_eq!(
        report["fault_count"].as_u64().unwrap(),
        count + 1,
        "the old records and the anchor: {report}"
    );
    drop(client);
    ballast.shutdown().await;
}
