//! The chain of audit records: written with every change, and every way of changing it afterwards is found and told apart.

mod checkpoints;
mod records;
mod retention;
mod tampering;

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::{Ballast, Tenant, requests};
use serde_json::Value;

type Item = HashMap<String, AttributeValue>;

async fn report(tenant: &Tenant) -> Value {
    tenant.get("/api/v1/audit/verify").await.data(200)
}

/// The faults as `(kind, from, to)`.
async fn faults(tenant: &Tenant) -> Vec<(String, u64, u64)> {
    let report = report(tenant).await;
    let faults = report["faults"].as_array().unwrap();
    assert_eq!(report["intact"], faults.is_empty());
    let number = |fault: &Value, name: &str| fault[name].as_u64().unwrap();
    let read = |fault: &Value| {
        (fault["kind"].as_str().unwrap().to_owned(), number(fault, "from"), number(fault, "to"))
    };
    faults.iter().map(read).collect()
}

#[track_caller]
fn assert_faults(found: Vec<(String, u64, u64)>, wanted: &[(&str, u64, u64)]) {
    let found: Vec<_> = found.iter().map(|(kind, from, to)| (kind.as_str(), *from, *to)).collect();
    assert_eq!(found, wanted);
}

fn key(seq: u64) -> String {
    format!("{seq:020}")
}

/// A tenant with at least six events.
async fn busy(ballast: &Ballast) -> Tenant {
    let tenant = ballast.tenant().await;
    for number in 0..5 {
        let body = requests::stored_portfolio(&format!("Number {number}"));
        tenant.post("/api/v1/portfolios", &body).await.expect(201);
    }
    tenant
}

async fn last(tenant: &Tenant) -> u64 {
    report(tenant).await["last"].as_u64().unwrap()
}

fn canonical(item: &Item) -> String {
    item["data"].as_m().unwrap()["canonical"].as_s().unwrap().clone()
}

#[tokio::test]
async fn a_tenant_sees_its_own_records_only() {
    let ballast = Ballast::start().await;
    let (tenant, other) = (busy(&ballast).await, ballast.tenant().await);
    let seen = other.get("/api/v1/audit?format=jsonl").await.expect(200);
    assert!(!seen.body.contains(&tenant.id) && !seen.body.contains(&tenant.user_id()), "{}", seen.body);
    let page = tenant.get("/api/v1/audit?limit=1").await.expect(200).json();
    let cursor = page["next_cursor"].as_str().unwrap();
    other.get(&format!("/api/v1/audit?limit=1&cursor={cursor}")).await.problem(400);
}
