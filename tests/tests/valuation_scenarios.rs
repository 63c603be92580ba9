//! Scenarios: several in one call, compared in one table, never overwritten unseen.

use e2e::{
    Ballast, Client,
    requests::with,
    valuation::{SCENARIOS, run, scenario},
};
use futures::future::join_all;
use serde_json::{Value, json};

async fn create(client: &Client, scenarios: Vec<Value>) -> Vec<Value> {
    let created = client.post(SCENARIOS, &json!({ "scenarios": scenarios })).await.data(201);
    created.as_array().unwrap().clone()
}

fn path(scenario: &Value) -> String {
    format!("{SCENARIOS}/{}", scenario["id"].as_str().unwrap())
}

#[tokio::test]
async fn scenarios_are_kept_together_and_compared_in_one_table() {
    let tenant = Ballast::start().await.tenant().await;
    let bear = with(scenario("Bear"), "/inputs/wacc", json!(0.1));
    let other = with(scenario("Other"), "/inputs/ticker", json!("MSFT"));
    let created = create(&tenant, vec![scenario("Base"), bear, other]).await;
    assert_eq!((&created[0]["name"], &created[0]["etag"]), (&json!("Base"), &json!("\"v1\"")));
    let listed = tenant.get(&format!("{SCENARIOS}?ticker=AAPL&limit=1")).await.expect(200).json();
    assert_eq!(listed["data"].as_array().unwrap().len(), 1);
    assert!(listed["next_cursor"].is_string());
    assert_eq!(tenant.get(SCENARIOS).await.data(200).as_array().unwrap().len(), 3);

    let table = tenant.get(&format!("{SCENARIOS}/compare?ticker=aapl")).await.data(200);
    let rows = table["rows"].as_array().unwrap();
    let names: Vec<_> = rows.iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 2);
    let base = rows.iter().find(|row| row["name"] == "Base").unwrap();
    let run = tenant.run(&run()).await;
    assert_eq!(base["figures"], run["figures"]);
    assert_eq!(base["gordon_value_per_share"], run["result"]["valuation"]["value_per_share"]);
    let bear = rows.iter().find(|row| row["name"] == "Bear").unwrap();
    assert!(bear["gordon_value_per_share"].as_f64() < base["gordon_value_per_share"].as_f64());
    let empty = tenant.get(&format!("{SCENARIOS}/compare?ticker=NONE")).await.data(200);
    assert_eq!((&empty["rows"], &empty["more"]), (&json!([]), &json!(false)));
    for query in ["", "?ticker=a%2Fb", "?ticker=AAPL&x=1"] {
        tenant.get(&format!("{SCENARIOS}/compare{query}")).await.problem(400);
    }
}

#[tokio::test]
async fn a_change_says_which_version_it_was_made_from() {
    let tenant = Ballast::start().await.tenant().await;
    let created = create(&tenant, vec![scenario("One")]).await;
    let path = path(&created[0]);
    assert_eq!(tenant.put(&path, &scenario("Two")).await.problem(428).kind(), "precondition-required");
    tenant.put(&path, &scenario("Two")).header("if-match", "*").await.problem(428);
    tenant.delete(&path).await.problem(428);
    let replaced = tenant.put(&path, &scenario("Two")).header("if-match", "\"v1\"").await.expect(200);
    assert_eq!(replaced.header("etag"), "\"v2\"");
    assert_eq!(replaced.data(200)["name"], "Two");
    for stale in ["\"v1\"", "\"v3\"", "v2", "W/\"v2\""] {
        tenant.put(&path, &scenario("Lost")).header("if-match", stale).await.problem(412);
        tenant.delete(&path).header("if-match", stale).await.problem(412);
    }
    let writes =
        (0..5).map(|writer| {
            let (tenant, path) = (&tenant, &path);
            async move {
                tenant.put(path, &scenario(&format!("{writer}"))).header("if-match", "\"v2\"").await.status
            }
        });
    let mut statuses = join_all(writes).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412, 412, 412], "of writers with the same version one wins");
    tenant.delete(&path).header("if-match", "\"v3\"").await.expect(204);
    tenant.put(&path, &scenario("Gone")).header("if-match", "\"v3\"").await.problem(404);
    tenant.delete(&path).header("if-match", "\"v3\"").await.problem(404);
}

#[tokio::test]
async fn a_table_tells_that_there_are_more() {
    let tenant = Ballast::start().await.tenant().await;
    for _ in 0..5 {
        create(&tenant, (0..21).map(|_| scenario("Many")).collect()).await;
    }
    let table = tenant.get(&format!("{SCENARIOS}/compare?ticker=AAPL")).await.data(200);
    assert_eq!((table["rows"].as_array().unwrap().len(), &table["more"]), (100, &json!(true)));
}

#[tokio::test]
async fn a_scenario_that_can_not_be_valued_is_refused() {
    let tenant = Ballast::start().await.tenant().await;
    // Each figure is within its range; the value a share is beyond any amount of money.
    let beyond = with(
        with(scenario("Beyond"), "/inputs/revenue", json!("999999999999999")),
        "/inputs/shares",
        json!("0.000000000000001"),
    );
    let refused = tenant.post(SCENARIOS, &json!({"scenarios": [scenario("Base"), beyond.clone()]})).await;
    assert_eq!(refused.problem(422).pointers(), ["/scenarios/1/inputs"]);
    assert_eq!(tenant.get(SCENARIOS).await.data(200), json!([]));
    let kept = create(&tenant, vec![scenario("Base")]).await;
    let put = tenant.put(&path(&kept[0]), &beyond).header("if-match", "\"v1\"").await;
    assert_eq!(put.problem(422).pointers(), ["/inputs"]);
}

#[tokio::test]
async fn one_bad_scenario_refuses_them_all() {
    let tenant = Ballast::start().await.tenant().await;
    let bad = with(with(scenario(""), "/inputs/wacc", json!(9)), "/inputs/revenue", json!(0));
    let body = json!({"scenarios": [scenario("Good"), bad]});
    let problem = tenant.post(SCENARIOS, &body).await.problem(422);
    let pointers = ["/scenarios/1/name", "/scenarios/1/inputs/revenue", "/scenarios/1/inputs/wacc"];
    assert_eq!(problem.pointers(), pointers);
    for count in [0, 26] {
        let body = json!({"scenarios": vec![scenario("x"); count]});
        assert_eq!(tenant.post(SCENARIOS, &body).await.problem(422).pointers(), ["/scenarios"]);
    }
    assert_eq!(tenant.get(SCENARIOS).await.data(200), json!([]), "nothing was kept");
    assert_eq!(create(&tenant, vec![scenario("x"); 25]).await.len(), 25);
}
