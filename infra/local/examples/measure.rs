//! Measures the stack by itself: its start, its memory, and a message's way to its worker.

use std::time::{Duration, Instant};

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use local::{BoxError, Functions, Stack, StackOptions};
use tokio::sync::mpsc::unbounded_channel;

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let begin = Instant::now();
    let (seen, mut events) = unbounded_channel();
    let functions = Functions::new()
        .http(
            "PortfoliosFunction",
            axum::Router::new().route("/api/v1/portfolios", axum::routing::get(|| async { "x" })),
        )
        .queue("ComputeRiskFunction", move |event: SqsEvent| {
            let _ = seen.send((Instant::now(), event));
            async { Ok::<_, BoxError>(SqsBatchResponse::default()) }
        })
        .queue("MaintenanceFunction", |_| async { Ok::<_, BoxError>(SqsBatchResponse::default()) })
        .schedule("MaintenanceFunction", |_| async { Ok::<_, BoxError>(()) });
    let template = include_str!("../tests/fixtures/template.yaml");
    let stack = Stack::start(StackOptions { template, ..StackOptions::default() }, async |_| {
        Ok::<_, BoxError>(functions)
    })
    .await?;
    println!("up in {:?}", begin.elapsed());
    let status = std::fs::read_to_string("/proc/self/status")?;
    println!(
        "{}",
        status
            .lines()
            .filter(|line| line.starts_with("VmRSS") || line.starts_with("Threads"))
            .collect::<String>()
    );

    let queue = stack.environment().template.queues[1].url.clone();
    let client = stack.endpoints().sqs_client();
    let mut ways = Vec::new();
    let mut sends = Vec::new();
    for _ in 0..500 {
        let sent = Instant::now();
        client.send_message().queue_url(&queue).message_body("{}").message_group_id("t").send().await?;
        sends.push(sent.elapsed());
        let (arrived, _) = events.recv().await.ok_or("no event")?;
        ways.push(arrived.duration_since(sent));
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    report("send", sends);
    report("send to worker", ways);
    let begin = Instant::now();
    for _ in 0..50 {
        let entries = (0..10)
            .map(|index| {
                aws_sdk_sqs::types::SendMessageBatchRequestEntry::builder()
                    .id(index.to_string())
                    .message_body("{}")
                    .build()
            })
            .collect::<Result<Vec<_>, _>>()?;
        client.send_message_batch().queue_url(&queue).set_entries(Some(entries)).send().await?;
    }
    for _ in 0..500 {
        events.recv().await;
    }
    println!("500 messages in batches: {:?}", begin.elapsed());

    let table = stack.endpoints().dynamodb_client();
    let (mut puts, mut gets) = (Vec::new(), Vec::new());
    for index in 0..500 {
        let key = aws_sdk_dynamodb::types::AttributeValue::S(index.to_string());
        let begin = Instant::now();
        table.put_item().table_name("transient").item("pk", key.clone()).send().await?;
        puts.push(begin.elapsed());
        let begin = Instant::now();
        table.get_item().table_name("transient").key("pk", key).send().await?;
        gets.push(begin.elapsed());
    }
    report("put item", puts);
    report("get item", gets);
    let status = std::fs::read_to_string("/proc/self/status")?;
    println!(
        "{}",
        status
            .lines()
            .filter(|line| line.starts_with("VmRSS") || line.starts_with("Threads"))
            .collect::<String>()
    );
    let begin = Instant::now();
    stack.shutdown().await;
    println!("down in {:?}", begin.elapsed());
    Ok(())
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: f64| times[(times.len() as f64 * share) as usize];
    println!("{what}: median {:?}, p99 {:?}, max {:?}", at(0.5), at(0.99), times[times.len() - 1]);
}
