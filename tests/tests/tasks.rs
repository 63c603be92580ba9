//! Tasks: followed, listed, and ended without a result.

use e2e::{Ballast, InProcess, MONTE_CARLO, Options, VAR_CVAR, requests};
use serde_json::{Value, json};

#[tokio::test]
async fn a_task_is_accepted_followed_and_fetched() {
    let tenant = Ballast::start().await.tenant().await;
    let accepted = tenant.post(MONTE_CARLO, &requests::small_simulation()).await.expect(202);
    let (location, retry_after) =
        (accepted.header("location").to_owned(), accepted.header("retry-after").to_owned());
    let submitted = accepted.data(202);
    let task = submitted["task_id"].as_str().unwrap();
    assert!(task.starts_with("tsk_"), "{task}");
    assert_eq!(location, format!("/api/v1/tasks/{task}/status"));
    assert_eq!((retry_after.as_str(), &submitted["status"]), ("1", &json!("PENDING")));

    let status = tenant.ended(task).await;
    assert_eq!((&status["task_id"], &status["type"]), (&json!(task), &json!("risk/monte-carlo")));
    assert_eq!(
        (&status["status"], &status["progress"]),
        (&json!("SUCCESS"), &json!({"done": 1, "total": 1}))
    );
    assert!(status["created_by"].as_str().unwrap().starts_with("usr_"));
    let times = ["created_at", "started_at", "finished_at"].map(|name| status[name].as_str().unwrap());
    assert!(times.iter().all(|time| time.ends_with('Z')), "{times:?}");
    assert!(times.map(|time| time.parse::<jiff::Timestamp>().unwrap()).is_sorted(), "{times:?}");

    let result = tenant.get(&format!("/api/v1/tasks/{task}/result")).await.data(200);
    assert_eq!((&result["task_id"], &result["status"]), (&json!(task), &json!("SUCCESS")));
    assert!(result["result"]["statistics"]["mean"].is_number());
}

#[tokio::test]
async fn progress_counts_the_shards() {
    let Some(ballast) = InProcess::start(Options::default().work_per_shard(2_000)).await else { return };
    let tenant = ballast.tenant().await;
    let task = tenant.submit(MONTE_CARLO, &requests::small_simulation()).await;
    assert_eq!(tenant.ended(&task).await["progress"], json!({"done": 8, "total": 8}));
}

#[tokio::test]
async fn before_the_end_there_is_no_result_and_a_hint_when_to_ask_again() {
    let Some(ballast) = InProcess::start(Options::default().without_queue()).await else { return };
    let tenant = ballast.tenant().await;
    let task = tenant.submit(VAR_CVAR, &requests::small_var_cvar()).await;
    let answer = tenant.get(&format!("/api/v1/tasks/{task}/result")).await.expect(409);
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(answer.problem(409).kind(), "task-not-ended");

    let path = format!("/api/v1/tasks/{task}/status");
    let status = tenant.get(&path).header("prefer", "wait=1").await.data(200);
    assert_eq!(
        (&status["status"], &status["progress"]),
        (&json!("PENDING"), &json!({"done": 0, "total": 1}))
    );
    assert_eq!((&status["started_at"], &status["finished_at"]), (&Value::Null, &Value::Null));
    for preference in ["wait=x", "wait=-1", "respond-async", ""] {
        assert_eq!(tenant.get(&path).header("prefer", preference).await.data(200)["status"], "PENDING");
    }
}

#[tokio::test]
async fn a_task_that_can_not_be_computed_fails_and_says_why() {
    let tenant = Ballast::start().await.tenant().await;
    let request = json!({
        "portfolio_data": {"weights": [1.0], "historical_returns": [[99.0], [100.0], [98.0]]},
        "time_horizon": 2520, "num_simulations": 100
    });
    let task = tenant.submit(MONTE_CARLO, &request).await;
    let status = tenant.ended(&task).await;
    assert_eq!(
        (&status["status"], &status["failure"]["code"]),
        (&json!("FAILURE"), &json!("not-computable"))
    );
    assert!(status["finished_at"].is_string());
    let problem = tenant.get(&format!("/api/v1/tasks/{task}/result")).await.problem(409);
    assert_eq!(problem.kind(), "task-failed");
    assert!(problem.detail().contains(status["failure"]["detail"].as_str().unwrap()));
}

