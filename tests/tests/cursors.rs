//! A cursor is good for the list that it came from, and for nothing else.

use e2e::{Ballast, Tenant, VAR_CVAR, requests};

async fn filled(ballast: &Ballast) -> Tenant {
    let tenant = ballast.tenant().await;
    for name in ["A", "B"] {
        tenant.post("/api/v1/portfolios", &requests::stored_portfolio(name)).await.expect(201);
        let task = tenant.submit(VAR_CVAR, &requests::small_var_cvar()).await;
        tenant.ended(&task).await;
    }
    tenant
}

async fn cursor(tenant: &Tenant, list: &str) -> String {
    let page = tenant.get(&format!("{list}limit=1")).await.expect(200).json();
    page["next_cursor"].as_str().expect("a second page").to_owned()
}

#[tokio::test]
async fn a_cursor_of_another_tenant_route_or_filter_is_refused() {
    let ballast = Ballast::start().await;
    let (tenant, other) = (filled(&ballast).await, filled(&ballast).await);
    let portfolios = cursor(&tenant, "/api/v1/portfolios?").await;
    let tasks = cursor(&tenant, "/api/v1/tasks?").await;
    let filtered = cursor(&tenant, "/api/v1/tasks?state=SUCCESS&").await;

    tenant.get(&format!("/api/v1/portfolios?limit=1&cursor={portfolios}")).await.expect(200);
    tenant.get(&format!("/api/v1/tasks?limit=1&cursor={tasks}")).await.expect(200);
    other.get(&format!("/api/v1/portfolios?limit=1&cursor={portfolios}")).await.problem(400);
    other.get(&format!("/api/v1/tasks?limit=1&cursor={tasks}")).await.problem(400);
    for wrong in [
        format!("/api/v1/tasks?cursor={portfolios}"),
        format!("/api/v1/tasks/active?cursor={portfolios}"),
        format!("/api/v1/tasks/active?cursor={tasks}"),
        format!("/api/v1/portfolios?cursor={tasks}"),
        format!("/api/v1/tasks?state=SUCCESS&cursor={tasks}"),
        format!("/api/v1/tasks?cursor={filtered}"),
        format!("/api/v1/tasks?state=FAILURE&cursor={filtered}"),
        format!("/api/v1/tasks?type=risk/var-cvar&state=SUCCESS&cursor={filtered}"),
    ] {
        tenant.get(&wrong).await.problem(400);
    }
}

#[tokio::test]
async fn a_cursor_that_was_tampered_with_is_refused() {
    let ballast = Ballast::start().await;
    let tenant = filled(&ballast).await;
    let good = cursor(&tenant, "/api/v1/portfolios?").await;
    let flip = |at: usize| {
        let mut bytes = good.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    };
    let wrong =
        [flip(0), flip(good.len() / 2), flip(good.len() - 2), good[1..].to_owned(), good[..20].to_owned()];
    for cursor in wrong.iter().map(String::as_str).chain(["", "x", "AAAA", "%00", "../../x"]) {
        tenant.get(&format!("/api/v1/portfolios?cursor={cursor}")).await.problem(400);
    }
}
