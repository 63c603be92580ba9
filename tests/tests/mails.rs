//! Mails that nobody takes.

use std::time::Duration;

use e2e::{InProcess, Options, Queue, eventually, registration};
use jiff::SignedDuration;
use local::delivery::DeliveryOptions;

#[tokio::test]
async fn a_refused_mail_is_tried_five_times_and_raises_one_alarm() {
    // Messages that failed come back at once.
    let hasty = DeliveryOptions { redelivery: Some(Duration::from_millis(5)), ..DeliveryOptions::default() };
    let Some(ballast) = InProcess::start(Options::default().delivery(hasty)).await else { return };
    let registration = registration("nobody@refused.invalid");
    let tokens = ballast.visitor().post("/api/v1/auth/register", &registration).await.data(201);
    let tenant = tokens["tenant"]["id"].as_str().unwrap();
    let dead = || async { (ballast.waiting(Queue::DEAD_MAILS).await == 1).then_some(()) };
    eventually("a dead letter", dead).await;
    let mails = ballast.items(tenant, "MAIL").await;
    assert_eq!(mails[0]["data"].as_m().unwrap()["refusals"].as_n().unwrap(), "5");
    // It lies there, and nobody takes it up again.
    for minutes in [2, 61, 600] {
        ballast.maintain_after(SignedDuration::from_mins(minutes)).await;
    }
    ballast.drained(Queue::MAILS).await;
    assert_eq!(ballast.waiting(Queue::DEAD_MAILS).await, 1);
}
