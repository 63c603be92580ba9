//! Measures the API of a running stack: `local serve`, then this with the stack's URL.

use std::time::{Duration, Instant};

use local::BoxError;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tokio::task::JoinSet;

const CLIENTS: usize = 8;
const READS: usize = 1000;
const TASKS: usize = 100;

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let base = std::env::args().nth(1).unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
    let client = Client::new();
    let mail = format!("{}@example.com", ulid::Ulid::generate());
    let user =
        json!({ "email": mail, "password": "correct horse battery", "name": "A", "tenant_name": "Bench" });
    let entered = data(client.post(format!("{base}/api/v1/auth/register")).json(&user)).await?;
    let token = entered["access_token"].as_str().unwrap_or_default().to_owned();

    let holdings = json!([{ "symbol": "AAPL", "quantity": "1" }, { "symbol": "KO", "quantity": "2" }]);
    let new = json!({ "name": "Bench", "base_currency": "USD", "holdings": holdings });
    let portfolios = format!("{base}/api/v1/portfolios");
    let portfolio = data(client.post(&portfolios).bearer_auth(&token).json(&new)).await?;
    let url = format!("{portfolios}/{}", portfolio["id"].as_str().unwrap_or_default());
    report("GET /portfolios/{id}, 1 client", read(1, &url, &token).await?);
    report("GET /portfolios/{id}, 8 clients", read(CLIENTS, &url, &token).await?);
    report("GET /health, 8 clients", read(CLIENTS, &format!("{base}/health"), &token).await?);
    tasks(&client, &base, &token).await
}

async fn read(clients: usize, url: &str, token: &str) -> Result<Vec<Duration>, BoxError> {
    let mut running = JoinSet::new();
    for _ in 0..clients {
        let (url, token) = (url.to_owned(), token.to_owned());
        running.spawn(async move {
            let client = Client::new();
            let mut times = Vec::new();
            for _ in 0..READS {
                let begin = Instant::now();
                let answer = client.get(&url).bearer_auth(&token).send().await?.error_for_status()?;
                answer.bytes().await?;
                times.push(begin.elapsed());
            }
            Ok::<_, reqwest::Error>(times)
        });
    }
    let mut all = Vec::new();
    while let Some(times) = running.join_next().await {
        all.extend(times??);
    }
    Ok(all)
}

async fn tasks(client: &Client, base: &str, token: &str) -> Result<(), BoxError> {
    let returns = [[0.01, 0.02], [-0.01, 0.005], [0.002, -0.003], [0.004, 0.001]];
    let body = json!({ "portfolio_data": { "weights": [0.5, 0.5], "historical_returns": returns } });
    let (mut submits, mut starts, mut ends, mut walls) = (vec![], vec![], vec![], vec![]);
    for _ in 0..TASKS {
        let begin = Instant::now();
        let submitted =
            data(client.post(format!("{base}/api/v1/tasks/risk/var-cvar")).bearer_auth(token).json(&body))
                .await?;
        submits.push(begin.elapsed());
        let id = submitted["task_id"].as_str().unwrap_or_default();
        let status = client.get(format!("{base}/api/v1/tasks/{id}/status")).header("prefer", "wait=20");
        let ended = data(status.bearer_auth(token)).await?;
        walls.push(begin.elapsed());
        if ended["status"] != "SUCCESS" {
            return Err(format!("{ended}").into());
        }
        let at = |name: &str| -> Result<jiff::Timestamp, BoxError> {
            Ok(ended[name].as_str().unwrap_or_default().parse()?)
        };
        let since = |name: &str| -> Result<Duration, BoxError> {
            Ok(at(name)?.duration_since(at("created_at")?).try_into()?)
        };
        starts.push(since("started_at")?);
        ends.push(since("finished_at")?);
    }
    report("POST var-cvar", submits);
    report("task created to started", starts);
    report("task created to finished", ends);
    report("submit to SUCCESS seen", walls);
    Ok(())
}

async fn data(request: RequestBuilder) -> Result<Value, BoxError> {
    let mut answer: Value = request.send().await?.error_for_status()?.json().await?;
    Ok(answer["data"].take())
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!("{what}: median {:?}, p99 {:?}, max {:?}", at(0.5), at(0.99), at(1.0));
}
