//! What was taken away is gone at the next request, in every function.

use std::future::IntoFuture;

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::{Ballast, InProcess, Options, Tables, Tenant, requests};
use jiff::SignedDuration;
use serde_json::json;

/// One route of each function that asks who comes.
const EVERYWHERE: [&str; 4] = ["/api/v1/auth/me", "/api/v1/portfolios", "/api/v1/tasks", "/api/v1/audit"];

async fn everywhere(tenant: &Tenant, status: u16) {
    for route in EVERYWHERE {
        let answer = tenant.get(route).await;
        assert_eq!(answer.status, status, "{route}: {}", answer.body);
    }
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

#[tokio::test]
async fn a_token_after_its_logout() {
    let tenant = Ballast::start().await.tenant().await;
    everywhere(&tenant, 200).await;
    tenant.request("POST", "/api/v1/auth/logout").await.expect(204);
    everywhere(&tenant, 401).await;
}

#[tokio::test]
async fn a_token_of_a_deactivated_user() {
    let Some(ballast) = Tables::start().await else { return };
    let tenant = ballast.tenant().await;
    ballast.set(&tenant, "USER", &tenant.user_id(), "status", text("deactivated")).await;
    everywhere(&tenant, 401).await;
    ballast.set(&tenant, "USER", &tenant.user_id(), "status", text("active")).await;
    everywhere(&tenant, 200).await;
}

#[tokio::test]
async fn a_token_of_a_deleted_user() {
    let Some(ballast) = Tables::start().await else { return };
    let tenant = ballast.tenant().await;
    ballast.delete_item(&tenant, "USER", &tenant.user_id()).await;
    everywhere(&tenant, 401).await;
}

#[tokio::test]
async fn a_token_from_before_all_sessions_were_ended() {
    let Some(ballast) = Tables::start().await else { return };
    let tenant = ballast.tenant().await;
    let epoch = AttributeValue::N("7".to_owned());
    ballast.set(&tenant, "USER", &tenant.user_id(), "session_epoch", epoch).await;
    everywhere(&tenant, 401).await;
}

#[tokio::test]
async fn a_role_that_was_taken_away() {
    let Some(ballast) = Tables::start().await else { return };
    let tenant = ballast.tenant().await;
    let body = requests::stored_portfolio("Mine");
    tenant.post("/api/v1/portfolios", &body).await.expect(201);
    ballast.set_roles(&tenant, &["viewer"]).await;
    assert_eq!(tenant.post("/api/v1/portfolios", &body).await.problem(403).kind(), "forbidden");
    tenant.get("/api/v1/audit").await.problem(403);
    tenant.get("/api/v1/portfolios").await.expect(200);
    ballast.set_roles(&tenant, &[]).await;
    everywhere(&tenant, 403).await;
    ballast.set_roles(&tenant, &["manager"]).await;
    tenant.post("/api/v1/portfolios", &body).await.expect(201);
    everywhere(&tenant, 200).await;
}

#[tokio::test]
async fn a_suspended_tenant_and_the_way_back() {
    let Some(ballast) = InProcess::start(Options::default().manual_clock()).await else { return };
    let (platform, tenant) = (ballast.tenant().await, ballast.tenant().await);
    let path = format!("/api/v1/platform/tenants/{}", tenant.id);
    let reason = "Ticket 4711: not paid for";
    let ask = async |who: &Tenant, verb: &str| {
        who.request("POST", &format!("{path}/{verb}")).header("x-audit-reason", reason).await
    };
    ask(&platform, "suspend").await.problem(403);
    ballast.make_super_admin(&platform).await;
    platform.request("POST", &format!("{path}/suspend")).await.problem(400);
    assert_eq!(ask(&platform, "suspend").await.data(200)["status"], "suspended");
    for route in EVERYWHERE {
        assert_eq!(tenant.get(route).await.problem(403).kind(), "tenant-suspended", "{route}");
    }
    // A refresh meanwhile is refused, and uses nothing up.
    let refresh = json!({"refresh_token": tenant.refresh_token});
    let refresh = || tenant.without_token().post("/api/v1/auth/refresh", &refresh).into_future();
    for _ in 0..2 {
        assert_eq!(refresh().await.problem(403).kind(), "tenant-suspended");
        ballast.advance(SignedDuration::from_mins(1));
    }
    assert_eq!(ask(&platform, "reactivate").await.data(200)["status"], "active");
    everywhere(&tenant, 200).await;
    refresh().await.expect(200);
    // Both tenants can see that somebody came, and why.
    for action in ["tenant.suspended", "tenant.reactivated"] {
        for client in [&platform, &tenant] {
            let events = client.get(&format!("/api/v1/audit?action={action}")).await.data(200);
            assert_eq!(events.as_array().unwrap().len(), 1, "{action}");
            assert_eq!(events[0]["reason"], reason);
            assert_eq!(events[0]["target"]["id"], tenant.id);
        }
    }
    platform
        .request("POST", &format!("/api/v1/platform/tenants/{}/suspend", platform.id))
        .header("x-audit-reason", reason)
        .await
        .problem(409);
}

#[tokio::test]
async fn super_admin_sees_tenants_and_nothing_in_them() {
    let Some(ballast) = Tables::start().await else { return };
    let (platform, tenant) = (ballast.tenant().await, ballast.tenant().await);
    let portfolio = tenant.post("/api/v1/portfolios", &requests::stored_portfolio("Mine")).await.data(201);
    platform.get("/api/v1/platform/tenants").header("x-audit-reason", "A look around").await.problem(403);
    ballast.make_super_admin(&platform).await;
    platform.get("/api/v1/platform/tenants").await.problem(400);
    let all =
        platform.get("/api/v1/platform/tenants").header("x-audit-reason", "A look around").await.data(200);
    assert!(all.as_array().unwrap().iter().any(|one| one["id"] == tenant.id), "{all}");
    let id = portfolio["id"].as_str().unwrap();
    platform.get(&format!("/api/v1/portfolios/{id}")).await.problem(404);
    let path = format!("/api/v1/platform/tenants/{}", tenant.id);
    let seen = platform.get(&path).header("x-audit-reason", "Ticket 4712").await.expect(200);
    assert!(!seen.body.contains("Mine") && !seen.body.contains(&tenant.email), "{}", seen.body);
    let events = tenant.get("/api/v1/audit?action=tenant.inspected").await.data(200);
    assert_eq!(events[0]["reason"], "Ticket 4712");
}

#[tokio::test]
async fn a_task_belongs_to_who_asked_for_it() {
    let Some(ballast) = Tables::start().await else { return };
    let tenant = ballast.tenant().await;
    let task = tenant.submit(e2e::VAR_CVAR, &requests::small_var_cvar()).await;
    tenant.ended(&task).await;
    let path = format!("/api/v1/tasks/{task}");
    // Somebody else's, as far as anybody can tell.
    let stranger = text("usr_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN");
    ballast.set(&tenant, "TASK", &task, "created_by", stranger).await;
    for (role, status) in [("user", 403), ("trader", 403), ("manager", 403), ("admin", 409)] {
        ballast.set_roles(&tenant, &[role]).await;
        let answer = tenant.delete(&path).await;
        assert_eq!(answer.status, status, "{role}: {}", answer.body);
        tenant.get(&format!("{path}/status")).await.expect(200);
    }
    ballast.set(&tenant, "TASK", &task, "created_by", text(&tenant.user_id())).await;
    ballast.set_roles(&tenant, &["user"]).await;
    assert_eq!(tenant.delete(&path).await.problem(409).kind(), "conflict", "one's own, but ended");
}
