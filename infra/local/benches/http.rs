//! What a client waits for on the one-machine stack: percentiles, as averages hide what people feel.
//!
//! `cargo bench -p local --bench http` (in `make bench`).

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark")]

use std::time::{Duration, Instant};

use local::{Stack, StackOptions, ballast};
use reqwest::Client;
use serde_json::{Value, json};

const CLIENTS: usize = 8;
const REQUESTS: usize = 2_000;
const TASKS: usize = 200;
const LOGINS: usize = 50;

const EMAIL: &str = "bench@example.com";
const PASSWORD: &str = "correct horse battery";

#[tokio::main]
async fn main() {
    let build = async |environment: &local::Environment| {
        // One client asks as often as it can, which is what limits are there to stop.
        let limits =
            ["user.read", "tenant.read", "user.compute", "tenant.compute", "address.login", "tenant.login"];
        let limits = limits.map(|limit| format!("{limit}=10000000/1")).join(" ");
        let overrides = ballast::Overrides::from([("RATE_LIMITS".to_owned(), limits)]);
        ballast::functions(environment, &overrides, &platform::Clock::system()).await
    };
    let stack = Stack::start(StackOptions::default(), build).await.unwrap();
    let session = Session::register(stack.base_url()).await;
    session.logins().await;
    session.overhead().await;
    session.reads().await;
    session.tasks().await;
    println!("resident memory: {} MB", resident_megabytes());
    stack.shutdown().await;
}

#[derive(Clone)]
struct Session {
    client: Client,
    base: String,
    token: String,
}

impl Session {
    async fn register(base: &str) -> Self {
        let body = json!({"email": EMAIL, "password": PASSWORD, "name": "Bench", "tenant_name": "Bench"});
        let client = Client::new();
        let answer = client.post(format!("{base}/api/v1/auth/register")).json(&body).send().await.unwrap();
        answer.error_for_status().unwrap();
        let login = json!({"email": EMAIL, "password": PASSWORD});
        let answer = client.post(format!("{base}/api/v1/auth/login")).json(&login).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        let token = answer["data"]["access_token"].as_str().unwrap().to_owned();
        Self { client, base: base.to_owned(), token }
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let request = self.client.post(format!("{}{path}", self.base)).bearer_auth(&self.token).json(body);
        request.send().await.unwrap().error_for_status().unwrap().json().await.unwrap()
    }

    async fn get(&self, path: &str) -> Value {
        let request = self.client.get(format!("{}{path}", self.base)).bearer_auth(&self.token);
        request
            .header("prefer", "wait=20")
            .send()
            .await
            .unwrap()
            .error_for_status()
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    /// The password's hash, and all that a login writes.
    async fn logins(&self) {
        let login = json!({"email": EMAIL, "password": PASSWORD});
        let mut times = Vec::new();
        for _ in 0..LOGINS {
            let start = Instant::now();
            self.post("/api/v1/auth/login", &login).await;
            times.push(start.elapsed());
        }
        report("POST /auth/login, 1 client", times);
    }

    /// What authentication, its reads and the limits add: `/auth/me` tells what they have read, and a stranger's `/health` has
    /// none of them.
    async fn overhead(&self) {
        let stranger = self.client.get(format!("{}/health", self.base));
        let known = self.client.get(format!("{}/api/v1/auth/me", self.base)).bearer_auth(&self.token);
        for (what, request) in [("GET /health", stranger), ("GET /auth/me", known)] {
            let mut times = Vec::new();
            for _ in 0..REQUESTS {
                let start = Instant::now();
                let answer = request.try_clone().unwrap().send().await.unwrap().error_for_status().unwrap();
                answer.bytes().await.unwrap();
                times.push(start.elapsed());
            }
            report(&format!("{what}, 1 client"), times);
        }
    }

    /// `GET /portfolios/{id}` by several clients at once.
    async fn reads(&self) {
        let portfolio = json!({"name": "Bench", "base_currency": "USD",
                               "holdings": [{"symbol": "AAPL", "weight": "0.6"}, {"symbol": "KO", "weight": "0.4"}]});
        let id = self.post("/api/v1/portfolios", &portfolio).await["data"]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/portfolios/{id}");
        let clients = (0..CLIENTS).map(|_| {
            let (session, path) = (self.clone(), path.clone());
            tokio::spawn(async move {
                let mut times = Vec::new();
                for _ in 0..REQUESTS / CLIENTS {
                    let start = Instant::now();
                    session.get(&path).await;
                    times.push(start.elapsed());
                }
                times
            })
        });
        let mut times = Vec::new();
        for client in clients.collect::<Vec<_>>() {
            times.extend(client.await.unwrap());
        }
        report("GET /portfolios/{id}, 8 clients", times);
    }

    /// A task that computes next to nothing, from its submission to its end: what the way through the queue adds.
    async fn tasks(&self) {
        let body =
            json!({"portfolio_data": {"weights": [1.0], "historical_returns": [[0.01], [-0.01], [0.02]]}});
        let mut times = Vec::new();
        for _ in 0..TASKS {
            let start = Instant::now();
            let submitted = self.post("/api/v1/tasks/risk/var-cvar", &body).await;
            let id = submitted["data"]["task_id"].as_str().unwrap().to_owned();
            let status = self.get(&format!("/api/v1/tasks/{id}/status")).await;
            assert_eq!(status["data"]["status"], "SUCCESS");
            times.push(start.elapsed());
        }
        report("a task through the queue", times);
    }
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!(
        "{what}: median {:.3} ms, p99 {:.3} ms, longest {:.3} ms, {} requests",
        at(0.5),
        at(0.99),
        at(1.0),
        times.len()
    );
}

fn resident_megabytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").trim().parse::<usize>().unwrap_or(0) / 1024
}
