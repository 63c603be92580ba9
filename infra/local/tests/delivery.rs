//! The delivery rules: what a worker sees of its queue.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::fixtures::{COMPUTE, MAINTENANCE, idle, start};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use aws_sdk_sqs::types::{QueueAttributeName, SendMessageBatchRequestEntry};
use local::delivery::{DeliveryOptions, Faults};
use local::{BoxError, Stack};
use tokio::sync::Barrier;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

const RISK: &str = "ballast-RiskCalculationsQueue";
const DEAD: &str = "ballast-risk-dead";

fn url(stack: &Stack, name: &str) -> String {
    let queues = &stack.environment().template.queues;
    queues.iter().find(|queue| queue.name == name).unwrap().url.clone()
}

async fn send(stack: &Stack, body: &str) {
    let client = stack.endpoints().sqs_client();
    let message = client.send_message().queue_url(url(stack, RISK)).message_body(body);
    message.message_group_id("tenant-1").send().await.unwrap();
}

async fn send_batch(stack: &Stack, queue: &str, bodies: &[String]) {
    let client = stack.endpoints().sqs_client();
    for chunk in bodies.chunks(10) {
        let entry = |(index, body): (usize, &String)| {
            SendMessageBatchRequestEntry::builder().id(index.to_string()).message_body(body).build().unwrap()
        };
        let entries = chunk.iter().enumerate().map(entry).collect();
        client
            .send_message_batch()
            .queue_url(url(stack, queue))
            .set_entries(Some(entries))
            .send()
            .await
            .unwrap();
    }
}

/// Waits until so many of the function's messages were worked off.
async fn worked_off(stack: &Stack, function: &str, count: u64) {
    let all = async {
        while stack.deliveries(function).deleted < count {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), all).await.expect("all messages worked off");
    assert_eq!(stack.deliveries(function).deleted, count);
}

/// Waits until the queue has neither waiting nor hidden messages.
async fn drained(stack: &Stack, queue: &str) {
    let client = stack.endpoints().sqs_client();
    let counts = [
        QueueAttributeName::ApproximateNumberOfMessages,
        QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
    ];
    loop {
        let attributes = client.get_queue_attributes().queue_url(url(stack, queue));
        let attributes = attributes.set_attribute_names(Some(counts.to_vec())).send().await.unwrap();
        if attributes.attributes().unwrap().values().all(|count| count == "0") {
            return;
        }
        tokio::task::yield_now().await;
    }
}

fn recorder() -> (UnboundedSender<SqsEvent>, UnboundedReceiver<SqsEvent>) {
    unbounded_channel()
}

async fn next(events: &mut UnboundedReceiver<SqsEvent>) -> SqsEvent {
    tokio::time::timeout(Duration::from_secs(20), events.recv()).await.expect("a delivery").unwrap()
}

fn body(event: &SqsEvent) -> &str {
    event.records[0].body.as_deref().unwrap()
}

#[tokio::test]
async fn a_message_arrives_once_as_lambda_gives_it() {
    let (seen, mut events) = recorder();
    let functions = idle().queue(COMPUTE, move |event| {
        seen.send(event).unwrap();
        async { Ok::<_, BoxError>(SqsBatchResponse::default()) }
    });
    let stack = start(functions, DeliveryOptions::default()).await;
    send(&stack, "hello").await;
    let event = next(&mut events).await;
    let [record] = event.records.as_slice() else { panic!("one record") };
    assert_eq!(record.body.as_deref(), Some("hello"));
    assert_eq!(record.event_source.as_deref(), Some("aws:sqs"));
    assert_eq!(
        record.event_source_arn.as_deref(),
        Some("arn:aws:sqs:us-east-1:000000000000:ballast-RiskCalculationsQueue")
    );
    assert_eq!(record.aws_region.as_deref(), Some("us-east-1"));
    assert!(record.message_id.is_some() && record.receipt_handle.is_some() && record.md5_of_body.is_some());
    assert_eq!(record.attributes["ApproximateReceiveCount"], "1");
    assert_eq!(record.attributes["MessageGroupId"], "tenant-1");
    assert!(record.attributes.contains_key("SentTimestamp"));
    assert!(record.attributes.contains_key("ApproximateFirstReceiveTimestamp"));
    assert!(record.attributes.contains_key("SenderId"));
    worked_off(&stack, COMPUTE, 1).await;
    drained(&stack, RISK).await;
    stack.shutdown().await;
    assert!(events.recv().await.is_none(), "delivered once");
}

