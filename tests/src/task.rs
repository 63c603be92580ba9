use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use crate::Client;

/// Where simulations are submitted.
pub const MONTE_CARLO: &str = "/api/v1/tasks/risk/monte-carlo";
/// Where VaR and CVaR from history are submitted.
pub const VAR_CVAR: &str = "/api/v1/tasks/risk/var-cvar";
/// Where stress tests are submitted.
pub const STRESS_TEST: &str = "/api/v1/tasks/risk/stress-test";
/// Where efficient frontiers are submitted.
pub const EFFICIENT_FRONTIER: &str = "/api/v1/tasks/risk/efficient-frontier";
/// Where optimisations are submitted.
pub const OPTIMIZE: &str = "/api/v1/tasks/portfolio/optimize";
/// Where rebalancing is submitted.
pub const REBALANCE: &str = "/api/v1/tasks/portfolio/rebalance";
/// Where performance analyses are submitted.
pub const PERFORMANCE_ANALYSIS: &str = "/api/v1/tasks/portfolio/performance-analysis";

const PATIENCE: Duration = Duration::from_mins(2);
const PAUSE: Duration = Duration::from_millis(10);

impl Client {
    /// Submits a task; its id.
    pub async fn submit(&self, path: &str, body: &Value) -> String {
        let accepted = self.post(path, body).await.data(202);
        accepted["task_id"].as_str().expect("a task's id").to_owned()
    }

    /// Where the task stands now.
    pub async fn status(&self, task: &str) -> Value {
        self.get(&format!("/api/v1/tasks/{task}/status")).await.data(200)
    }

    /// Where the task stands once it has ended.
    pub async fn ended(&self, task: &str) -> Value {
        let (path, deadline) = (format!("/api/v1/tasks/{task}/status"), Instant::now() + PATIENCE);
        loop {
            let status = self.get(&path).header("prefer", "wait=20").await.data(200);
            if !matches!(status["status"].as_str(), Some("PENDING" | "STARTED")) {
                return status;
            }
            assert!(Instant::now() < deadline, "{status} after {PATIENCE:?}");
        }
    }

    /// The result of a task that succeeds, once it has.
    pub async fn result(&self, task: &str) -> Value {
        serde_json::from_str(&self.result_text(task).await).unwrap()
    }

    /// The same, to the last bit as it was sent.
    pub async fn result_text(&self, task: &str) -> String {
        #[derive(Deserialize)]
        struct Body {
            data: Data,
        }
        #[derive(Deserialize)]
        struct Data {
            result: Box<RawValue>,
        }
        let status = self.ended(task).await;
        assert_eq!(status["status"], "SUCCESS", "{status}");
        let answer = self.get(&format!("/api/v1/tasks/{task}/result")).await.expect(200);
        serde_json::from_str::<Body>(&answer.body).unwrap().data.result.get().to_owned()
    }

    /// Submits a task and waits for its result.
    pub async fn compute(&self, path: &str, body: &Value) -> Value {
        let task = self.submit(path, body).await;
        self.result(&task).await
    }

    /// The ids of all of the tenant's tasks, the newest first.
    pub async fn task_ids(&self) -> Vec<String> {
        let (mut ids, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("/api/v1/tasks?limit=200{cursor}")).await.expect(200).json();
            let tasks = page["data"].as_array().unwrap();
            ids.extend(tasks.iter().map(|task| task["task_id"].as_str().unwrap().to_owned()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return ids,
            }
        }
    }
}

/// Asks again and again until there is an answer.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "{what}: not within {PATIENCE:?}");
        tokio::time::sleep(PAUSE).await;
    }
}