#[tokio::test]
async fn the_history_is_filtered_by_type_and_state() {
    let tenant = Ballast::start().await.tenant().await;
    assert_eq!(
        tenant.get("/api/v1/tasks").await.expect(200).json(),
        json!({"data": [], "next_cursor": null})
    );
    let mut simulations = Vec::new();
    for _ in 0..3 {
        simulations.insert(0, tenant.submit(MONTE_CARLO, &requests::small_simulation()).await);
    }
    let var_cvar = tenant.submit(VAR_CVAR, &requests::small_var_cvar()).await;
    for task in simulations.iter().chain([&var_cvar]) {
        tenant.ended(task).await;
    }
    let ids = async |query: &str| {
        let list = tenant.get(&format!("/api/v1/tasks?{query}")).await.data(200);
        let tasks = list.as_array().unwrap().iter();
        tasks.map(|task| task["task_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids("type=risk/monte-carlo").await, simulations);
    assert_eq!(ids("type=risk/var-cvar&state=SUCCESS").await, [var_cvar.as_str()]);
    assert_eq!(ids("state=SUCCESS").await.len(), 4);
    assert!(ids("state=FAILURE").await.is_empty());
    assert_eq!(tenant.task_ids().await, [&[var_cvar], &simulations[..]].concat(), "the newest first");
    for query in ["state=DONE", "type=risk", "limit=0", "status=SUCCESS"] {
        tenant.get(&format!("/api/v1/tasks?{query}")).await.problem(400);
    }
}

#[tokio::test]
async fn a_filtered_history_comes_in_pages() {
    let tenant = Ballast::start().await.tenant().await;
    for _ in 0..3 {
        let (one, other) = (
            tenant.submit(MONTE_CARLO, &requests::small_simulation()).await,
            tenant.submit(VAR_CVAR, &requests::small_var_cvar()).await,
        );
        tenant.ended(&one).await;
        tenant.ended(&other).await;
    }
    let (mut seen, mut cursor) = (0, String::new());
    loop {
        let page =
            tenant.get(&format!("/api/v1/tasks?type=risk/var-cvar&limit=2{cursor}")).await.expect(200).json();
        let tasks = page["data"].as_array().unwrap();
        assert!(tasks.len() <= 2 && tasks.iter().all(|task| task["type"] == "risk/var-cvar"));
        seen += tasks.len();
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, 3);
}

#[tokio::test]
async fn tasks_that_have_not_ended_are_listed_until_they_end() {
    let Some(ballast) = InProcess::start(Options::default().without_queue()).await else { return };
    let tenant = ballast.tenant().await;
    let mut waiting = Vec::new();
    for _ in 0..3 {
        waiting.insert(0, tenant.submit(VAR_CVAR, &requests::small_var_cvar()).await);
    }
    let active =
        async |query: &str| tenant.get(&format!("/api/v1/tasks/active{query}")).await.expect(200).json();
    let ids = |page: &Value| {
        let tasks = page["data"].as_array().unwrap().iter();
        tasks.map(|task| task["task_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let first = active("?limit=2").await;
    let second = active(&format!("?limit=2&cursor={}", first["next_cursor"].as_str().unwrap())).await;
    assert_eq!([ids(&first), ids(&second)].concat(), waiting);
    tenant.delete(&format!("/api/v1/tasks/{}", waiting[1])).await.expect(200);
    assert_eq!(ids(&active("").await), [waiting[0].as_str(), waiting[2].as_str()]);
}