#[tokio::test]
async fn an_error_a_panic_and_a_named_failure_bring_a_message_back() {
    let (seen, mut events) = recorder();
    let functions = idle().queue(COMPUTE, move |event: SqsEvent| {
        seen.send(event.clone()).unwrap();
        async move {
            let record = &event.records[0];
            let mut response = SqsBatchResponse::default();
            match (record.attributes["ApproximateReceiveCount"].as_str(), record.body.as_deref()) {
                ("1", Some("error")) => return Err(BoxError::from("an error")),
                ("1", Some("panic")) => panic!("a panic"),
                ("1", Some("named")) => response.add_failure(record.message_id.clone().unwrap()),
                ("1", Some("empty")) => response.add_failure(""),
                ("1", Some("foreign")) => response.add_failure("nobody"),
                _ => {}
            }
            Ok(response)
        }
    });
    let stack = start(functions, DeliveryOptions::default()).await;
    let mut counts = BTreeMap::new();
    for kind in ["error", "panic", "named", "empty", "foreign", "fine"] {
        send(&stack, kind).await;
    }
    for _ in 0..11 {
        let event = next(&mut events).await;
        *counts.entry(body(&event).to_owned()).or_insert(0) += 1;
    }
    drained(&stack, RISK).await;
    let twice = ["empty", "error", "foreign", "named", "panic"].map(|kind| (kind.to_owned(), 2));
    let expected: BTreeMap<_, _> = twice.into_iter().chain([("fine".to_owned(), 1)]).collect();
    assert_eq!(counts, expected);
    assert_eq!(stack.deliveries(COMPUTE).failed, 2);
}

#[tokio::test]
async fn only_the_named_messages_of_a_batch_come_back() {
    let (seen, mut events) = recorder();
    let functions = idle().queue(MAINTENANCE, move |event: SqsEvent| {
        seen.send(event.clone()).unwrap();
        async move {
            let mut response = SqsBatchResponse::default();
            for record in event.records {
                let first = record.attributes["ApproximateReceiveCount"] == "1";
                if first && record.body.as_deref() == Some("bad") {
                    response.add_failure(record.message_id.unwrap());
                }
            }
            Ok::<_, BoxError>(response)
        }
    });
    let stack = start(functions, DeliveryOptions::default()).await;
    send_batch(&stack, DEAD, &["good", "bad", "good"].map(str::to_owned)).await;
    let mut seen = HashMap::new();
    while seen.get("bad") != Some(&2) {
        for record in next(&mut events).await.records {
            *seen.entry(record.body.unwrap()).or_insert(0) += 1;
        }
    }
    worked_off(&stack, MAINTENANCE, 3).await;
    drained(&stack, DEAD).await;
    assert_eq!(seen["good"], 2);
}

#[tokio::test]
async fn a_poisoned_message_reaches_the_consumer_of_dead_letters() {
    let (seen, mut letters) = recorder();
    let functions = idle()
        .queue(COMPUTE, |_| async { Err::<SqsBatchResponse, _>(BoxError::from("poison")) })
        .queue(MAINTENANCE, move |event| {
            seen.send(event).unwrap();
            async { Ok::<_, BoxError>(SqsBatchResponse::default()) }
        });
    let stack = start(functions, DeliveryOptions::default()).await;
    send(&stack, "poison").await;
    let letter = next(&mut letters).await;
    assert_eq!(body(&letter), "poison");
    let attributes = &letter.records[0].attributes;
    assert_eq!(
        attributes["DeadLetterQueueSourceArn"],
        "arn:aws:sqs:us-east-1:000000000000:ballast-RiskCalculationsQueue"
    );
    assert_eq!(attributes["MessageGroupId"], "tenant-1");
    assert_eq!(stack.deliveries(COMPUTE).failed, 3, "maxReceiveCount");
    drained(&stack, RISK).await;
}

