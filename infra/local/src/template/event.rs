use std::time::Duration;

use super::{TemplateError, schema};

/// A route of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The method, in upper case.
    pub method: String,
    /// The path, with `{name}` for a segment that varies.
    pub path: String,
}

/// A queue that feeds a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueSource {
    /// The queue's ARN.
    pub queue: String,
    /// How many messages a call gets at most.
    pub batch_size: u32,
    /// How many calls run at once at most.
    pub concurrency: Option<u32>,
    /// Whether the function names the messages that failed.
    pub partial: bool,
}

/// A schedule that calls a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The name of the event.
    pub name: String,
    /// How often.
    pub rate: Rate,
    /// What the function is called with in place of the scheduler's own event.
    pub input: Option<String>,
}

/// `rate(5 minutes)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate(pub Duration);

impl Rate {
    pub(super) fn parse(expression: &str) -> Option<Self> {
        let inner = expression.strip_prefix("rate(")?.strip_suffix(')')?;
        let (count, unit) = inner.split_once(' ')?;
        let seconds = match unit {
            "minute" | "minutes" => 60,
            "hour" | "hours" => 3_600,
            "day" | "days" => 86_400,
            _ => return None,
        };
        let count: u64 = count.parse().ok().filter(|count| *count > 0)?;
        Some(Self(Duration::from_secs(count.checked_mul(seconds)?)))
    }
}

/// An event of a function.
pub(super) enum Event {
    Route(Route),
    Queue(QueueSource),
    Schedule(Schedule),
}

impl Event {
    pub(super) fn read(function: &str, name: String, event: schema::Event) -> Result<Self, TemplateError> {
        let at = format!("{function}.Events.{name}");
        let shape = |error: serde_json::Error| TemplateError::shape(&at, error);
        match event.r#type.as_str() {
            "Api" => {
                let api: schema::Api = serde_json::from_value(event.properties).map_err(shape)?;
                Ok(Self::Route(Route { method: api.method.to_uppercase(), path: api.path }))
            }
            "SQS" => {
                let sqs: schema::Sqs = serde_json::from_value(event.properties).map_err(shape)?;
                Ok(Self::Queue(QueueSource {
                    queue: sqs.queue,
                    batch_size: sqs.batch_size.map_or(Ok(10), |size| size.get(&at))?,
                    concurrency: sqs
                        .scaling_config
                        .map(|scaling| scaling.maximum_concurrency.get(&at))
                        .transpose()?,
                    partial: sqs.function_response_types.iter().any(|kind| kind == "ReportBatchItemFailures"),
                }))
            }
            "Schedule" | "ScheduleV2" => {
                let schedule: schema::Scheduled = serde_json::from_value(event.properties).map_err(shape)?;
                let rate = Rate::parse(&schedule.schedule_expression).ok_or_else(|| {
                    TemplateError::shape(&at, format!("{} is not a rate", schedule.schedule_expression))
                })?;
                Ok(Self::Schedule(Schedule { name, rate, input: schedule.input }))
            }
            other => Err(TemplateError::shape(at, format!("events of type {other} are not known here"))),
        }
    }
}
