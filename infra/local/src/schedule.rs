//! Calls a function at a fixed rate, as AWS's scheduler does.

use serde_json::{Value, json};
use tokio::time::{Instant, MissedTickBehavior, timeout};
use tokio_util::sync::CancellationToken;
use ulid::Ulid;

use crate::error::BoxError;
use crate::functions::Scheduled;
use crate::services::{ACCOUNT, REGION};
use crate::template::{Function, Schedule};

/// Calls until `end` is cancelled. A call that takes longer than the rate delays the next one.
pub(crate) async fn run(function: Function, schedule: Schedule, handler: Scheduled, end: CancellationToken) {
    let mut ticks = tokio::time::interval_at(Instant::now() + schedule.rate.0, schedule.rate.0);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while end.run_until_cancelled(ticks.tick()).await.is_some() {
        let task = tokio::spawn(handler(event(&schedule)));
        let failure: BoxError = match end.run_until_cancelled(timeout(function.timeout, task)).await {
            None | Some(Ok(Ok(Ok(())))) => continue,
            Some(Ok(Ok(Err(error)))) => error,
            Some(Ok(Err(panic))) => panic.into(),
            Some(Err(elapsed)) => elapsed.into(),
        };
        tracing::warn!(function = function.id, error = %failure, "a scheduled call failed");
    }
}

/// The scheduler's own event, or what the template gives in its place.
fn event(schedule: &Schedule) -> Value {
    if let Some(input) = &schedule.input {
        return serde_json::from_str(input).unwrap_or_else(|_| input.as_str().into());
    }
    json!({
        "version": "0",
        "id": Ulid::generate().to_string(),
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": ACCOUNT,
        "time": jiff::Timestamp::now().round(jiff::Unit::Second).unwrap_or_default().to_string(),
        "region": REGION,
        "resources": [format!("arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/{}", schedule.name)],
        "detail": "{}",
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::functions::Functions;
    use crate::template::Rate;

    fn schedule(input: Option<&str>) -> Schedule {
        let input = input.map(str::to_owned);
        Schedule { name: "EveryMinute".to_owned(), rate: Rate(Duration::from_millis(1)), input }
    }

    #[test]
    fn an_event_is_the_schedulers_or_the_templates() {
        let own = event(&schedule(None));
        assert_eq!((own["source"].as_str(), own["detail"].as_str()), (Some("aws.scheduler"), Some("{}")));
        assert_eq!(event(&schedule(Some(r#"{"sweep": true}"#))), json!({ "sweep": true }));
    }

    #[tokio::test]
    async fn calls_go_on_after_one_that_panics() {
        let function = Function {
            id: "F".to_owned(),
            name: "f".to_owned(),
            timeout: Duration::from_secs(3),
            memory: 128,
            variables: std::collections::BTreeMap::default(),
            routes: Vec::new(),
            queues: Vec::new(),
            schedules: Vec::new(),
        };
        let (seen, mut calls) = tokio::sync::mpsc::unbounded_channel();
        let functions = Functions::new().schedule("F", move |_| {
            seen.send(()).unwrap();
            async { if true { panic!("on purpose") } else { Ok::<_, BoxError>(()) } }
        });
        let handler = Arc::clone(&functions.scheduled["F"]);
        let end = CancellationToken::new();
        let running = tokio::spawn(run(function, schedule(None), handler, end.clone()));
        for _ in 0..3 {
            calls.recv().await.unwrap();
        }
        end.cancel();
        running.await.unwrap();
    }
}