#[tokio::test]
async fn as_many_calls_run_at_once_as_allowed_and_no_more() {
    let running = Arc::new(AtomicUsize::new(0));
    // Nobody passes it alone: without three calls at once the test hangs.
    let together = Arc::new(Barrier::new(3));
    let functions = idle().queue(COMPUTE, move |_| {
        let (running, together) = (Arc::clone(&running), Arc::clone(&together));
        async move {
            let others = running.fetch_add(1, Ordering::SeqCst);
            together.wait().await;
            running.fetch_sub(1, Ordering::SeqCst);
            if others < 3 { Ok(SqsBatchResponse::default()) } else { Err(BoxError::from("too many at once")) }
        }
    });
    let stack =
        start(functions, DeliveryOptions { concurrency: Some(3), ..DeliveryOptions::default() }).await;
    send_batch(&stack, RISK, &(0..39).map(|index| index.to_string()).collect::<Vec<_>>()).await;
    worked_off(&stack, COMPUTE, 39).await;
    assert_eq!(stack.deliveries(COMPUTE).failed, 0);
}

#[tokio::test]
async fn with_all_faults_every_message_is_worked_off_and_seen_twice() {
    let (seen, mut events) = recorder();
    let functions = idle().queue(COMPUTE, move |event: SqsEvent| {
        let seen = seen.clone();
        async move {
            for _ in 0..8 {
                tokio::task::yield_now().await;
            }
            seen.send(event).unwrap();
            tokio::task::yield_now().await;
            Ok::<_, BoxError>(SqsBatchResponse::default())
        }
    });
    let delivery = DeliveryOptions { faults: Some(Faults::all(7)), ..DeliveryOptions::default() };
    let stack = start(functions, delivery).await;
    send_batch(&stack, RISK, &(0..100).map(|index| format!("{index:03}")).collect::<Vec<_>>()).await;
    worked_off(&stack, COMPUTE, 100).await;
    drained(&stack, RISK).await;
    let counts = stack.deliveries(COMPUTE);
    assert!(counts.copies >= 100 && counts.killed > 10, "{counts:?}");
    stack.shutdown().await;
    let mut order = Vec::new();
    while let Some(event) = events.recv().await {
        order.push(body(&event).to_owned());
    }
    let mut distinct = order.clone();
    distinct.sort();
    assert_ne!(order, distinct, "random order");
    distinct.dedup();
    assert_eq!(distinct.len(), 100);
}

#[tokio::test]
async fn a_worker_that_hangs_is_ended_by_its_timeout() {
    let (seen, mut events) = recorder();
    let functions = idle().queue(MAINTENANCE, move |event: SqsEvent| {
        let seen = seen.clone();
        async move {
            let first = event.records[0].attributes["ApproximateReceiveCount"] == "1";
            seen.send(event).unwrap();
            if first {
                std::future::pending::<()>().await;
            }
            Ok::<_, BoxError>(SqsBatchResponse::default())
        }
    });
    let template = include_str!("fixtures/template.yaml").replace("Timeout: 15", "Timeout: 1");
    let options = local::StackOptions {
        template: Box::leak(template.into_boxed_str()),
        delivery: DeliveryOptions { redelivery: Some(Duration::ZERO), ..DeliveryOptions::default() },
        ..local::StackOptions::default()
    };
    let stack = Stack::start(options, async |_| Ok::<_, BoxError>(functions)).await.unwrap();
    send_batch(&stack, DEAD, &["slow".to_owned()]).await;
    assert_eq!(next(&mut events).await.records[0].attributes["ApproximateReceiveCount"], "1");
    assert_eq!(next(&mut events).await.records[0].attributes["ApproximateReceiveCount"], "2");
    worked_off(&stack, MAINTENANCE, 1).await;
    assert_eq!(stack.deliveries(MAINTENANCE).failed, 1);
}
